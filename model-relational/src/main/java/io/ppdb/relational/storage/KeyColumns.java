package io.ppdb.relational.storage;

import io.ppdb.kv.codec.KeyInterval;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyType;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.kv.codec.SortOrder;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;

/** Values of columns as elements of keys, and back. */
public final class KeyColumns {
  private KeyColumns() {}

  /** The order of a key column: NULLs last ascending, first descending, as SQL has it. */
  static SortOrder order(boolean descending) {
    return descending ? SortOrder.DESCENDING : SortOrder.ASCENDING;
  }

  /** Adds the value at {@code position}, or NULL. */
  static void add(KeyWriter writer, Vector vector, int position) {
    if (vector.isNull(position)) {
      writer.addNull();
      return;
    }
    switch (vector.type().kind()) {
      case BOOLEAN -> writer.addBoolean(((BooleanVector) vector).get(position));
      case SMALLINT, INTEGER -> writer.addLong(((IntVector) vector).get(position));
      case BIGINT -> writer.addLong(((LongVector) vector).get(position));
      case DECIMAL -> addDecimal(writer, (DecimalVector) vector, position);
      case REAL -> writer.addFloat((float) ((DoubleVector) vector).get(position));
      case DOUBLE -> writer.addDouble(((DoubleVector) vector).get(position));
      case VARCHAR -> {
        BytesVector text = (BytesVector) vector;
        writer.addUtf8(text.arena(), text.starts()[position], text.lengths()[position]);
      }
      case BYTEA -> {
        BytesVector bytes = (BytesVector) vector;
        writer.addBytes(bytes.arena(), bytes.starts()[position], bytes.lengths()[position]);
      }
      case DATE -> writer.addDate(((IntVector) vector).get(position));
      case TIME -> writer.addTime(((LongVector) vector).get(position));
      case TIMESTAMP -> writer.addTimestamp(((LongVector) vector).get(position));
      case TIMESTAMPTZ -> writer.addTimestampTz(((LongVector) vector).get(position));
      case INTERVAL -> {
        IntervalVector interval = (IntervalVector) vector;
        writer.addInterval(
            interval.months()[position], interval.days()[position], interval.micros()[position]);
      }
      case UUID -> writer.addUuid((UUID) required(vector.getObject(position)));
      case JSON, ARRAY -> { // in samples only: their bytes do not tell which values are equal
        BytesVector encoded = (BytesVector) vector;
        writer.addBytes(encoded.arena(), encoded.starts()[position], encoded.lengths()[position]);
      }
    }
  }

  private static Object required(@org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      throw new IllegalStateException("a value that is not NULL has no object");
    }
    return value;
  }

  private static void addDecimal(KeyWriter writer, DecimalVector vector, int position) {
    if (vector.isCompact()) {
      writer.addDecimal(vector.unscaled()[position], vector.scale());
    } else {
      writer.addDecimal(vector.get(position));
    }
  }

  /** Adds a value of the class that {@link Values} names for {@code type}. */
  static void addObject(KeyWriter writer, ColumnType type, Object value) {
    switch (type.kind()) {
      case BOOLEAN -> writer.addBoolean((Boolean) value);
      case SMALLINT, INTEGER, BIGINT -> writer.addLong(((Number) value).longValue());
      case DECIMAL -> writer.addDecimal((BigDecimal) value);
      case REAL -> writer.addFloat((Float) value);
      case DOUBLE -> writer.addDouble((Double) value);
      case VARCHAR -> writer.addString((String) value);
      case BYTEA -> writer.addBytes((byte[]) value);
      case DATE -> writer.addDate(Math.toIntExact(((LocalDate) value).toEpochDay()));
      case TIME -> writer.addTime(((LocalTime) value).toNanoOfDay() / 1000);
      case TIMESTAMP -> writer.addTimestamp(Values.toMicros((LocalDateTime) value));
      case TIMESTAMPTZ ->
          writer.addTimestampTz(Values.toMicros(((OffsetDateTime) value).toInstant()));
      case INTERVAL -> {
        Interval interval = (Interval) value;
        writer.addInterval(interval.months(), interval.days(), interval.micros());
      }
      case UUID -> writer.addUuid((UUID) value);
      case JSON, ARRAY -> {
        BytesVector encoded = new BytesVector(type, 1);
        encoded.setObject(0, value);
        writer.addBytes(encoded.get(0));
      }
    }
  }

  /** Reads the next element of a key, of the type of {@code vector}, into {@code position}. */
  public static void read(KeyReader reader, Vector vector, int position) {
    if (reader.peekType() == KeyType.NULL) {
      reader.readNull();
      vector.setNull(position);
      return;
    }
    switch (vector.type().kind()) {
      case BOOLEAN -> ((BooleanVector) vector).set(position, reader.readBoolean());
      case SMALLINT, INTEGER -> ((IntVector) vector).set(position, (int) reader.readLong());
      case BIGINT -> ((LongVector) vector).set(position, reader.readLong());
      case DECIMAL -> {
        BigDecimal value = reader.readDecimal();
        ColumnType type = vector.type();
        ((DecimalVector) vector)
            .set(position, type.isUnconstrainedNumeric() ? value : value.setScale(type.scale()));
      }
      case REAL -> ((DoubleVector) vector).set(position, reader.readFloat());
      case DOUBLE -> ((DoubleVector) vector).set(position, reader.readDouble());
      case VARCHAR -> {
        BytesVector text = (BytesVector) vector;
        int start = text.reserve(reader.remaining());
        text.commit(position, start, reader.readUtf8(text.arena(), start));
      }
      case BYTEA -> ((BytesVector) vector).set(position, reader.readBytes());
      case DATE -> ((IntVector) vector).set(position, reader.readDate());
      case TIME -> ((LongVector) vector).set(position, reader.readTime());
      case TIMESTAMP -> ((LongVector) vector).set(position, reader.readTimestamp());
      case TIMESTAMPTZ -> ((LongVector) vector).set(position, reader.readTimestampTz());
      case INTERVAL -> {
        KeyInterval interval = reader.readInterval();
        ((IntervalVector) vector)
            .set(position, interval.months(), interval.days(), interval.micros());
      }
      case UUID -> ((BytesVector) vector).set(position, Values.toBytes(reader.readUuid()));
      case JSON, ARRAY -> ((BytesVector) vector).set(position, reader.readBytes());
    }
  }
}
