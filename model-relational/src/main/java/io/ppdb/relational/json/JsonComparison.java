package io.ppdb.relational.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The order of JSON values, PostgreSQL's for jsonb: null, strings, numbers, booleans, arrays,
 * objects; the shorter array or object first, then by elements, or by keys and values in turn.
 * Numbers are equal whatever their scale, and then hash alike.
 */
public final class JsonComparison {
  private JsonComparison() {}

  /** The sign by which two values are ordered; an empty array by itself comes before all else. */
  public static int compare(JsonValue left, JsonValue right) {
    boolean leftEmpty = left instanceof JsonValue.Array array && array.elements().isEmpty();
    boolean rightEmpty = right instanceof JsonValue.Array array && array.elements().isEmpty();
    return leftEmpty || rightEmpty
        ? Boolean.compare(rightEmpty, leftEmpty)
        : compareWithin(left, right);
  }

  private static int compareWithin(JsonValue left, JsonValue right) {
    int order = Integer.compare(rank(left), rank(right));
    if (order != 0) {
      return order;
    }
    if (left instanceof JsonValue.Text text) {
      return Integer.signum(
          JsonValue.compareCodePoints(text.value(), ((JsonValue.Text) right).value()));
    } else if (left instanceof JsonValue.Numeric number) {
      return number.value().compareTo(((JsonValue.Numeric) right).value());
    } else if (left instanceof JsonValue.Truth truth) {
      return Boolean.compare(truth.value(), ((JsonValue.Truth) right).value());
    } else if (left instanceof JsonValue.Array array) {
      return compareArrays(array.elements(), ((JsonValue.Array) right).elements());
    } else if (left instanceof JsonValue.Document document) {
      return compareObjects(document.members(), ((JsonValue.Document) right).members());
    }
    return 0;
  }

  private static int rank(JsonValue value) {
    if (value instanceof JsonValue.Text) {
      return 1;
    } else if (value instanceof JsonValue.Numeric) {
      return 2;
    } else if (value instanceof JsonValue.Truth) {
      return 3;
    } else if (value instanceof JsonValue.Array) {
      return 4;
    }
    return value instanceof JsonValue.Document ? 5 : 0;
  }

  private static int compareArrays(List<JsonValue> left, List<JsonValue> right) {
    int order = Integer.compare(left.size(), right.size());
    for (int i = 0; order == 0 && i < left.size(); i++) {
      order = compareWithin(left.get(i), right.get(i));
    }
    return order;
  }

  private static int compareObjects(Map<String, JsonValue> left, Map<String, JsonValue> right) {
    int order = Integer.compare(left.size(), right.size());
    Iterator<Map.Entry<String, JsonValue>> others = right.entrySet().iterator();
    for (Map.Entry<String, JsonValue> member : left.entrySet()) {
      if (order != 0) {
        return order;
      }
      Map.Entry<String, JsonValue> other = others.next();
      order = Integer.signum(JsonValue.KEY_ORDER.compare(member.getKey(), other.getKey()));
      order = order == 0 ? compareWithin(member.getValue(), other.getValue()) : order;
    }
    return order;
  }

  /** A hash of a canonical text; equal values have equal ones. */
  public static long hash(byte[] bytes, int start, int length) {
    long hash = 0;
    int index = start;
    int end = start + length;
    while (index < end) {
      byte c = bytes[index];
      int next = index + 1;
      if (c == '"') {
        next = JsonCursor.endOfString(bytes, index);
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        next = JsonCursor.endOfWord(bytes, index, end);
        String digits = new String(bytes, index, next - index, StandardCharsets.US_ASCII);
        hash = hash * 31 + new BigDecimal(digits).stripTrailingZeros().hashCode();
        index = next;
        continue;
      }
      for (; index < next; index++) {
        hash = hash * 31 + bytes[index];
      }
    }
    return hash;
  }
}
