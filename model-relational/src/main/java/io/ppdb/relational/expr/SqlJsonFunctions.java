package io.ppdb.relational.expr;

import static io.ppdb.relational.type.ColumnType.BOOLEAN;
import static io.ppdb.relational.type.ColumnType.JSON;
import static io.ppdb.relational.type.ColumnType.TEXT;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.json.JsonPath;
import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.json.JsonWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperator;

/**
 * The functions of SQL/JSON, which the parser knows under their own names and queries are rewritten
 * to use under these, and the functions and operators of PostgreSQL that take a path.
 */
public final class SqlJsonFunctions {
  private static final List<ColumnType> DOCUMENT = List.of(TEXT, JSON);

  /** {@code (document, path, on empty, on error, NULL of the type [, default, default])}. */
  public static final SqlFunction VALUE =
      JsonOperators.functionOf(
          "$JSON_VALUE",
          binding ->
              binding.getTypeFactory().createTypeWithNullability(binding.getOperandType(4), true),
          Parameters.oneOf(
                  List.of(
                      DOCUMENT,
                      List.of(TEXT),
                      List.of(TEXT),
                      List.of(TEXT),
                      Parameters.ANY,
                      Parameters.ANY,
                      Parameters.ANY))
              .requiring(7));

  /** {@code (document, path, wrapper, on empty, on error)}. */
  public static final SqlFunction QUERY =
      JsonOperators.functionOf(
          "$JSON_QUERY",
          JsonOperators.maybe(JSON),
          Parameters.oneOf(
              List.of(DOCUMENT, List.of(TEXT), List.of(TEXT), List.of(TEXT), List.of(TEXT))));

  /** {@code (document, path, on error)}. */
  public static final SqlFunction EXISTS =
      JsonOperators.functionOf(
          "$JSON_EXISTS",
          JsonOperators.maybe(BOOLEAN),
          Parameters.oneOf(List.of(DOCUMENT, List.of(TEXT), List.of(TEXT))));

  /** {@code (text, kind)}. */
  public static final SqlFunction IS_JSON =
      JsonOperators.functionOf(
          "$IS_JSON",
          JsonOperators.strict(BOOLEAN),
          Parameters.oneOf(List.of(DOCUMENT, List.of(TEXT))));

  /** {@code (element, …)}, those that are not NULL. */
  public static final SqlFunction ARRAY =
      JsonOperators.functionOf(
          "$JSON_ARRAY",
          JsonOperators.always(JSON),
          Parameters.oneOf(List.of(Parameters.ANY)).variadic());

  /** {@code (key, value, …)}, those whose value is not NULL. */
  public static final SqlFunction OBJECT =
      JsonOperators.functionOf(
          "$JSON_OBJECT",
          JsonOperators.always(JSON),
          Parameters.oneOf(List.of(Parameters.ANY)).variadic());

  private SqlJsonFunctions() {}

  static List<SqlFunction> functions() {
    List<SqlFunction> functions =
        new ArrayList<>(List.of(VALUE, QUERY, EXISTS, IS_JSON, ARRAY, OBJECT));
    Parameters path = Parameters.of(JSON, TEXT);
    functions.add(
        JsonOperators.functionOf("JSONB_PATH_EXISTS", JsonOperators.strict(BOOLEAN), path));
    functions.add(JsonOperators.functionOf("JSONB_PATH_MATCH", JsonOperators.maybe(BOOLEAN), path));
    functions.add(
        JsonOperators.functionOf("JSONB_PATH_QUERY_FIRST", JsonOperators.maybe(JSON), path));
    functions.add(
        JsonOperators.functionOf("JSONB_PATH_QUERY_ARRAY", JsonOperators.strict(JSON), path));
    return functions;
  }

  static List<SqlOperator> operators() {
    Parameters path = Parameters.of(JSON, TEXT);
    return List.of(
        JsonOperators.infixOperator("@?", JsonOperators.maybe(BOOLEAN), path),
        JsonOperators.infixOperator("@@", JsonOperators.maybe(BOOLEAN), path));
  }

  static void register(Map<String, Functions.Builder> functions) {
    functions.put(VALUE.getName(), SqlJsonFunctions::value);
    functions.put(QUERY.getName(), SqlJsonFunctions::query);
    functions.put(EXISTS.getName(), SqlJsonFunctions::exists);
    functions.put(IS_JSON.getName(), SqlJsonFunctions::isJson);
    functions.put(ARRAY.getName(), SqlJsonFunctions::array);
    functions.put(OBJECT.getName(), SqlJsonFunctions::object);
    functions.put("JSONB_PATH_EXISTS", (c, a) -> pathExists(c, a, false));
    functions.put("JSONB_PATH_MATCH", (c, a) -> pathMatches(c, a, false));
    functions.put("@?", (c, a) -> pathExists(c, a, true));
    functions.put("@@", (c, a) -> pathMatches(c, a, true));
    functions.put(
        "JSONB_PATH_QUERY_FIRST",
        (c, a) ->
            found(
                c,
                a,
                JSON,
                (values, r, i) -> {
                  if (values.isEmpty()) {
                    r.setNull(i);
                  } else {
                    JsonValues.write(values.get(0), r, i);
                  }
                }));
    functions.put(
        "JSONB_PATH_QUERY_ARRAY",
        (c, a) ->
            found(
                c, a, JSON, (values, r, i) -> JsonValues.write(new JsonValue.Array(values), r, i)));
  }

  /** What becomes of the values that a path leads to. */
  @FunctionalInterface
  private interface Found {
    void store(List<JsonValue> values, Vector result, int position);
  }

  private static VectorExpression found(
      ExpressionCompiler compiler, VectorExpression[] a, ColumnType type, Found found) {
    LastMade<JsonPath> paths = new LastMade<>(JsonPath::parse);
    return compiler.strict(
        type,
        Kernel.of(
            (v, i, r) ->
                found.store(
                    paths.of((BytesVector) v[1], i).select(JsonValues.read(v[0], i)), r, i)),
        a);
  }

  /** Stores what {@code attempt} gives; NULL if it fails and failures are to be silent. */
  private static void attempt(boolean silent, Vector result, int position, Runnable attempt) {
    try {
      attempt.run();
    } catch (PpdbException e) {
      if (!silent) {
        throw e;
      }
      result.setNull(position);
    }
  }

  private static VectorExpression pathExists(
      ExpressionCompiler compiler, VectorExpression[] a, boolean silent) {
    LastMade<JsonPath> paths = new LastMade<>(JsonPath::parse);
    return compiler.strict(
        BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              JsonPath path = paths.of((BytesVector) v[1], i);
              JsonValue document = JsonValues.read(v[0], i);
              attempt(
                  silent, r, i, () -> ((BooleanVector) r).set(i, !path.select(document).isEmpty()));
            }),
        a);
  }

  private static VectorExpression pathMatches(
      ExpressionCompiler compiler, VectorExpression[] a, boolean silent) {
    LastMade<JsonPath> paths = new LastMade<>(JsonPath::parse);
    return compiler.strict(
        BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              JsonPath path = paths.of((BytesVector) v[1], i);
              JsonValue document = JsonValues.read(v[0], i);
              attempt(silent, r, i, () -> setMatch(path.select(document), silent, r, i));
            }),
        a);
  }

  private static void setMatch(
      List<JsonValue> values, boolean silent, Vector result, int position) {
    JsonValue single = values.size() == 1 ? values.get(0) : null;
    if (single instanceof JsonValue.Truth truth) {
      ((BooleanVector) result).set(position, truth.value());
    } else if (silent || single instanceof JsonValue.Null) {
      result.setNull(position);
    } else {
      throw Errors.invalidArgument("jsonpath: a single boolean result is expected");
    }
  }

  private static JsonValue document(Vector vector, int position) {
    return JsonReader.read(((BytesVector) vector).getString(position));
  }

  private static String option(VectorExpression argument) {
    String text = Functions.constantText(argument);
    if (text == null) {
      throw new IllegalStateException("an option of SQL/JSON that is no constant");
    }
    return text;
  }

  private static VectorExpression value(ExpressionCompiler compiler, VectorExpression[] a) {
    String onEmpty = option(a[2]);
    String onError = option(a[3]);
    ColumnType type = a[4].type();
    ZoneId zone = compiler.context().timeZone();
    LastMade<JsonPath> paths = new LastMade<>(JsonPath::parse);
    int[] single = new int[1];
    return compiler.nullable(
        type,
        (v, i, r) -> {
          if (v[0].isNull(i) || v[1].isNull(i)) {
            r.setNull(i);
            return;
          }
          JsonPath path = paths.of((BytesVector) v[1], i);
          try {
            List<JsonValue> values = path.select(document(v[0], i));
            if (values.isEmpty()) {
              if (onEmpty.equals("ERROR")) {
                throw Errors.invalidArgument("JSON_VALUE: no SQL/JSON item");
              }
              single[0] = onEmpty.equals("DEFAULT") ? i : -1;
              r.copy(v[2], single, 1, i);
            } else {
              setScalar(values, type, r, i, zone);
            }
          } catch (PpdbException e) {
            if (onError.equals("ERROR")) {
              throw e;
            }
            single[0] = onError.equals("DEFAULT") ? i : -1;
            r.copy(v[3], single, 1, i);
          }
        },
        a[0],
        StringFunctions.text(compiler, a[1]),
        compiler.cast(a[5], type),
        compiler.cast(a[6], type));
  }

  private static void setScalar(
      List<JsonValue> values, ColumnType type, Vector result, int position, ZoneId zone) {
    JsonValue value = values.get(0);
    if (values.size() > 1 || !value.isScalar()) {
      throw Errors.invalidArgument(
          "JSON_VALUE: a single scalar is expected, seen "
              + (values.size() > 1 ? values.size() + " values" : "an " + value.typeName()));
    }
    if (value instanceof JsonValue.Null) {
      result.setNull(position);
    } else if (value instanceof JsonValue.Text text && type.kind() != TypeKind.JSON) {
      TextFormat.parse(text.value(), result, position, zone);
    } else {
      TextFormat.parse(JsonWriter.write(value), result, position, zone);
    }
  }

  private static VectorExpression query(ExpressionCompiler compiler, VectorExpression[] a) {
    String wrapper = option(a[2]);
    String onEmpty = option(a[3]);
    String onError = option(a[4]);
    LastMade<JsonPath> paths = new LastMade<>(JsonPath::parse);
    return compiler.strict(
        JSON,
        Kernel.of(
            (v, i, r) -> {
              JsonPath path = paths.of((BytesVector) v[1], i);
              try {
                List<JsonValue> values = path.select(document(v[0], i));
                if (values.isEmpty()) {
                  otherwise(onEmpty, Errors.invalidArgument("JSON_QUERY: no SQL/JSON item"), r, i);
                } else {
                  JsonValues.write(wrapped(values, wrapper), r, i);
                }
              } catch (PpdbException e) {
                otherwise(onError, e, r, i);
              }
            }),
        a[0],
        StringFunctions.text(compiler, a[1]));
  }

  private static JsonValue wrapped(List<JsonValue> values, String wrapper) {
    boolean several = values.size() > 1;
    boolean wraps =
        switch (wrapper) {
          case "WITH_UNCONDITIONAL_ARRAY" -> true;
          case "WITH_CONDITIONAL_ARRAY" -> several;
          default -> false;
        };
    if (!wraps && several) {
      throw Errors.invalidArgument(
          "JSON_QUERY: " + values.size() + " values, which need WITH WRAPPER");
    }
    return wraps ? new JsonValue.Array(values) : values.get(0);
  }

  private static void otherwise(
      String behaviour, PpdbException error, Vector result, int position) {
    switch (behaviour) {
      case "ERROR" -> throw error;
      case "EMPTY_ARRAY" -> JsonValues.write(new JsonValue.Array(List.of()), result, position);
      case "EMPTY_OBJECT" ->
          JsonValues.write(new JsonValue.Document(JsonValue.newMembers()), result, position);
      default -> result.setNull(position);
    }
  }

  private static VectorExpression exists(ExpressionCompiler compiler, VectorExpression[] a) {
    String onError = option(a[2]);
    LastMade<JsonPath> paths = new LastMade<>(JsonPath::parse);
    return compiler.strict(
        BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              JsonPath path = paths.of((BytesVector) v[1], i);
              try {
                ((BooleanVector) r).set(i, !path.select(document(v[0], i)).isEmpty());
              } catch (PpdbException e) {
                switch (onError) {
                  case "ERROR" -> throw e;
                  case "UNKNOWN" -> r.setNull(i);
                  default -> ((BooleanVector) r).set(i, onError.equals("TRUE"));
                }
              }
            }),
        a[0],
        StringFunctions.text(compiler, a[1]));
  }

  private static VectorExpression isJson(ExpressionCompiler compiler, VectorExpression[] a) {
    String kind = option(a[1]);
    return compiler.strict(
        BOOLEAN, Kernel.of((v, i, r) -> ((BooleanVector) r).set(i, isJson(v[0], i, kind))), a[0]);
  }

  private static boolean isJson(Vector vector, int position, String kind) {
    try {
      JsonValue value = document(vector, position);
      return switch (kind) {
        case "OBJECT" -> value instanceof JsonValue.Document;
        case "ARRAY" -> value instanceof JsonValue.Array;
        case "SCALAR" -> value.isScalar();
        default -> true;
      };
    } catch (PpdbException e) {
      return false;
    }
  }

  private static VectorExpression array(ExpressionCompiler compiler, VectorExpression[] a) {
    ZoneId zone = compiler.context().timeZone();
    return compiler.nullable(
        JSON,
        (v, i, r) -> {
          List<JsonValue> elements = new ArrayList<>();
          for (Vector vector : v) {
            if (!vector.isNull(i)) {
              elements.add(JsonValues.of(vector, i, zone));
            }
          }
          JsonValues.write(new JsonValue.Array(elements), r, i);
        },
        a);
  }

  private static VectorExpression object(ExpressionCompiler compiler, VectorExpression[] a) {
    ZoneId zone = compiler.context().timeZone();
    return compiler.nullable(
        JSON,
        (v, i, r) -> {
          NavigableMap<String, JsonValue> members = JsonValue.newMembers();
          for (int member = 0; member < v.length; member += 2) {
            if (!v[member + 1].isNull(i)) {
              members.put(
                  TextFormat.format(v[member], i, zone), JsonValues.of(v[member + 1], i, zone));
            }
          }
          JsonValues.write(new JsonValue.Document(members), r, i);
        },
        a);
  }
}
