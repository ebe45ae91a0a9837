package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of arrays: {@code {1,NULL,"a b"}}. Reads one text from left to right. */
final class ArrayText {
  private static final String SPECIAL = "{}\",\\ \t\n\r\f\u000B";

  private final String text;
  private final ColumnType type;
  private int index;

  private ArrayText(String text, ColumnType type) {
    this.text = text;
    this.type = type;
  }

  static String format(BytesVector arrays, int position, ZoneId zone) {
    Vector elements = ArrayCodec.elements(arrays, position);
    int count = ArrayCodec.count(arrays, position);
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      if (elements.isNull(i)) {
        out.append("NULL");
      } else {
        appendElement(elementText(elements, i, zone), out);
      }
    }
    return out.append('}').toString();
  }

  /** As in results, not as in a cast: booleans are t and f. */
  static String elementText(Vector elements, int position, ZoneId zone) {
    String text = TextFormat.format(elements, position, zone);
    return elements.type().equals(ColumnType.BOOLEAN) ? text.substring(0, 1) : text;
  }

  private static void appendElement(String text, StringBuilder out) {
    boolean plain = !text.isEmpty() && !text.equalsIgnoreCase("null");
    for (int i = 0; plain && i < text.length(); i++) {
      plain = SPECIAL.indexOf(text.charAt(i)) < 0;
    }
    if (plain) {
      out.append(text);
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  /** Stores the array that {@code text} is. */
  static void parse(String text, BytesVector result, int position, ZoneId zone) {
    ColumnType type = result.type();
    List<@Nullable String> texts = new ArrayText(text, type).elements();
    Vector elements = Vector.create(type.elementType(), texts.size());
    for (int i = 0; i < texts.size(); i++) {
      String element = texts.get(i);
      if (element == null) {
        elements.setNull(i);
      } else {
        TextFormat.parse(element, elements, i, zone);
      }
    }
    ArrayCodec.set(result, position, elements, 0, texts.size());
  }

  /** The texts of the elements of a text array such as {@code {a,b}}; null for NULL. */
  static List<@Nullable String> texts(String text) {
    return new ArrayText(text, ColumnType.array(ColumnType.TEXT)).elements();
  }

  private List<@Nullable String> elements() {
    List<@Nullable String> elements = new ArrayList<>();
    skipSpace();
    if (!accept('{')) {
      throw malformed(
          peek() == '[' ? "bounds of arrays are not supported" : "it must begin with \"{\"");
    }
    skipSpace();
    if (!accept('}')) {
      do {
        skipSpace();
        elements.add(element());
        skipSpace();
      } while (accept(','));
      if (!accept('}')) {
        throw malformed("expected \",\" or \"}\" at character " + (index + 1));
      }
    }
    skipSpace();
    if (index < text.length()) {
      throw malformed("junk behind the closing brace");
    }
    return elements;
  }

  private @Nullable String element() {
    if (peek() == '{') {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "arrays of several dimensions: \"" + text + "\"");
    }
    if (peek() == '"') {
      return quoted();
    }
    StringBuilder out = new StringBuilder();
    boolean escaped = false;
    int length = 0; // without the white space at the end
    while (index < text.length() && ",{}\"".indexOf(peek()) < 0) {
      char c = text.charAt(index++);
      if (c == '\\' && index < text.length()) {
        escaped = true;
        out.append(text.charAt(index++));
        length = out.length();
      } else {
        out.append(c);
        length = isSpace(c) ? length : out.length();
      }
    }
    out.setLength(length);
    if (length == 0) {
      throw malformed("an element is missing at character " + (index + 1));
    }
    String element = out.toString();
    return !escaped && element.equalsIgnoreCase("null") ? null : element;
  }

  private String quoted() {
    StringBuilder out = new StringBuilder();
    index++;
    while (index < text.length() && peek() != '"') {
      if (peek() == '\\') {
        index++;
      }
      if (index < text.length()) {
        out.append(text.charAt(index++));
      }
    }
    if (!accept('"')) {
      throw malformed("a quote is not closed");
    }
    return out.toString();
  }

  private char peek() {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  private boolean accept(char c) {
    boolean found = index < text.length() && text.charAt(index) == c;
    index += found ? 1 : 0;
    return found;
  }

  private void skipSpace() {
    while (index < text.length() && isSpace(text.charAt(index))) {
      index++;
    }
  }

  private static boolean isSpace(char c) {
    return " \t\n\r\f\u000B".indexOf(c) >= 0;
  }

  private PpdbException malformed(String why) {
    return new PpdbException(
        ErrorCode.INVALID_TEXT_REPRESENTATION,
        "malformed array literal of type " + type + ": \"" + text + "\": " + why);
  }
}
