package io.ppdb.relational.expr;

import io.ppdb.relational.json.JsonCursor;
import io.ppdb.relational.json.JsonEdits;
import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.json.JsonWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the operators and functions on JSON do. What only looks into a value copies nothing. */
final class JsonFunctions {
  private JsonFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("->", (c, a) -> look(c, a, stepOf(a[1]), ColumnType.JSON));
    functions.put("->>", (c, a) -> look(c, a, stepOf(a[1]), ColumnType.TEXT));
    functions.put("#>", (c, a) -> look(c, a, pathStep(), ColumnType.JSON));
    functions.put("#>>", (c, a) -> look(c, a, pathStep(), ColumnType.TEXT));
    functions.put("#-", JsonFunctions::deletePath);
    functions.put("??", (c, a) -> hasKey(c, a));
    functions.put("??|", (c, a) -> hasKeys(c, a, false));
    functions.put("??&", (c, a) -> hasKeys(c, a, true));
    both(functions, "TYPEOF", JsonFunctions::typeName);
    both(functions, "ARRAY_LENGTH", JsonFunctions::arrayLength);
    both(functions, "PRETTY", JsonFunctions::pretty);
    both(functions, "STRIP_NULLS", (c, a) -> map(c, a, JsonEdits::withoutNulls));
    both(functions, "SET", (c, a) -> set(c, a));
    both(functions, "INSERT", (c, a) -> insert(c, a));
    both(functions, "EXTRACT_PATH", (c, a) -> look(c, a, keysStep(), ColumnType.JSON));
    both(functions, "EXTRACT_PATH_TEXT", (c, a) -> look(c, a, keysStep(), ColumnType.TEXT));
    both(functions, "BUILD_OBJECT", JsonFunctions::buildObject);
    both(functions, "BUILD_ARRAY", JsonFunctions::buildArray);
    both(functions, "OBJECT", JsonFunctions::objectOfTexts);
    functions.put("TO_JSON", JsonFunctions::toJson);
    functions.put("TO_JSONB", JsonFunctions::toJson);
  }

  private static void both(
      Map<String, Functions.Builder> functions, String name, Functions.Builder builder) {
    functions.put("JSON_" + name, builder);
    functions.put("JSONB_" + name, builder);
  }

  /** A step within a value, from the first argument; false if it leads nowhere. */
  @FunctionalInterface
  private interface Step {
    boolean move(JsonCursor cursor, Vector[] arguments, int position);
  }

  private static Step stepOf(VectorExpression key) {
    if (key.type().physical() == PhysicalType.INT) {
      return (cursor, a, i) -> cursor.element(((IntVector) a[1]).get(i));
    }
    LastMade<byte[]> keys = new LastMade<>(JsonCursor::quotedKey);
    return (cursor, a, i) -> cursor.member(keys.of((BytesVector) a[1], i));
  }

  private static Step pathStep() {
    return (cursor, a, i) -> {
      List<@Nullable String> path = texts(a[1], i);
      return path.stream().allMatch(key -> key != null && cursor.step(key));
    };
  }

  private static Step keysStep() {
    return (cursor, a, i) -> {
      for (int step = 1; step < a.length; step++) {
        if (!cursor.step(((BytesVector) a[step]).getString(i))) {
          return false;
        }
      }
      return true;
    };
  }

  /** The elements of the text array at {@code position}, null for NULL. */
  private static List<@Nullable String> texts(Vector arrays, int position) {
    Vector elements = ArrayCodec.elements((BytesVector) arrays, position);
    int count = ArrayCodec.count((BytesVector) arrays, position);
    List<@Nullable String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(elements.isNull(i) ? null : ((BytesVector) elements).getString(i));
    }
    return texts;
  }

  /** The same where NULL is an error. */
  private static List<String> path(Vector arrays, int position) {
    List<String> path = new ArrayList<>();
    for (String step : texts(arrays, position)) {
      if (step == null) {
        throw Errors.invalidArgument("path element at position " + (path.size() + 1) + " is null");
      }
      path.add(step);
    }
    return path;
  }

  /** {@code value[key]}: what {@code ->} gives. */
  static VectorExpression item(ExpressionCompiler compiler, VectorExpression[] a) {
    return look(compiler, a, stepOf(a[1]), ColumnType.JSON);
  }

  /** What a step leads to, as a slice of the value it was taken in. */
  private static VectorExpression look(
      ExpressionCompiler compiler, VectorExpression[] a, Step step, ColumnType type) {
    boolean asText = type.equals(ColumnType.TEXT);
    JsonCursor cursor = new JsonCursor();
    return compiler.strict(
        type,
        (values, selection, count, result) -> {
          BytesVector json = (BytesVector) values[0];
          BytesVector out = (BytesVector) result;
          byte[] arena = json.arena();
          out.shareArena(json);
          for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection[i];
            cursor.reset(arena, json.starts()[position], json.lengths()[position]);
            if (!step.move(cursor, values, position) || (asText && cursor.isNull())) {
              out.setNull(position);
            } else if (!asText || !cursor.isString()) {
              out.setSlice(position, cursor.start(), cursor.length());
            } else if (cursor.isPlainString()) {
              out.setSlice(position, cursor.start() + 1, cursor.length() - 2);
            } else {
              out.setString(position, cursor.text());
            }
          }
        },
        a);
  }

  private static VectorExpression map(
      ExpressionCompiler compiler, VectorExpression[] a, UnaryOperator<JsonValue> function) {
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of((v, i, r) -> JsonValues.write(function.apply(JsonValues.read(v[0], i)), r, i)),
        a);
  }

  private static VectorExpression typeName(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of((v, i, r) -> ((BytesVector) r).setString(i, cursor(v[0], i).typeName())),
        a);
  }

  private static JsonCursor cursor(Vector vector, int position) {
    BytesVector json = (BytesVector) vector;
    return new JsonCursor().reset(json.arena(), json.starts()[position], json.lengths()[position]);
  }

  private static VectorExpression arrayLength(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              JsonCursor cursor = cursor(v[0], i);
              if (!cursor.isArray()) {
                throw Errors.invalidArgument(
                    cursor.isObject()
                        ? "cannot get array length of a non-array"
                        : "cannot get array length of a scalar");
              }
              ((IntVector) r).set(i, cursor.elementCount());
            }),
        a);
  }

  private static VectorExpression pretty(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) ->
                ((BytesVector) r).setString(i, JsonWriter.pretty(JsonValues.read(v[0], i)))),
        a);
  }

  /** {@code left @> right}. */
  static VectorExpression contains(
      ExpressionCompiler compiler, VectorExpression left, VectorExpression right) {
    LastMade<JsonValue> wholes = new LastMade<>(JsonReader::read);
    LastMade<JsonValue> parts = new LastMade<>(JsonReader::read);
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of(
            (v, i, r) ->
                ((BooleanVector) r)
                    .set(
                        i,
                        JsonEdits.contains(
                            wholes.of((BytesVector) v[0], i), parts.of((BytesVector) v[1], i)))),
        left,
        right);
  }

  /** {@code left || right}. */
  static VectorExpression concat(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of(
            (v, i, r) ->
                JsonValues.write(
                    JsonEdits.concat(JsonValues.read(v[0], i), JsonValues.read(v[1], i)), r, i)),
        a);
  }

  /** {@code value - key}, {@code value - keys} or {@code value - position}. */
  static VectorExpression without(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of(
            (v, i, r) -> {
              JsonValue value = JsonValues.read(v[0], i);
              JsonValue rest =
                  switch (v[1].type().kind()) {
                    case SMALLINT, INTEGER -> JsonEdits.without(value, ((IntVector) v[1]).get(i));
                    case ARRAY -> JsonEdits.without(value, path(v[1], i));
                    default -> JsonEdits.without(value, List.of(((BytesVector) v[1]).getString(i)));
                  };
              JsonValues.write(rest, r, i);
            }),
        a);
  }

  private static VectorExpression deletePath(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of(
            (v, i, r) ->
                JsonValues.write(
                    JsonEdits.edit(
                        JsonValues.read(v[0], i),
                        path(v[1], i),
                        JsonValue.Null.INSTANCE,
                        JsonEdits.Edit.DELETE),
                    r,
                    i)),
        a);
  }

  private static VectorExpression set(ExpressionCompiler compiler, VectorExpression[] a) {
    return edit(compiler, a, JsonEdits.Edit.SET, JsonEdits.Edit.SET, JsonEdits.Edit.REPLACE);
  }

  private static VectorExpression insert(ExpressionCompiler compiler, VectorExpression[] a) {
    return edit(
        compiler,
        a,
        JsonEdits.Edit.INSERT_BEFORE,
        JsonEdits.Edit.INSERT_AFTER,
        JsonEdits.Edit.INSERT_BEFORE);
  }

  /** An edit that the fourth argument chooses, if there is one. */
  private static VectorExpression edit(
      ExpressionCompiler compiler,
      VectorExpression[] a,
      JsonEdits.Edit otherwise,
      JsonEdits.Edit ifTrue,
      JsonEdits.Edit ifFalse) {
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of(
            (v, i, r) -> {
              JsonEdits.Edit edit =
                  v.length < 4 ? otherwise : ((BooleanVector) v[3]).get(i) ? ifTrue : ifFalse;
              JsonValues.write(
                  JsonEdits.edit(
                      JsonValues.read(v[0], i), path(v[1], i), JsonValues.read(v[2], i), edit),
                  r,
                  i);
            }),
        a);
  }

  private static VectorExpression hasKey(ExpressionCompiler compiler, VectorExpression[] a) {
    return truth(compiler, a, (v, i) -> JsonEdits.hasKey(JsonValues.read(v[0], i), text(v[1], i)));
  }

  private static String text(Vector vector, int position) {
    return ((BytesVector) vector).getString(position);
  }

  private static VectorExpression hasKeys(
      ExpressionCompiler compiler, VectorExpression[] a, boolean all) {
    return truth(
        compiler,
        a,
        (v, i) -> {
          JsonValue value = JsonValues.read(v[0], i);
          List<String> keys = texts(v[1], i).stream().filter(key -> key != null).toList();
          return all
              ? keys.stream().allMatch(key -> JsonEdits.hasKey(value, key))
              : keys.stream().anyMatch(key -> JsonEdits.hasKey(value, key));
        });
  }

  private static VectorExpression truth(
      ExpressionCompiler compiler, VectorExpression[] a, BiPredicate<Vector[], Integer> test) {
    return compiler.strict(
        ColumnType.BOOLEAN, Kernel.of((v, i, r) -> ((BooleanVector) r).set(i, test.test(v, i))), a);
  }

  private static VectorExpression toJson(ExpressionCompiler compiler, VectorExpression[] a) {
    ZoneId zone = compiler.context().timeZone();
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of((v, i, r) -> JsonValues.write(JsonValues.of(v[0], i, zone), r, i)),
        a);
  }

  private static VectorExpression buildArray(ExpressionCompiler compiler, VectorExpression[] a) {
    ZoneId zone = compiler.context().timeZone();
    return new NullableCall(
        ColumnType.JSON,
        compiler.context(),
        (v, i, r) -> {
          List<JsonValue> elements = new ArrayList<>(v.length);
          for (Vector vector : v) {
            elements.add(JsonValues.of(vector, i, zone));
          }
          JsonValues.write(new JsonValue.Array(elements), r, i);
        },
        a);
  }

  private static VectorExpression buildObject(ExpressionCompiler compiler, VectorExpression[] a) {
    if (a.length % 2 != 0) {
      throw Errors.invalidArgument(
          "json_build_object needs pairs of keys and values, seen " + a.length + " arguments");
    }
    ZoneId zone = compiler.context().timeZone();
    return new NullableCall(
        ColumnType.JSON,
        compiler.context(),
        (v, i, r) -> {
          NavigableMap<String, JsonValue> members = JsonValue.newMembers();
          for (int member = 0; member < v.length; member += 2) {
            if (v[member].isNull(i)) {
              throw Errors.invalidArgument("argument " + (member + 1) + ": key must not be null");
            }
            members.put(
                TextFormat.format(v[member], i, zone), JsonValues.of(v[member + 1], i, zone));
          }
          JsonValues.write(new JsonValue.Document(members), r, i);
        },
        a);
  }

  /** An object of keys and values in turn, or of an array of each. */
  private static VectorExpression objectOfTexts(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.JSON,
        Kernel.of(
            (v, i, r) -> {
              List<@Nullable String> first = texts(v[0], i);
              List<@Nullable String> second = v.length == 2 ? texts(v[1], i) : first;
              int count = v.length == 2 ? first.size() : first.size() / 2;
              if (v.length == 2 ? first.size() != second.size() : first.size() % 2 != 0) {
                throw Errors.invalidArgument(
                    v.length == 2
                        ? "mismatched array dimensions: " + first.size() + " and " + second.size()
                        : "array must have even number of elements, seen " + first.size());
              }
              NavigableMap<String, JsonValue> members = JsonValue.newMembers();
              for (int member = 0; member < count; member++) {
                String key = first.get(v.length == 2 ? member : 2 * member);
                String value = second.get(v.length == 2 ? member : 2 * member + 1);
                if (key == null) {
                  throw Errors.invalidArgument("null value not allowed for object key");
                }
                members.put(
                    key, value == null ? JsonValue.Null.INSTANCE : new JsonValue.Text(value));
              }
              JsonValues.write(new JsonValue.Document(members), r, i);
            }),
        a);
  }
}
