package io.ppdb.relational.json;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes JSON values as PostgreSQL writes jsonb: {@code {"a": [1, 2.50, null]}}, members in {@link
 * JsonValue#KEY_ORDER}, numbers without an exponent. Two values that have one canonical text are
 * equal; equal ones differ in the scale of numbers only.
 */
public final class JsonWriter {
  private static final int INDENT = 4;

  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;
  private int depth;

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  /** The canonical text. */
  public static String write(JsonValue value) {
    return new JsonWriter(false).text(value);
  }

  /** The canonical text in UTF-8. */
  public static byte[] writeBytes(JsonValue value) {
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  /** A text of several lines, for people. */
  public static String pretty(JsonValue value) {
    return new JsonWriter(true).text(value);
  }

  /** {@code text} as a JSON string, quotes included. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  private String text(JsonValue value) {
    append(value);
    return out.toString();
  }

  private void append(JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      quote(text.value(), out);
    } else if (value instanceof JsonValue.Numeric number) {
      out.append(number.value().toPlainString());
    } else if (value instanceof JsonValue.Truth truth) {
      out.append(truth.value());
    } else if (value instanceof JsonValue.Array array) {
      open('[');
      Iterator<JsonValue> elements = array.elements().iterator();
      while (elements.hasNext()) {
        indent();
        append(elements.next());
        separate(elements.hasNext());
      }
      close(']');
    } else if (value instanceof JsonValue.Document document) {
      open('{');
      Iterator<Map.Entry<String, JsonValue>> members = document.members().entrySet().iterator();
      while (members.hasNext()) {
        Map.Entry<String, JsonValue> member = members.next();
        indent();
        quote(member.getKey(), out);
        out.append(": ");
        append(member.getValue());
        separate(members.hasNext());
      }
      close('}');
    } else {
      out.append("null");
    }
  }

  private void open(char bracket) {
    if (++depth > JsonValue.MAX_DEPTH) {
      throw JsonValue.tooDeep();
    }
    out.append(bracket);
  }

  private void close(char bracket) {
    depth--;
    indent();
    out.append(bracket);
  }

  private void separate(boolean more) {
    if (more) {
      out.append(pretty ? "," : ", ");
    }
  }

  private void indent() {
    if (pretty) {
      out.append('\n').append(" ".repeat(INDENT * depth));
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
