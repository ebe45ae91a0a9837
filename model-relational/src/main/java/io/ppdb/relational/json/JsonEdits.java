package io.ppdb.relational.json;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** What operators and functions make of JSON values, as PostgreSQL does for jsonb. */
public final class JsonEdits {
  private JsonEdits() {}

  /** What becomes of the place that a path leads to. */
  public enum Edit {
    /** The value is replaced, or added where nothing stands. */
    SET,
    /** The value is replaced if there is one. */
    REPLACE,
    /** A value is put before the element, or added to an object that lacks the key. */
    INSERT_BEFORE,
    /** A value is put behind the element, or added to an object that lacks the key. */
    INSERT_AFTER,
    /** What stands there goes. */
    DELETE;

    boolean isInserting() {
      return this == INSERT_BEFORE || this == INSERT_AFTER;
    }

    boolean isAdding() {
      return this == SET || isInserting();
    }
  }

  /** {@code target} with {@code value} at the place that {@code path} leads to. */
  public static JsonValue edit(JsonValue target, List<String> path, JsonValue value, Edit edit) {
    if (target.isScalar()) {
      throw invalid(
          edit == Edit.DELETE ? "cannot delete path in scalar" : "cannot set path in scalar");
    }
    return path.isEmpty() ? target : edit(target, path, 0, value, edit);
  }

  private static JsonValue edit(
      JsonValue target, List<String> path, int level, JsonValue value, Edit edit) {
    boolean last = level == path.size() - 1;
    if (target instanceof JsonValue.Document document) {
      String key = path.get(level);
      JsonValue known = document.members().get(key);
      NavigableMap<String, JsonValue> members = JsonValue.newMembers();
      members.putAll(document.members());
      if (last && edit == Edit.DELETE) {
        members.remove(key);
      } else if (last && known != null && edit.isInserting()) {
        throw invalid(
            "cannot replace existing key \"" + key + "\": jsonb_set replaces, jsonb_insert adds");
      } else if (last && (known != null || edit.isAdding())) {
        members.put(key, value);
      } else if (!last && known != null) {
        members.put(key, edit(known, path, level + 1, value, edit));
      }
      return new JsonValue.Document(members);
    }
    return target instanceof JsonValue.Array array
        ? editElement(array.elements(), path, level, value, edit)
        : target;
  }

  private static JsonValue editElement(
      List<JsonValue> elements, List<String> path, int level, JsonValue value, Edit edit) {
    boolean last = level == path.size() - 1;
    int index = position(path, level);
    index = index < 0 ? index + elements.size() : index;
    List<JsonValue> result = new ArrayList<>(elements);
    if (index < 0 || index >= elements.size()) {
      if (last && edit.isAdding()) {
        result.add(index < 0 ? 0 : result.size(), value);
      }
    } else if (!last) {
      result.set(index, edit(elements.get(index), path, level + 1, value, edit));
    } else {
      switch (edit) {
        case SET, REPLACE -> result.set(index, value);
        case INSERT_BEFORE -> result.add(index, value);
        case INSERT_AFTER -> result.add(index + 1, value);
        case DELETE -> result.remove(index);
      }
    }
    return new JsonValue.Array(result);
  }

  private static int position(List<String> path, int level) {
    String step = path.get(level);
    try {
      return Integer.parseInt(step.trim());
    } catch (NumberFormatException e) {
      throw new PpdbException(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "path element at position " + (level + 1) + " is not an integer: \"" + step + "\"",
          e);
    }
  }

  /** {@code value - key}: without the member, or without the elements that are this string. */
  public static JsonValue without(JsonValue value, List<String> keys) {
    if (value instanceof JsonValue.Document document) {
      NavigableMap<String, JsonValue> members = JsonValue.newMembers();
      members.putAll(document.members());
      keys.forEach(members::remove);
      return new JsonValue.Document(members);
    }
    if (value instanceof JsonValue.Array array) {
      List<JsonValue> elements = new ArrayList<>(array.elements());
      elements.removeIf(
          element -> element instanceof JsonValue.Text text && keys.contains(text.value()));
      return new JsonValue.Array(elements);
    }
    throw invalid("cannot delete from scalar");
  }

  /** {@code value - position}: without the element. */
  public static JsonValue without(JsonValue value, int position) {
    if (!(value instanceof JsonValue.Array array)) {
      throw invalid(
          value.isScalar()
              ? "cannot delete from scalar"
              : "cannot delete from object using integer index");
    }
    List<JsonValue> elements = new ArrayList<>(array.elements());
    int index = position < 0 ? position + elements.size() : position;
    if (index >= 0 && index < elements.size()) {
      elements.remove(index);
    }
    return new JsonValue.Array(elements);
  }

  /** {@code left || right}: members of both objects, or elements of both arrays. */
  public static JsonValue concat(JsonValue left, JsonValue right) {
    if (left instanceof JsonValue.Document first && right instanceof JsonValue.Document second) {
      NavigableMap<String, JsonValue> members = JsonValue.newMembers();
      members.putAll(first.members());
      members.putAll(second.members());
      return new JsonValue.Document(members);
    }
    List<JsonValue> elements = new ArrayList<>(elements(left));
    elements.addAll(elements(right));
    return new JsonValue.Array(elements);
  }

  private static List<JsonValue> elements(JsonValue value) {
    return value instanceof JsonValue.Array array ? array.elements() : List.of(value);
  }

  /** Without the members, at any depth, whose value is null. */
  public static JsonValue withoutNulls(JsonValue value) {
    if (value instanceof JsonValue.Document document) {
      NavigableMap<String, JsonValue> members = JsonValue.newMembers();
      for (Map.Entry<String, JsonValue> member : document.members().entrySet()) {
        if (member.getValue() != JsonValue.Null.INSTANCE) {
          members.put(member.getKey(), withoutNulls(member.getValue()));
        }
      }
      return new JsonValue.Document(members);
    }
    return value instanceof JsonValue.Array array
        ? new JsonValue.Array(array.elements().stream().map(JsonEdits::withoutNulls).toList())
        : value;
  }

  /** {@code left @> right}; an array contains a scalar that is one of its elements. */
  public static boolean contains(JsonValue left, JsonValue right) {
    if (left instanceof JsonValue.Array array && right.isScalar()) {
      return array.elements().stream().anyMatch(element -> equal(element, right));
    }
    return containsDeeply(left, right);
  }

  private static boolean containsDeeply(JsonValue left, JsonValue right) {
    if (left instanceof JsonValue.Document document && right instanceof JsonValue.Document part) {
      return part.members().entrySet().stream()
          .allMatch(
              member -> {
                JsonValue known = document.members().get(member.getKey());
                return known != null && containsDeeply(known, member.getValue());
              });
    }
    if (left instanceof JsonValue.Array array && right instanceof JsonValue.Array part) {
      return part.elements().stream()
          .allMatch(
              wanted ->
                  array.elements().stream().anyMatch(element -> containsDeeply(element, wanted)));
    }
    return left.isScalar() && right.isScalar() && equal(left, right);
  }

  private static boolean equal(JsonValue left, JsonValue right) {
    return JsonComparison.compare(left, right) == 0;
  }

  /** {@code value ? key}: a key of the object, an element that is this string, or the string. */
  public static boolean hasKey(JsonValue value, String key) {
    if (value instanceof JsonValue.Document document) {
      return document.members().containsKey(key);
    }
    JsonValue wanted = new JsonValue.Text(key);
    return value instanceof JsonValue.Array array
        ? array.elements().contains(wanted)
        : value.equals(wanted);
  }

  private static PpdbException invalid(String message) {
    return new PpdbException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
