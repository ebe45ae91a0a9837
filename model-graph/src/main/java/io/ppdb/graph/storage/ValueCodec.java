package io.ppdb.graph.storage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Property values as bytes: the tag of a {@link ValueType}, then what that type needs. */
@SuppressWarnings("JavaUtilDate") // Dates are values that users store.
final class ValueCodec {
  private static final int MAX_DEPTH = 64;

  private ValueCodec() {}

  /** Whether {@code value} and all it contains can be stored. */
  static boolean isStorable(@Nullable Object value) {
    return isStorable(value, 0);
  }

  private static boolean isStorable(@Nullable Object value, int depth) {
    ValueType type = ValueType.of(value);
    if (type == null || depth > MAX_DEPTH) {
      return false;
    }
    if (value instanceof String text) {
      return isUnicode(text);
    }
    if (value instanceof String[] texts) {
      return Arrays.stream(texts).allMatch(text -> text == null || isUnicode(text));
    }
    if (value instanceof Collection<?> elements) {
      for (Object element : elements) {
        if (!isStorable(element, depth + 1)) {
          return false;
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!isStorable(entry.getKey(), depth + 1) || !isStorable(entry.getValue(), depth + 1)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether {@code text} has no half of a surrogate pair, which UTF-8 cannot hold. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Writes a value that {@link #isStorable}. */
  static void write(RecordWriter out, @Nullable Object value) {
    ValueType type = ValueType.of(value);
    if (type == null) {
      throw new IllegalArgumentException("cannot store a value of " + value);
    }
    out.writeByte(type.tag());
    if (value == null) {
      return;
    }
    switch (type) {
      case NULL -> {}
      case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
      case BYTE -> out.writeByte((Byte) value);
      case SHORT, INTEGER, LONG -> out.writeZigzag(((Number) value).longValue());
      case FLOAT -> out.writeInt(Float.floatToRawIntBits((Float) value));
      case DOUBLE -> out.writeLong(Double.doubleToRawLongBits((Double) value));
      case STRING -> out.writeString((String) value);
      case CHARACTER -> out.writeVarint((Character) value);
      case UUID -> {
        UUID uuid = (UUID) value;
        out.writeLong(uuid.getMostSignificantBits()).writeLong(uuid.getLeastSignificantBits());
      }
      case BIG_INTEGER -> out.writeSized(((BigInteger) value).toByteArray());
      case BIG_DECIMAL -> {
        BigDecimal decimal = (BigDecimal) value;
        out.writeZigzag(decimal.scale()).writeSized(decimal.unscaledValue().toByteArray());
      }
      case OFFSET_DATE_TIME -> {
        OffsetDateTime time = (OffsetDateTime) value;
        out.writeZigzag(time.toEpochSecond())
            .writeVarint(time.getNano())
            .writeZigzag(time.getOffset().getTotalSeconds());
      }
      case DATE -> out.writeZigzag(((Date) value).getTime());
      case INSTANT -> {
        Instant instant = (Instant) value;
        out.writeZigzag(instant.getEpochSecond()).writeVarint(instant.getNano());
      }
      case LOCAL_DATE -> out.writeZigzag(((LocalDate) value).toEpochDay());
      case LOCAL_TIME -> out.writeVarint(((LocalTime) value).toNanoOfDay());
      case LOCAL_DATE_TIME -> {
        LocalDateTime time = (LocalDateTime) value;
        out.writeZigzag(time.toLocalDate().toEpochDay())
            .writeVarint(time.toLocalTime().toNanoOfDay());
      }
      case DURATION -> {
        Duration duration = (Duration) value;
        out.writeZigzag(duration.getSeconds()).writeVarint(duration.getNano());
      }
      case LIST, SET -> {
        Collection<?> elements = (Collection<?>) value;
        out.writeVarint(elements.size());
        for (Object element : elements) {
          write(out, element);
        }
      }
      case MAP -> {
        Map<?, ?> map = (Map<?, ?>) value;
        out.writeVarint(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          write(out, entry.getKey());
          write(out, entry.getValue());
        }
      }
      default -> writeArray(out, type, value);
    }
  }

  private static void writeArray(RecordWriter out, ValueType type, Object value) {
    switch (type) {
      case BOOLEAN_ARRAY -> {
        out.writeVarint(((boolean[]) value).length);
        for (boolean element : (boolean[]) value) {
          out.writeByte(element ? 1 : 0);
        }
      }
      case BYTE_ARRAY -> out.writeSized((byte[]) value);
      case SHORT_ARRAY -> {
        out.writeVarint(((short[]) value).length);
        for (short element : (short[]) value) {
          out.writeZigzag(element);
        }
      }
      case INTEGER_ARRAY -> {
        out.writeVarint(((int[]) value).length);
        for (int element : (int[]) value) {
          out.writeZigzag(element);
        }
      }
      case LONG_ARRAY -> {
        out.writeVarint(((long[]) value).length);
        for (long element : (long[]) value) {
          out.writeZigzag(element);
        }
      }
      case FLOAT_ARRAY -> {
        out.writeVarint(((float[]) value).length);
        for (float element : (float[]) value) {
          out.writeInt(Float.floatToRawIntBits(element));
        }
      }
      case DOUBLE_ARRAY -> {
        out.writeVarint(((double[]) value).length);
        for (double element : (double[]) value) {
          out.writeLong(Double.doubleToRawLongBits(element));
        }
      }
      case CHARACTER_ARRAY -> {
        out.writeVarint(((char[]) value).length);
        for (char element : (char[]) value) {
          out.writeVarint(element);
        }
      }
      case STRING_ARRAY -> {
        String[] elements = (String[]) value;
        out.writeVarint(elements.length);
        for (String element : elements) {
          write(out, element);
        }
      }
      default -> throw new AssertionError(type);
    }
  }

  static @Nullable Object read(RecordReader in) {
    ValueType type = readType(in);
    return switch (type) {
      case NULL -> null;
      case BOOLEAN -> in.readByte() != 0;
      case BYTE -> (byte) in.readByte();
      case SHORT -> (short) in.readZigzag();
      case INTEGER -> (int) in.readZigzag();
      case LONG -> in.readZigzag();
      case FLOAT -> Float.intBitsToFloat(in.readInt());
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case STRING -> in.readString();
      case CHARACTER -> (char) in.readVarint();
      case UUID -> new UUID(in.readLong(), in.readLong());
      case BIG_INTEGER -> new BigInteger(in.readSized());
      case BIG_DECIMAL -> {
        int scale = (int) in.readZigzag();
        yield new BigDecimal(new BigInteger(in.readSized()), scale);
      }
      case OFFSET_DATE_TIME -> {
        Instant instant = Instant.ofEpochSecond(in.readZigzag(), in.readVarint());
        yield instant.atOffset(ZoneOffset.ofTotalSeconds((int) in.readZigzag()));
      }
      case DATE -> new Date(in.readZigzag());
      case INSTANT -> Instant.ofEpochSecond(in.readZigzag(), in.readVarint());
      case LOCAL_DATE -> LocalDate.ofEpochDay(in.readZigzag());
      case LOCAL_TIME -> LocalTime.ofNanoOfDay(in.readVarint());
      case LOCAL_DATE_TIME ->
          LocalDate.ofEpochDay(in.readZigzag()).atTime(LocalTime.ofNanoOfDay(in.readVarint()));
      case DURATION -> Duration.ofSeconds(in.readZigzag(), in.readVarint());
      case LIST -> {
        int count = in.readSize();
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          list.add(read(in));
        }
        yield list;
      }
      case SET -> {
        int count = in.readSize();
        Set<@Nullable Object> set = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
          set.add(read(in));
        }
        yield set;
      }
      case MAP -> {
        int count = in.readSize();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
          Object key = read(in);
          map.put(key, read(in));
        }
        yield map;
      }
      default -> readArray(in, type);
    };
  }

  private static Object readArray(RecordReader in, ValueType type) {
    if (type == ValueType.BYTE_ARRAY) {
      return in.readSized();
    }
    int count = in.readSize();
    in.expectAtLeast(count);
    switch (type) {
      case BOOLEAN_ARRAY -> {
        boolean[] array = new boolean[count];
        for (int i = 0; i < count; i++) {
          array[i] = in.readByte() != 0;
        }
        return array;
      }
      case SHORT_ARRAY -> {
        short[] array = new short[count];
        for (int i = 0; i < count; i++) {
          array[i] = (short) in.readZigzag();
        }
        return array;
      }
      case INTEGER_ARRAY -> {
        int[] array = new int[count];
        for (int i = 0; i < count; i++) {
          array[i] = (int) in.readZigzag();
        }
        return array;
      }
      case LONG_ARRAY -> {
        long[] array = new long[count];
        for (int i = 0; i < count; i++) {
          array[i] = in.readZigzag();
        }
        return array;
      }
      case FLOAT_ARRAY -> {
        float[] array = new float[count];
        for (int i = 0; i < count; i++) {
          array[i] = Float.intBitsToFloat(in.readInt());
        }
        return array;
      }
      case DOUBLE_ARRAY -> {
        double[] array = new double[count];
        for (int i = 0; i < count; i++) {
          array[i] = Double.longBitsToDouble(in.readLong());
        }
        return array;
      }
      case CHARACTER_ARRAY -> {
        char[] array = new char[count];
        for (int i = 0; i < count; i++) {
          array[i] = (char) in.readVarint();
        }
        return array;
      }
      case STRING_ARRAY -> {
        @Nullable String[] array = new @Nullable String[count];
        for (int i = 0; i < count; i++) {
          array[i] = (String) read(in);
        }
        return array;
      }
      default -> throw new AssertionError(type);
    }
  }

  /** Moves past a value without building it. */
  static void skip(RecordReader in) {
    ValueType type = readType(in);
    switch (type) {
      case NULL -> {}
      case BOOLEAN, BYTE -> in.skip(1);
      case SHORT, INTEGER, LONG, CHARACTER, DATE, LOCAL_DATE, LOCAL_TIME -> in.readVarint();
      case FLOAT -> in.skip(Integer.BYTES);
      case DOUBLE -> in.skip(Long.BYTES);
      case STRING, BIG_INTEGER, BYTE_ARRAY, BOOLEAN_ARRAY -> in.skip(in.readSize());
      case UUID -> in.skip(2 * Long.BYTES);
      default -> read(in.moveTo(in.position() - 1));
    }
  }

  private static ValueType readType(RecordReader in) {
    int tag = in.readByte();
    ValueType type = ValueType.ofTag(tag);
    if (type == null) {
      throw in.corrupt("has a value of the unknown type " + tag);
    }
    return type;
  }
}
