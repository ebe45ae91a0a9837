package io.ppdb.relational.expr;

import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.json.JsonWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.IntervalText;
import io.ppdb.relational.type.NumberText;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/** Values as PostgreSQL writes and reads them as text: what CAST to and from text does. */
public final class TextFormat {
  private TextFormat() {}

  /** The text of a value that is not NULL; {@code zone} counts for timestamptz. */
  public static String format(Vector vector, int position, ZoneId zone) {
    return switch (vector.type().kind()) {
      case BOOLEAN -> ((BooleanVector) vector).get(position) ? "true" : "false";
      case SMALLINT, INTEGER -> Integer.toString(((IntVector) vector).get(position));
      case BIGINT -> Long.toString(((LongVector) vector).get(position));
      case DECIMAL -> ((DecimalVector) vector).get(position).toPlainString();
      case REAL -> NumberText.format((float) ((DoubleVector) vector).get(position));
      case DOUBLE -> NumberText.format(((DoubleVector) vector).get(position));
      case VARCHAR, JSON -> ((BytesVector) vector).getString(position);
      case BYTEA -> "\\x" + HexFormat.of().formatHex(((BytesVector) vector).get(position));
      case DATE -> DateTimeText.formatDate(((IntVector) vector).get(position));
      case TIME -> DateTimeText.formatTime(((LongVector) vector).get(position));
      case TIMESTAMP -> DateTimeText.formatTimestamp(((LongVector) vector).get(position));
      case TIMESTAMPTZ -> DateTimeText.formatTimestamptz(((LongVector) vector).get(position), zone);
      case INTERVAL -> IntervalText.format(((IntervalVector) vector).get(position));
      case UUID -> {
        BytesVector bytes = (BytesVector) vector;
        ByteBuffer buffer = ByteBuffer.wrap(bytes.arena(), bytes.starts()[position], 16);
        yield new UUID(buffer.getLong(), buffer.getLong()).toString();
      }
      case ARRAY -> ArrayText.format((BytesVector) vector, position, zone);
    };
  }

  /** Reads {@code text} as a value of the type of {@code result} and stores it. */
  public static void parse(String text, Vector result, int position, ZoneId zone) {
    ColumnType type = result.type();
    try {
      switch (type.kind()) {
        case BOOLEAN -> ((BooleanVector) result).set(position, parseBoolean(text));
        case SMALLINT, INTEGER, BIGINT -> parseInteger(text, result, position);
        case DECIMAL ->
            ((DecimalVector) result).set(position, Decimals.fit(new BigDecimal(text.trim()), type));
        case REAL -> {
          double value = NumberText.parseDouble(text);
          float rounded = (float) value;
          if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
            throw Errors.outOfRange(type, text.trim());
          }
          ((DoubleVector) result).set(position, rounded);
        }
        case DOUBLE -> {
          double value = NumberText.parseDouble(text);
          if (Double.isInfinite(value) && text.toLowerCase(Locale.ROOT).indexOf("inf") < 0) {
            throw Errors.outOfRange(type, text.trim());
          }
          ((DoubleVector) result).set(position, value);
        }
        case VARCHAR -> ((BytesVector) result).setString(position, text);
        case BYTEA -> ((BytesVector) result).set(position, parseBytes(text));
        case DATE -> ((IntVector) result).set(position, DateTimeText.parseDate(text));
        case TIME -> ((LongVector) result).set(position, DateTimeText.parseTime(text));
        case TIMESTAMP -> ((LongVector) result).set(position, DateTimeText.parseTimestamp(text));
        case TIMESTAMPTZ ->
            ((LongVector) result).set(position, DateTimeText.parseTimestamptz(text, zone));
        case INTERVAL -> result.setObject(position, IntervalText.parse(text));
        case UUID -> result.setObject(position, parseUuid(text));
        case JSON ->
            ((BytesVector) result).setString(position, JsonWriter.write(JsonReader.read(text)));
        case ARRAY -> ArrayText.parse(text, (BytesVector) result, position, zone);
      }
    } catch (NumberFormatException e) {
      throw Errors.invalidText(type, text);
    }
  }

  private static void parseInteger(String text, Vector result, int position) {
    ColumnType type = result.type();
    String trimmed = text.trim();
    long value;
    try {
      value = Long.parseLong(trimmed);
    } catch (NumberFormatException e) {
      // Either no integer at all, or one that is too large.
      new java.math.BigInteger(trimmed);
      throw Errors.outOfRange(type, trimmed);
    }
    if (result instanceof LongVector longs) {
      longs.set(position, value);
      return;
    }
    long limit = Casts.maxInteger(type);
    if (value > limit || value < -limit - 1) {
      throw Errors.outOfRange(type, trimmed);
    }
    ((IntVector) result).set(position, (int) value);
  }

  private static boolean parseBoolean(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> true;
      case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> false;
      default -> throw Errors.invalidText(ColumnType.BOOLEAN, text);
    };
  }

  /**
   * Reads {@code \x...} or the escape form, in which a backslash precedes itself or three octals.
   */
  private static byte[] parseBytes(String text) {
    if (text.startsWith("\\x")) {
      try {
        return HexFormat.of().parseHex(text.substring(2).replace(" ", ""));
      } catch (IllegalArgumentException e) {
        throw Errors.invalidText(ColumnType.BYTEA, text);
      }
    }
    byte[] raw = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '\\') {
        out.write(raw[i]);
      } else if (i + 1 < raw.length && raw[i + 1] == '\\') {
        out.write('\\');
        i++;
      } else if (i + 3 < raw.length) {
        int octal = 0;
        for (int j = 1; j <= 3; j++) {
          int digit = raw[i + j] - '0';
          if (digit < 0 || digit > 7) {
            throw Errors.invalidText(ColumnType.BYTEA, text);
          }
          octal = octal * 8 + digit;
        }
        if (octal > 255) {
          throw Errors.invalidText(ColumnType.BYTEA, text);
        }
        out.write(octal);
        i += 3;
      } else {
        throw Errors.invalidText(ColumnType.BYTEA, text);
      }
    }
    return out.toByteArray();
  }

  /** Reads 32 hexadecimal digits, with or without hyphens and braces. */
  private static UUID parseUuid(String text) {
    String trimmed = text.trim();
    if (trimmed.startsWith("{") && trimmed.endsWith("}")) {
      trimmed = trimmed.substring(1, trimmed.length() - 1);
    }
    String digits = trimmed.replace("-", "");
    if (digits.length() != 32) {
      throw Errors.invalidText(ColumnType.UUID, text);
    }
    try {
      return new UUID(
          Long.parseUnsignedLong(digits.substring(0, 16), 16),
          Long.parseUnsignedLong(digits.substring(16), 16));
    } catch (NumberFormatException e) {
      throw Errors.invalidText(ColumnType.UUID, text);
    }
  }
}
