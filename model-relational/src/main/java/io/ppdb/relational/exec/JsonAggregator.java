package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.JsonValues;
import io.ppdb.relational.expr.TextFormat;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** json_agg and json_object_agg: an array, or an object, of the rows of a group. */
final class JsonAggregator implements Accumulator {
  /** What a value takes beside its characters, about. */
  private static final int BYTES_PER_VALUE = 64;

  private final boolean isObject;
  private final ZoneId zone;
  private final List<@Nullable List<JsonValue>> elements = new ArrayList<>();
  private final List<@Nullable NavigableMap<String, JsonValue>> members = new ArrayList<>();
  private long bytes;

  JsonAggregator(boolean isObject, ZoneId zone) {
    this.isObject = isObject;
    this.zone = zone;
  }

  @Override
  public boolean wantsNulls() {
    return true;
  }

  @Override
  public void ensureGroups(int groupCount) {
    while (elements.size() < groupCount) {
      elements.add(null);
      members.add(null);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int group = groups == null ? 0 : groups[i];
      JsonValue value = JsonValues.of(arguments[isObject ? 1 : 0], position, zone);
      bytes += BYTES_PER_VALUE + size(value);
      if (isObject) {
        addMember(group, arguments[0], position, value);
      } else {
        List<JsonValue> known = elements.get(group);
        if (known == null) {
          known = new ArrayList<>();
          elements.set(group, known);
        }
        known.add(value);
      }
    }
  }

  private void addMember(int group, Vector keys, int position, JsonValue value) {
    if (keys.isNull(position)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "json_object_agg: field name must not be null");
    }
    NavigableMap<String, JsonValue> known = members.get(group);
    if (known == null) {
      known = JsonValue.newMembers();
      members.set(group, known);
    }
    known.put(TextFormat.format(keys, position, zone), value);
  }

  /** Bytes of heap that a value takes, about. */
  private static long size(JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      return text.value().length();
    } else if (value instanceof JsonValue.Array array) {
      return array.elements().stream().mapToLong(part -> BYTES_PER_VALUE + size(part)).sum();
    } else if (value instanceof JsonValue.Document document) {
      return document.members().values().stream()
          .mapToLong(part -> 2 * BYTES_PER_VALUE + size(part))
          .sum();
    }
    return 0;
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      List<JsonValue> array = elements.get(first + i);
      NavigableMap<String, JsonValue> object = members.get(first + i);
      if (array != null) {
        JsonValues.write(new JsonValue.Array(array), result, i);
      } else if (object != null) {
        JsonValues.write(new JsonValue.Document(object), result, i);
      } else {
        result.setNull(i);
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return bytes + 16L * elements.size();
  }
}
