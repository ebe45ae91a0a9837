package io.ppdb.relational.json;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A JSON value as a tree, at most {@link #MAX_DEPTH} levels of arrays and objects deep, which is
 * why the methods of this package may recurse. Immutable.
 */
public sealed interface JsonValue {
  /** Levels of arrays and objects within each other. */
  int MAX_DEPTH = 1000;

  /** The order of an object's keys: shorter ones first, then by bytes, as in PostgreSQL's jsonb. */
  Comparator<String> KEY_ORDER =
      Comparator.comparingInt(JsonValue::utf8Length).thenComparing(JsonValue::compareCodePoints);

  /** The value null, which is not SQL's NULL. */
  record Null() implements JsonValue {
    public static final Null INSTANCE = new Null();

    @Override
    public String typeName() {
      return "null";
    }
  }

  record Truth(boolean value) implements JsonValue {
    @Override
    public String typeName() {
      return "boolean";
    }
  }

  /** A number, of any scale that its text had. */
  record Numeric(BigDecimal value) implements JsonValue {
    @Override
    public String typeName() {
      return "number";
    }
  }

  record Text(String value) implements JsonValue {
    @Override
    public String typeName() {
      return "string";
    }
  }

  record Array(List<JsonValue> elements) implements JsonValue {
    public Array {
      elements = Collections.unmodifiableList(elements);
    }

    @Override
    public String typeName() {
      return "array";
    }
  }

  /** An object; its members stand in {@link #KEY_ORDER}. */
  record Document(NavigableMap<String, JsonValue> members) implements JsonValue {
    public Document {
      members = Collections.unmodifiableNavigableMap(members);
    }

    @Override
    public String typeName() {
      return "object";
    }
  }

  /** What jsonb_typeof calls the type of this value. */
  String typeName();

  /** Whether this is neither an array nor an object. */
  default boolean isScalar() {
    return !(this instanceof Array) && !(this instanceof Document);
  }

  /** A map for the members of an object. */
  static NavigableMap<String, JsonValue> newMembers() {
    return new TreeMap<>(KEY_ORDER);
  }

  /** The error for a value that is nested deeper than {@link #MAX_DEPTH}. */
  static PpdbException tooDeep() {
    return new PpdbException(
        ErrorCode.STATEMENT_TOO_COMPLEX,
        "JSON is nested deeper than " + MAX_DEPTH + " arrays and objects");
  }

  private static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a pair of surrogates makes two of the four bytes.
      length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return length;
  }

  /** The order of code points, which is that of the bytes of UTF-8. */
  static int compareCodePoints(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean aHigh = Character.isSurrogate(a);
        boolean bHigh = Character.isSurrogate(b);
        return aHigh == bHigh ? Character.compare(a, b) : Boolean.compare(aHigh, bHigh);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
