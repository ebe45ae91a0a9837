package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.ppdb.relational.expr.TextFormat;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Values as DataRow has them: 4 bytes of length (-1 for NULL) and the text, or PostgreSQL's binary
 * form, of which the numbers are big-endian.
 */
final class ValueWriter {
  /**
   * Days and microseconds from 1970, from which PPDB counts, to 2000, from which PostgreSQL does.
   */
  static final int EPOCH_DAYS = 10_957;

  static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

  private static final int NULL_LENGTH = -1;
  private static final int JSONB_VERSION = 1;

  private ValueWriter() {}

  static void write(ByteBuf out, Vector vector, int position, boolean binary, ZoneId zone) {
    if (vector.isNull(position)) {
      out.writeInt(NULL_LENGTH);
      return;
    }
    int start = out.writerIndex();
    out.writeInt(0);
    if (binary) {
      writeBinary(out, vector, position);
    } else {
      writeText(out, vector, position, zone);
    }
    out.setInt(start, out.writerIndex() - start - 4);
  }

  private static void writeText(ByteBuf out, Vector vector, int position, ZoneId zone) {
    switch (vector.type().kind()) {
      case BOOLEAN -> out.writeByte(((BooleanVector) vector).get(position) ? 't' : 'f');
      case SMALLINT, INTEGER -> Digits.write(out, ((IntVector) vector).get(position));
      case BIGINT -> Digits.write(out, ((LongVector) vector).get(position));
      case VARCHAR, JSON -> writeBytes(out, (BytesVector) vector, position);
      default -> ByteBufUtil.writeUtf8(out, TextFormat.format(vector, position, zone));
    }
  }

  private static void writeBinary(ByteBuf out, Vector vector, int position) {
    switch (vector.type().kind()) {
      case BOOLEAN -> out.writeByte(((BooleanVector) vector).get(position) ? 1 : 0);
      case SMALLINT -> out.writeShort(((IntVector) vector).get(position));
      case INTEGER -> out.writeInt(((IntVector) vector).get(position));
      case BIGINT -> out.writeLong(((LongVector) vector).get(position));
      case DECIMAL -> NumericCodec.write(out, ((DecimalVector) vector).get(position));
      case REAL -> out.writeFloat((float) ((DoubleVector) vector).get(position));
      case DOUBLE -> out.writeDouble(((DoubleVector) vector).get(position));
      case VARCHAR, BYTEA, UUID -> writeBytes(out, (BytesVector) vector, position);
      case JSON -> {
        out.writeByte(JSONB_VERSION);
        writeBytes(out, (BytesVector) vector, position);
      }
      case DATE -> out.writeInt(((IntVector) vector).get(position) - EPOCH_DAYS);
      case TIME -> out.writeLong(((LongVector) vector).get(position));
      case TIMESTAMP, TIMESTAMPTZ ->
          out.writeLong(((LongVector) vector).get(position) - EPOCH_MICROS);
      case INTERVAL -> {
        IntervalVector intervals = (IntervalVector) vector;
        out.writeLong(intervals.micros()[position]);
        out.writeInt(intervals.days()[position]);
        out.writeInt(intervals.months()[position]);
      }
      case ARRAY -> writeArray(out, (BytesVector) vector, position);
    }
  }

  private static void writeBytes(ByteBuf out, BytesVector vector, int position) {
    int length = vector.lengths()[position];
    if (vector.type().kind() == TypeKind.UUID) {
      length = 16;
    }
    out.writeBytes(vector.arena(), vector.starts()[position], length);
  }

  /** Dimensions, whether there are NULLs, type; length and lower bound; the elements. */
  private static void writeArray(ByteBuf out, BytesVector arrays, int position) {
    ColumnType element = arrays.type().elementType();
    int count = ArrayCodec.count(arrays, position);
    Vector elements = ArrayCodec.elements(arrays, position);
    out.writeInt(count == 0 ? 0 : 1);
    out.writeInt(elements.hasNulls() ? 1 : 0);
    out.writeInt(PostgresTypes.of(element).oid());
    if (count > 0) {
      out.writeInt(count);
      out.writeInt(1);
    }
    for (int i = 0; i < count; i++) {
      write(out, elements, i, true, ZoneOffset.UTC);
    }
  }
}
