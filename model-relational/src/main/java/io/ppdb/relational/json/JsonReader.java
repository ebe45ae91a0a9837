package io.ppdb.relational.json;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * Reads the text of a JSON value (RFC 8259). Of several members with one key the last counts.
 *
 * <p>What is no JSON is INVALID_TEXT_REPRESENTATION that names what stands where; a value nested
 * deeper than {@link JsonValue#MAX_DEPTH} is STATEMENT_TOO_COMPLEX. Used once.
 */
public final class JsonReader {
  private static final int MAX_SHOWN_LENGTH = 40;

  /** Digits that a numeric may have before and behind its point. */
  private static final int MAX_WHOLE_DIGITS = 131_072;

  private static final int MAX_SCALE = 16_383;

  private final String text;
  private int index;
  private int depth;

  private JsonReader(String text) {
    this.text = text;
  }

  /** The value that {@code text} is, with white space around it or without. */
  public static JsonValue read(String text) {
    JsonReader reader = new JsonReader(text);
    JsonValue value = reader.value();
    reader.skipSpace();
    if (reader.index < text.length()) {
      throw reader.unexpected("the end");
    }
    return value;
  }

  private JsonValue value() {
    skipSpace();
    if (index == text.length()) {
      throw unexpected("a value");
    }
    char c = text.charAt(index);
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new JsonValue.Text(string());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> word();
    };
  }

  private JsonValue word() {
    int start = index;
    int end = endOfToken();
    JsonValue value =
        switch (text.substring(start, end)) {
          case "null" -> JsonValue.Null.INSTANCE;
          case "true" -> new JsonValue.Truth(true);
          case "false" -> new JsonValue.Truth(false);
          default -> throw unexpected("a value");
        };
    index = end;
    return value;
  }

  private JsonValue array() {
    enter();
    List<JsonValue> elements = new ArrayList<>();
    skipSpace();
    if (!accept(']')) {
      do {
        elements.add(value());
        skipSpace();
      } while (accept(','));
      if (!accept(']')) {
        throw unexpected("\",\" or \"]\"");
      }
    }
    depth--;
    return new JsonValue.Array(elements);
  }

  private JsonValue object() {
    enter();
    NavigableMap<String, JsonValue> members = JsonValue.newMembers();
    skipSpace();
    if (!accept('}')) {
      do {
        skipSpace();
        if (index == text.length() || text.charAt(index) != '"') {
          throw unexpected("a string");
        }
        String key = string();
        skipSpace();
        if (!accept(':')) {
          throw unexpected("\":\"");
        }
        members.put(key, value());
        skipSpace();
      } while (accept(','));
      if (!accept('}')) {
        throw unexpected("\",\" or \"}\"");
      }
    }
    depth--;
    return new JsonValue.Document(members);
  }

  private void enter() {
    index++;
    if (++depth > JsonValue.MAX_DEPTH) {
      throw JsonValue.tooDeep();
    }
  }

  private JsonValue number() {
    int start = index;
    accept('-');
    int whole = index;
    int digits = digits();
    boolean valid = digits > 0 && (digits == 1 || text.charAt(whole) != '0');
    if (accept('.')) {
      valid &= digits() > 0;
    }
    if (accept('e') || accept('E')) {
      if (!accept('+')) {
        accept('-');
      }
      valid &= digits() > 0;
    }
    if (!valid || endOfToken() != index) {
      index = start;
      throw unexpected("a value");
    }
    return new JsonValue.Numeric(decimal(text.substring(start, index)));
  }

  private static BigDecimal decimal(String number) {
    try {
      BigDecimal value = new BigDecimal(number);
      if (value.scale() <= MAX_SCALE
          && (long) value.precision() - value.scale() <= MAX_WHOLE_DIGITS) {
        return value.scale() < 0 ? value.setScale(0) : value;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // An exponent that no int holds.
    }
    throw new PpdbException(
        ErrorCode.NUMERIC_OUT_OF_RANGE, "numeric out of range: " + shortened(number));
  }

  private int digits() {
    int start = index;
    while (index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9') {
      index++;
    }
    return index - start;
  }

  private String string() {
    int start = ++index;
    while (index < text.length()) {
      char c = text.charAt(index);
      if (c == '"') {
        return text.substring(start, index++);
      }
      if (c == '\\' || c < ' ') {
        return stringWithEscapes(start);
      }
      index++;
    }
    throw unexpected("\"\"\"");
  }

  private String stringWithEscapes(int start) {
    StringBuilder out = new StringBuilder(text.substring(start, index));
    while (index < text.length()) {
      char c = text.charAt(index);
      if (c == '"') {
        index++;
        return out.toString();
      }
      if (c < ' ') {
        throw invalid(String.format("character with value 0x%02x must be escaped", (int) c));
      }
      index++;
      out.append(c == '\\' ? escaped() : c);
    }
    throw unexpected("\"\"\"");
  }

  /** The character that the escape sequence stands for whose backslash was read. */
  private char escaped() {
    char c = index < text.length() ? text.charAt(index++) : 0;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> {
        index -= c == 0 ? 1 : 2;
        throw invalid("escape sequence \"\\" + (c == 0 ? "" : c) + "\" is invalid");
      }
    };
  }

  /** The unit behind {@code \\u}; a surrogate must stand beside its other half. */
  private char unicode() {
    char unit = hexadecimal();
    if (unit == 0) {
      index -= 6;
      throw invalid("\\u0000 cannot be converted to text");
    }
    if (Character.isLowSurrogate(unit) && !followsHighSurrogate()) {
      index -= 6;
      throw invalid("a low surrogate must follow a high surrogate");
    }
    if (Character.isHighSurrogate(unit)
        && !(text.startsWith("\\u", index) && isLowSurrogate(index + 2))) {
      index -= 6;
      throw invalid("a high surrogate must be followed by a low surrogate");
    }
    return unit;
  }

  private boolean followsHighSurrogate() {
    int before = index - 12;
    return before >= 0
        && text.startsWith("\\u", before)
        && text.regionMatches(true, before + 2, "d", 0, 1)
        && "89ab".indexOf(Character.toLowerCase(text.charAt(before + 3))) >= 0;
  }

  private boolean isLowSurrogate(int at) {
    return at + 4 <= text.length()
        && text.regionMatches(true, at, "d", 0, 1)
        && "cdef".indexOf(Character.toLowerCase(text.charAt(at + 1))) >= 0;
  }

  private char hexadecimal() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
      if (digit < 0) {
        throw invalid("\"\\u\" must be followed by four hexadecimal digits");
      }
      unit = unit << 4 | digit;
      index++;
    }
    return (char) unit;
  }

  private void skipSpace() {
    while (index < text.length() && " \t\n\r".indexOf(text.charAt(index)) >= 0) {
      index++;
    }
  }

  private boolean accept(char c) {
    boolean found = index < text.length() && text.charAt(index) == c;
    index += found ? 1 : 0;
    return found;
  }

  private int endOfToken() {
    int end = index;
    while (end < text.length() && isPartOfToken(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isPartOfToken(char c) {
    return Character.isLetterOrDigit(c) || "_+-.".indexOf(c) >= 0;
  }

  private PpdbException unexpected(String expected) {
    if (index >= text.length()) {
      return invalid("the text ended unexpectedly, expected " + expected);
    }
    int end = Math.max(endOfToken(), index + 1);
    return invalid(
        "expected " + expected + ", seen \"" + shortened(text.substring(index, end)) + "\"");
  }

  private PpdbException invalid(String what) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(index, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new PpdbException(
        ErrorCode.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type json: "
            + what
            + " (JSON line "
            + line
            + ", column "
            + (index - lineStart + 1)
            + ")");
  }

  private static String shortened(String token) {
    return token.length() <= MAX_SHOWN_LENGTH ? token : token.substring(0, MAX_SHOWN_LENGTH) + "…";
  }
}
