package io.ppdb.relational.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value within a canonical text, without a tree: the slice {@code [start, end)} of the bytes.
 * Steps to a member or an element move it there; a step that leads nowhere leaves it as it was.
 *
 * <p>Trusts that the text is what {@link JsonWriter} wrote. Reused from row to row; not
 * thread-safe.
 */
public final class JsonCursor {
  private byte[] bytes = {};
  private int start;
  private int end;

  /** Moves to the value that {@code length} bytes from {@code newStart} on are. */
  public JsonCursor reset(byte[] newBytes, int newStart, int length) {
    bytes = newBytes;
    start = newStart;
    end = newStart + length;
    return this;
  }

  public int start() {
    return start;
  }

  public int length() {
    return end - start;
  }

  /** Whether this is null; SQL's NULL stands for it where text is asked for. */
  public boolean isNull() {
    return bytes[start] == 'n';
  }

  public boolean isString() {
    return bytes[start] == '"';
  }

  public boolean isArray() {
    return bytes[start] == '[';
  }

  public boolean isObject() {
    return bytes[start] == '{';
  }

  /** What jsonb_typeof says. */
  public String typeName() {
    return switch (bytes[start]) {
      case '{' -> "object";
      case '[' -> "array";
      case '"' -> "string";
      case 't', 'f' -> "boolean";
      case 'n' -> "null";
      default -> "number";
    };
  }

  /** The key as {@link #member} looks for it. */
  public static byte[] quotedKey(String key) {
    return JsonWriter.quote(key).getBytes(StandardCharsets.UTF_8);
  }

  /** Steps to the member with a key, given by {@link #quotedKey}; false if there is none. */
  public boolean member(byte[] quotedKey) {
    if (!isObject()) {
      return false;
    }
    int index = start + 1;
    while (bytes[index] == '"') {
      int keyEnd = endOfString(bytes, index);
      int valueStart = keyEnd + 2;
      if (Arrays.equals(bytes, index, keyEnd, quotedKey, 0, quotedKey.length)) {
        start = valueStart;
        end = endOfValue(valueStart);
        return true;
      }
      index = afterSeparator(endOfValue(valueStart));
    }
    return false;
  }

  /** Steps to element {@code position} from 0, or from -1 at the end; false if there is none. */
  public boolean element(int position) {
    if (!isArray()) {
      return false;
    }
    int wanted = position < 0 ? position + elementCount() : position;
    if (wanted < 0) {
      return false;
    }
    int index = start + 1;
    for (int i = 0; bytes[index] != ']'; i++) {
      int valueEnd = endOfValue(index);
      if (i == wanted) {
        start = index;
        end = valueEnd;
        return true;
      }
      index = afterSeparator(valueEnd);
    }
    return false;
  }

  /** The number of elements of an array. */
  public int elementCount() {
    int count = 0;
    for (int index = start + 1; bytes[index] != ']'; count++) {
      index = afterSeparator(endOfValue(index));
    }
    return count;
  }

  /** Steps as {@code #>} does: a member of an object by its key, an element by its position. */
  public boolean step(String key) {
    if (isArray()) {
      try {
        return element(Integer.parseInt(key.trim()));
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return member(quotedKey(key));
  }

  /** The value as {@code ->>} gives it: a string without its quotes, others as they are. */
  public String text() {
    String canonical = new String(bytes, start, end - start, StandardCharsets.UTF_8);
    return isString() ? ((JsonValue.Text) JsonReader.read(canonical)).value() : canonical;
  }

  /** Whether this is a string that is the text between its quotes, without any escapes. */
  public boolean isPlainString() {
    if (!isString()) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (bytes[i] == '\\') {
        return false;
      }
    }
    return true;
  }

  private int afterSeparator(int index) {
    return bytes[index] == ',' ? index + 2 : index;
  }

  private int endOfValue(int from) {
    int index = from;
    int depth = 0;
    do {
      switch (bytes[index]) {
        case '"' -> index = endOfString(bytes, index);
        case '{', '[' -> {
          depth++;
          index++;
        }
        case '}', ']' -> {
          depth--;
          index++;
        }
        default -> index = depth == 0 ? endOfWord(bytes, index, end) : index + 1;
      }
    } while (depth > 0);
    return index;
  }

  /** The end of the string whose opening quote stands at {@code from}. */
  static int endOfString(byte[] bytes, int from) {
    int index = from + 1;
    while (bytes[index] != '"') {
      index += bytes[index] == '\\' ? 2 : 1;
    }
    return index + 1;
  }

  /** The end of a number or of true, false, null. */
  static int endOfWord(byte[] bytes, int from, int limit) {
    int index = from;
    while (index < limit && bytes[index] != ',' && bytes[index] != ']' && bytes[index] != '}') {
      index++;
    }
    return index;
  }
}
