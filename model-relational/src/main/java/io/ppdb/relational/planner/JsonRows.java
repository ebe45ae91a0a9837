package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.json.JsonWriter;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The table functions that give a row for each element of an array or member of an object. */
final class JsonRows implements TableFunction {
  /** What the rows are made of. */
  private enum Kind {
    EACH("each", true, false),
    EACH_TEXT("each_text", true, true),
    ELEMENTS("array_elements", false, false),
    ELEMENTS_TEXT("array_elements_text", false, true),
    KEYS("object_keys", true, true);

    private final String suffix;
    private final boolean ofObjects;
    private final boolean asText;

    Kind(String suffix, boolean ofObjects, boolean asText) {
      this.suffix = suffix;
      this.ofObjects = ofObjects;
      this.asText = asText;
    }
  }

  private final String name;
  private final Kind kind;

  private JsonRows(String prefix, Kind kind) {
    this.name = prefix + kind.suffix;
    this.kind = kind;
  }

  /** Each function as {@code json_…} and as {@code jsonb_…}. */
  static List<TableFunction> all() {
    List<TableFunction> functions = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      functions.add(new JsonRows("json_", kind));
      functions.add(new JsonRows("jsonb_", kind));
    }
    return functions;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ColumnType> parameterTypes() {
    return List.of(ColumnType.JSON);
  }

  @Override
  public List<OutputColumn> outputColumns(List<@Nullable Object> constants) {
    ColumnType valueType = kind.asText ? ColumnType.TEXT : ColumnType.JSON;
    return switch (kind) {
      case EACH, EACH_TEXT ->
          List.of(new OutputColumn("key", ColumnType.TEXT), new OutputColumn("value", valueType));
      case ELEMENTS, ELEMENTS_TEXT -> List.of(new OutputColumn("value", valueType));
      case KEYS -> List.of(new OutputColumn(name, ColumnType.TEXT));
    };
  }

  @Override
  public BatchSource open(List<@Nullable Object> arguments, ExecutionContext context) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (arguments.get(0) instanceof String text) {
      addRows(JsonReader.read(text), rows);
    }
    int columnCount = kind == Kind.EACH || kind == Kind.EACH_TEXT ? 2 : 1;
    return new RowListSource(rows.iterator(), IntStream.range(0, columnCount).toArray());
  }

  private void addRows(JsonValue value, List<@Nullable Object[]> rows) {
    if (kind.ofObjects && value instanceof JsonValue.Document document) {
      document
          .members()
          .forEach(
              (key, member) ->
                  rows.add(
                      kind == Kind.KEYS
                          ? new @Nullable Object[] {key}
                          : new @Nullable Object[] {key, sqlValue(member)}));
    } else if (!kind.ofObjects && value instanceof JsonValue.Array array) {
      array.elements().forEach(element -> rows.add(new @Nullable Object[] {sqlValue(element)}));
    } else {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          name
              + " needs an "
              + (kind.ofObjects ? "object" : "array")
              + ", seen a value of type "
              + value.typeName());
    }
  }

  private @Nullable Object sqlValue(JsonValue value) {
    if (!kind.asText) {
      return JsonWriter.write(value);
    }
    return value instanceof JsonValue.Text text
        ? text.value()
        : value instanceof JsonValue.Null ? null : JsonWriter.write(value);
  }
}
