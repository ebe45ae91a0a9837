package io.ppdb.kv.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Random tuples, how they compare by the plain meaning of their values, and how they are written
 * and read. Values are drawn near each other and near the edges of their type, where encodings
 * break.
 */
final class KeyTuples {
  /** Every type a value can have; END is no value, NULL is a value of each. */
  static final List<KeyType> TYPES =
      Arrays.stream(KeyType.values()).filter(t -> t != KeyType.END && t != KeyType.NULL).toList();

  /** One column: its type, its order, and of a tuple the columns inside. */
  record Column(KeyType type, SortOrder order, List<Column> inner) {}

  private static final byte[] EDGE_BYTES = {0, 1, 2, 3, 'a', 'b', 0x7F, (byte) 0x80, -3, -2, -1};
  private static final String[] EDGE_TEXT = {
    "\0",
    "\u0001",
    "\u0002",
    "a",
    "b",
    "\u007F",
    "\u0080",
    "\u07FF",
    "\u0800",
    "\uD7FF",
    "\uE000",
    "\uFFFD",
    "\uFFFF",
    "\uD800\uDC00",
    "\uDBFF\uDFFF"
  };

  private final Random random;

  KeyTuples(Random random) {
    this.random = random;
  }

  Column column(KeyType type, int depth) {
    List<Column> inner = new ArrayList<>();
    if (type == KeyType.TUPLE) {
      for (int i = random.nextInt(4); i > 0; i--) {
        inner.add(anyColumn(depth + 1));
      }
    }
    return new Column(type, SortOrder.of(random.nextBoolean(), random.nextBoolean()), inner);
  }

  Column anyColumn(int depth) {
    KeyType type = TYPES.get(random.nextInt(TYPES.size()));
    return column(type == KeyType.TUPLE && depth > 2 ? KeyType.LONG : type, depth);
  }

  @Nullable Object value(Column column) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return switch (column.type()) {
      case BOOLEAN -> random.nextBoolean();
      case LONG -> edgeLong();
      case DECIMAL -> decimal();
      case FLOAT ->
          pick(
              -0.0f,
              0.0f,
              Float.NaN,
              Float.POSITIVE_INFINITY,
              Float.NEGATIVE_INFINITY,
              Float.MIN_VALUE,
              -Float.MIN_VALUE,
              Float.MAX_VALUE,
              1.0f,
              -1.0f,
              Float.intBitsToFloat(random.nextInt()));
      case DOUBLE ->
          pick(
              -0.0,
              0.0,
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY,
              Double.MIN_VALUE,
              -Double.MIN_VALUE,
              Double.MAX_VALUE,
              1.0,
              -1.0,
              Double.longBitsToDouble(random.nextLong()));
      case STRING -> text();
      case BYTES -> bytes();
      case DATE -> pick(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt());
      case TIME ->
          pick(0L, 1L, KeyInterval.MICROS_PER_DAY, random.nextLong(KeyInterval.MICROS_PER_DAY));
      case TIMESTAMP, TIMESTAMPTZ -> edgeLong();
      case INTERVAL ->
          new KeyInterval(
              pick(0, 1, -1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt()),
              pick(0, 30, -30, 1, 29, Integer.MAX_VALUE, Integer.MIN_VALUE),
              pick(
                  0L,
                  1L,
                  -1L,
                  KeyInterval.MICROS_PER_DAY,
                  -KeyInterval.MICROS_PER_DAY,
                  30 * KeyInterval.MICROS_PER_DAY,
                  Long.MAX_VALUE,
                  Long.MIN_VALUE,
                  random.nextLong()));
      case UUID -> new UUID(edgeLong(), edgeLong());
      case TUPLE -> tuple(column.inner());
      case NULL, END -> throw new AssertionError(column);
    };
  }

  /** A tuple of these columns, now and then cut short. */
  List<@Nullable Object> tuple(List<Column> columns) {
    int count = random.nextInt(3) == 0 ? random.nextInt(columns.size() + 1) : columns.size();
    List<@Nullable Object> values = new ArrayList<>();
    for (Column column : columns.subList(0, count)) {
      values.add(value(column));
    }
    return values;
  }

  private long edgeLong() {
    long power = 1L << random.nextInt(64);
    return pick(0L, power - 1, power, power + 1, -power, -power - 1, 1 - power, random.nextLong());
  }

  private BigDecimal decimal() {
    int scale = pick(0, 1, 2, -1, -5, 30, random.nextInt(200) - 100);
    if (random.nextInt(4) == 0) {
      return new BigDecimal(new BigInteger(random.nextInt(300), random), scale)
          .multiply(BigDecimal.valueOf(pick(1, -1)));
    }
    long unscaled = random.nextBoolean() ? edgeLong() : random.nextInt(2001) - 1000;
    return BigDecimal.valueOf(unscaled, scale);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(EDGE_TEXT[random.nextInt(EDGE_TEXT.length)]);
    }
    return text.toString();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(5)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = EDGE_BYTES[random.nextInt(EDGE_BYTES.length)];
    }
    return bytes;
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  // Reference order

  static int compare(List<Column> columns, List<?> left, List<?> right) {
    int common = Math.min(left.size(), right.size());
    for (int i = 0; i < common; i++) {
      int order = compare(columns.get(i), left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  static int compare(Column column, @Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      int order = Boolean.compare(left == null, right == null);
      return column.order().isNullsFirst() ? -order : order;
    }
    int order =
        switch (column.type()) {
          case FLOAT -> Float.compare((Float) left + 0f, (Float) right + 0f);
          case DOUBLE -> Double.compare((Double) left + 0d, (Double) right + 0d);
          case STRING -> Arrays.compareUnsigned(utf8(left), utf8(right));
          case BYTES -> Arrays.compareUnsigned((byte[]) left, (byte[]) right);
          case UUID -> left.toString().compareTo(right.toString());
          case INTERVAL -> compareIntervals((KeyInterval) left, (KeyInterval) right);
          case TUPLE -> compare(column.inner(), (List<?>) left, (List<?>) right);
          default -> compareNaturally(left, right);
        };
    return column.order().isDescending() ? -order : order;
  }

  @SuppressWarnings("unchecked")
  private static int compareNaturally(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }

  private static int compareIntervals(KeyInterval left, KeyInterval right) {
    int order = micros(left).compareTo(micros(right));
    if (order == 0) {
      order = Integer.compare(left.months(), right.months());
    }
    return order == 0 ? Integer.compare(left.days(), right.days()) : order;
  }

  private static BigInteger micros(KeyInterval interval) {
    return BigInteger.valueOf(interval.months())
        .multiply(BigInteger.valueOf(30))
        .add(BigInteger.valueOf(interval.days()))
        .multiply(BigInteger.valueOf(KeyInterval.MICROS_PER_DAY))
        .add(BigInteger.valueOf(interval.micros()));
  }

  private static byte[] utf8(Object text) {
    return ((String) text).getBytes(StandardCharsets.UTF_8);
  }

  // Writing and reading

  static byte[] encode(List<Column> columns, List<?> tuple) {
    KeyWriter writer = new KeyWriter();
    write(writer, columns, tuple);
    return writer.toByteArray();
  }

  private static void write(KeyWriter writer, List<Column> columns, List<?> tuple) {
    for (int i = 0; i < tuple.size(); i++) {
      Column column = columns.get(i);
      Object value = tuple.get(i);
      writer.order(column.order());
      if (value instanceof List<?> inner) {
        writer.beginTuple();
        write(writer, column.inner(), inner);
        writer.endTuple();
      } else {
        writeScalar(writer, column.type(), value);
      }
    }
  }

  static void writeScalar(KeyWriter writer, KeyType type, @Nullable Object value) {
    if (value == null) {
      writer.addNull();
      return;
    }
    switch (type) {
      case BOOLEAN -> writer.addBoolean((Boolean) value);
      case LONG -> writer.addLong((Long) value);
      case DECIMAL -> writer.addDecimal((BigDecimal) value);
      case FLOAT -> writer.addFloat((Float) value);
      case DOUBLE -> writer.addDouble((Double) value);
      case STRING -> writer.addString((String) value);
      case BYTES -> writer.addBytes((byte[]) value);
      case DATE -> writer.addDate((Integer) value);
      case TIME -> writer.addTime((Long) value);
      case TIMESTAMP -> writer.addTimestamp((Long) value);
      case TIMESTAMPTZ -> writer.addTimestampTz((Long) value);
      case INTERVAL -> writer.addInterval((KeyInterval) value);
      case UUID -> writer.addUuid((UUID) value);
      case NULL, TUPLE, END -> throw new AssertionError(type);
    }
  }

  static Object readScalar(KeyReader reader) {
    KeyType type = reader.peekType();
    return switch (type) {
      case BOOLEAN -> reader.readBoolean();
      case LONG -> reader.readLong();
      case DECIMAL -> reader.readDecimal();
      case FLOAT -> reader.readFloat();
      case DOUBLE -> reader.readDouble();
      case STRING -> reader.readString();
      case BYTES -> reader.readBytes();
      case DATE -> reader.readDate();
      case TIME -> reader.readTime();
      case TIMESTAMP -> reader.readTimestamp();
      case TIMESTAMPTZ -> reader.readTimestampTz();
      case INTERVAL -> reader.readInterval();
      case UUID -> reader.readUuid();
      case NULL, TUPLE, END -> throw new AssertionError(type);
    };
  }

  /** What a reader makes of a key, without being told its columns. */
  static List<@Nullable Object> decode(KeyReader reader) {
    List<@Nullable Object> values = new ArrayList<>();
    while (reader.hasNext()) {
      if (reader.readNull()) {
        values.add(null);
      } else if (reader.peekType() == KeyType.TUPLE) {
        reader.beginTuple();
        values.add(decode(reader));
        reader.endTuple();
      } else {
        values.add(readScalar(reader));
      }
    }
    return values;
  }
}
