package io.ppdb.server.postgres;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.PostgresTypes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of parameters as Bind has them, as the objects that the engine takes. */
final class ParameterReader {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private ParameterReader() {}

  /** A value that came as text, in UTF-8. */
  static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolException("22021", "invalid byte sequence for encoding \"UTF8\"");
    }
  }

  /** A value that came in binary form. */
  static Object binary(byte[] bytes, ColumnType type) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return switch (type.kind()) {
      case BOOLEAN -> require(in, 1, type).get() != 0;
      case SMALLINT -> (int) require(in, 2, type).getShort();
      case INTEGER -> require(in, 4, type).getInt();
      case BIGINT -> require(in, 8, type).getLong();
      case DECIMAL -> NumericCodec.read(bytes);
      case REAL -> require(in, 4, type).getFloat();
      case DOUBLE -> require(in, 8, type).getDouble();
      case VARCHAR -> text(bytes);
      case BYTEA -> bytes;
      case DATE ->
          LocalDate.ofEpochDay((long) require(in, 4, type).getInt() + ValueWriter.EPOCH_DAYS);
      case TIME -> time(require(in, 8, type).getLong());
      case TIMESTAMP -> timestamp(require(in, 8, type).getLong());
      case TIMESTAMPTZ -> timestamp(require(in, 8, type).getLong()).atOffset(ZoneOffset.UTC);
      case INTERVAL -> {
        require(in, 16, type);
        long micros = in.getLong();
        int days = in.getInt();
        yield new Interval(in.getInt(), days, micros);
      }
      case UUID -> {
        require(in, 16, type);
        yield new UUID(in.getLong(), in.getLong());
      }
      case JSON -> {
        if (bytes.length == 0 || bytes[0] != 1) {
          throw invalid("a jsonb of version 1");
        }
        yield text(Arrays.copyOfRange(bytes, 1, bytes.length));
      }
      case ARRAY -> array(in);
    };
  }

  private static List<@Nullable Object> array(ByteBuffer in) {
    if (in.remaining() < 12) {
      throw invalid("an array");
    }
    int dimensions = in.getInt();
    in.getInt();
    ColumnType element = PostgresTypes.find(in.getInt() & 0xffff_ffffL);
    if (dimensions == 0) {
      return List.of();
    }
    if (dimensions != 1 || element == null || in.remaining() < 8) {
      throw invalid("an array of one dimension whose elements are of a type that is known");
    }
    int count = in.getInt();
    in.getInt();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = in.remaining() < 4 ? Integer.MAX_VALUE : in.getInt();
      if (length > in.remaining() || length < -1) {
        throw invalid("an array of " + count + " elements");
      }
      if (length < 0) {
        values.add(null);
      } else {
        byte[] value = new byte[length];
        in.get(value);
        values.add(binary(value, element));
      }
    }
    return values;
  }

  private static LocalTime time(long micros) {
    if (micros < 0 || micros >= 86_400 * MICROS_PER_SECOND) {
      throw invalid("a time of a day");
    }
    return LocalTime.ofNanoOfDay(micros * 1000);
  }

  private static LocalDateTime timestamp(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      throw invalid("a finite timestamp");
    }
    long sinceEpoch = micros + ValueWriter.EPOCH_MICROS;
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(sinceEpoch, MICROS_PER_SECOND),
        (int) Math.floorMod(sinceEpoch, MICROS_PER_SECOND) * 1000,
        ZoneOffset.UTC);
  }

  private static ByteBuffer require(ByteBuffer in, int byteCount, ColumnType type) {
    if (in.remaining() != byteCount) {
      throw invalid(byteCount + " bytes of a " + type + ", seen " + in.remaining());
    }
    return in;
  }

  private static ProtocolException invalid(String expected) {
    return new ProtocolException("22P03", "incorrect binary data: expected " + expected);
  }
}
