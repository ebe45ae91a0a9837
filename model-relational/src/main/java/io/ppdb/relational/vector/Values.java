package io.ppdb.relational.vector;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * The Java object that stands for a value outside vectors: in parameters, results and constants.
 *
 * <table>
 *   <caption>One class for each kind</caption>
 *   <tr><td>boolean</td><td>{@link Boolean}</td></tr>
 *   <tr><td>smallint, integer</td><td>{@link Integer}</td></tr>
 *   <tr><td>bigint</td><td>{@link Long}</td></tr>
 *   <tr><td>numeric</td><td>{@link BigDecimal}</td></tr>
 *   <tr><td>real</td><td>{@link Float}</td></tr>
 *   <tr><td>double precision</td><td>{@link Double}</td></tr>
 *   <tr><td>varchar, text</td><td>{@link String}</td></tr>
 *   <tr><td>bytea</td><td>{@code byte[]}</td></tr>
 *   <tr><td>date, time, timestamp</td><td>{@link LocalDate}, {@link LocalTime}, {@link
 *       LocalDateTime}</td></tr>
 *   <tr><td>timestamptz</td><td>{@link OffsetDateTime} at UTC</td></tr>
 *   <tr><td>interval</td><td>{@link Interval}</td></tr>
 *   <tr><td>uuid</td><td>{@link UUID}</td></tr>
 *   <tr><td>jsonb</td><td>{@link String}, its canonical text</td></tr>
 *   <tr><td>arrays</td><td>{@link List} of what stands for the elements, null for NULL</td></tr>
 * </table>
 */
public final class Values {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private Values() {}

  /** The object for the value at a position that is not NULL. */
  static Object get(Vector vector, int position) {
    return switch (vector.type().kind()) {
      case BOOLEAN -> ((BooleanVector) vector).get(position);
      case SMALLINT, INTEGER -> ((IntVector) vector).get(position);
      case BIGINT -> ((LongVector) vector).get(position);
      case DECIMAL -> ((DecimalVector) vector).get(position);
      case REAL -> (float) ((DoubleVector) vector).get(position);
      case DOUBLE -> ((DoubleVector) vector).get(position);
      case VARCHAR, JSON -> ((BytesVector) vector).getString(position);
      case BYTEA -> ((BytesVector) vector).get(position);
      case DATE -> LocalDate.ofEpochDay(((IntVector) vector).get(position));
      case TIME -> LocalTime.ofNanoOfDay(((LongVector) vector).get(position) * 1000);
      case TIMESTAMP -> toLocalDateTime(((LongVector) vector).get(position));
      case TIMESTAMPTZ ->
          toLocalDateTime(((LongVector) vector).get(position)).atOffset(ZoneOffset.UTC);
      case INTERVAL -> ((IntervalVector) vector).get(position);
      case UUID -> {
        BytesVector bytes = (BytesVector) vector;
        ByteBuffer buffer = ByteBuffer.wrap(bytes.arena(), bytes.starts()[position], 16);
        yield new UUID(buffer.getLong(), buffer.getLong());
      }
      case ARRAY -> ArrayCodec.toList((BytesVector) vector, position);
    };
  }

  /** Stores an object of the class the table above names. */
  static void set(Vector vector, int position, Object value) {
    ColumnType type = vector.type();
    try {
      switch (type.kind()) {
        case BOOLEAN -> ((BooleanVector) vector).set(position, (Boolean) value);
        case SMALLINT, INTEGER -> ((IntVector) vector).set(position, (Integer) value);
        case BIGINT -> ((LongVector) vector).set(position, (Long) value);
        case DECIMAL -> ((DecimalVector) vector).set(position, (BigDecimal) value);
        case REAL -> ((DoubleVector) vector).set(position, (Float) value);
        case DOUBLE -> ((DoubleVector) vector).set(position, (Double) value);
        case VARCHAR, JSON -> ((BytesVector) vector).setString(position, (String) value);
        case BYTEA -> ((BytesVector) vector).set(position, (byte[]) value);
        case DATE ->
            ((IntVector) vector).set(position, Math.toIntExact(((LocalDate) value).toEpochDay()));
        case TIME -> ((LongVector) vector).set(position, ((LocalTime) value).toNanoOfDay() / 1000);
        case TIMESTAMP -> ((LongVector) vector).set(position, toMicros((LocalDateTime) value));
        case TIMESTAMPTZ ->
            ((LongVector) vector).set(position, toMicros(((OffsetDateTime) value).toInstant()));
        case INTERVAL -> {
          Interval interval = (Interval) value;
          ((IntervalVector) vector)
              .set(position, interval.months(), interval.days(), interval.micros());
        }
        case UUID -> ((BytesVector) vector).set(position, toBytes((UUID) value));
        case ARRAY -> ArrayCodec.set((BytesVector) vector, position, (List<?>) value);
      }
    } catch (ClassCastException e) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "a value of class " + value.getClass().getName() + " where " + type + " is expected",
          e);
    }
  }

  /** Microseconds since 1970 of a date and time without zone. */
  public static long toMicros(LocalDateTime value) {
    return toMicros(value.toInstant(ZoneOffset.UTC));
  }

  /** Microseconds since 1970 of an instant. */
  public static long toMicros(Instant value) {
    long seconds = value.getEpochSecond();
    long micros = value.getNano() / 1000;
    if (seconds < 0) { // The second that the least time lies in begins before it.
      seconds++;
      micros -= MICROS_PER_SECOND;
    }
    return Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), micros);
  }

  /** The date and time that lies {@code micros} after the start of 1970. */
  public static LocalDateTime toLocalDateTime(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND),
        (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000,
        ZoneOffset.UTC);
  }

  /** The 16 bytes of a uuid, most significant first. */
  public static byte[] toBytes(UUID value) {
    return ByteBuffer.allocate(16)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }
}
