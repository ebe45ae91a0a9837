package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operators and functions on arrays do. Positions count from 1. */
final class ArrayFunctions {
  private ArrayFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("ARRAY_LENGTH", (c, a) -> bound(c, a, false));
    functions.put("ARRAY_UPPER", (c, a) -> bound(c, a, false));
    functions.put("ARRAY_LOWER", (c, a) -> bound(c, a, true));
    functions.put("CARDINALITY", ArrayFunctions::cardinality);
    functions.put("$OR_EMPTY", ArrayFunctions::orEmpty);
    functions.put("ARRAY_NDIMS", ArrayFunctions::dimensions);
    functions.put("ARRAY_APPEND", (c, a) -> joined(c, a[0], a[1]));
    functions.put("ARRAY_PREPEND", (c, a) -> joined(c, a[0], a[1]));
    functions.put("ARRAY_CAT", (c, a) -> joined(c, a[0], a[1]));
    functions.put("ARRAY_REMOVE", (c, a) -> replace(c, a));
    functions.put("ARRAY_REPLACE", (c, a) -> replace(c, a));
    functions.put("ARRAY_POSITION", ArrayFunctions::position);
    functions.put("ARRAY_POSITIONS", ArrayFunctions::positions);
    functions.put("TRIM_ARRAY", ArrayFunctions::trim);
    functions.put("ITEM", ArrayFunctions::item);
    functions.put("&&", ArrayFunctions::overlap);
    functions.put("ARRAY_TO_STRING", ArrayFunctions::toText);
    functions.put("STRING_TO_ARRAY", ArrayFunctions::ofText);
  }

  private static boolean isArray(VectorExpression expression) {
    return expression.type().kind() == TypeKind.ARRAY;
  }

  /** The type that elements of arrays, and elements, meet in. */
  private static ColumnType common(VectorExpression... arguments) {
    ColumnType common = null;
    for (VectorExpression argument : arguments) {
      ColumnType type = isArray(argument) ? argument.type().elementType() : argument.type();
      if (!isNull(argument) || isArray(argument)) {
        common = common == null ? type : Types.common(common, type);
      }
    }
    return common == null ? ColumnType.TEXT : common;
  }

  /** {@code argument} as an element, or an array, of {@code element}. */
  private static VectorExpression as(
      ExpressionCompiler compiler, VectorExpression argument, ColumnType element) {
    return compiler.cast(argument, isArray(argument) ? ColumnType.array(element) : element);
  }

  /** {@code ARRAY[…]} of elements of {@code type}. */
  static VectorExpression construct(
      ExpressionCompiler compiler, ColumnType type, VectorExpression[] elements) {
    VectorExpression[] cast = new VectorExpression[elements.length];
    for (int i = 0; i < cast.length; i++) {
      cast[i] = compiler.cast(elements[i], type.elementType());
    }
    return compiler.nullable(
        type,
        (v, i, r) -> {
          Vector values = Vector.create(type.elementType(), v.length);
          int[] position = {i};
          for (int j = 0; j < v.length; j++) {
            values.copy(v[j], position, 1, j);
          }
          ArrayCodec.set((BytesVector) r, i, values, 0, v.length);
        },
        cast);
  }

  /** {@code left || right}, where a NULL without a type is an array. */
  static VectorExpression concat(
      ExpressionCompiler compiler, VectorExpression left, VectorExpression right) {
    if (isNull(right) && !isArray(right)) {
      return left;
    }
    return isNull(left) && !isArray(left) ? right : joined(compiler, left, right);
  }

  private static boolean isNull(VectorExpression argument) {
    return argument instanceof Constant constant && constant.value() == null;
  }

  /** The elements of several arrays, and elements, in turn; NULL arrays have none. */
  static VectorExpression joined(
      ExpressionCompiler compiler, VectorExpression left, VectorExpression right) {
    ColumnType element = common(left, right);
    boolean[] arrays = {isArray(left), isArray(right)};
    return compiler.nullable(
        ColumnType.array(element),
        (v, i, r) -> {
          if (arrays[0] && arrays[1] && v[0].isNull(i) && v[1].isNull(i)) {
            r.setNull(i);
            return;
          }
          Vector values = Vector.create(element, 4);
          int count = 0;
          for (int j = 0; j < 2; j++) {
            if (!arrays[j]) {
              values.copy(v[j], new int[] {i}, 1, count++);
            } else if (!v[j].isNull(i)) {
              count += ArrayCodec.append((BytesVector) v[j], i, values, count);
            }
          }
          ArrayCodec.set((BytesVector) r, i, values, 0, count);
        },
        as(compiler, left, element),
        as(compiler, right, element));
  }

  private static VectorExpression bound(
      ExpressionCompiler compiler, VectorExpression[] a, boolean lower) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              int count = ArrayCodec.count((BytesVector) v[0], i);
              if (count == 0 || ((IntVector) v[1]).get(i) != 1) {
                r.setNull(i);
              } else {
                ((IntVector) r).set(i, lower ? 1 : count);
              }
            }),
        a[0],
        compiler.cast(a[1], ColumnType.INTEGER));
  }

  private static VectorExpression orEmpty(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.nullable(
        a[0].type(),
        (v, i, r) -> r.setObject(i, v[0].isNull(i) ? List.of() : v[0].getObject(i)),
        a);
  }

  private static VectorExpression cardinality(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of((v, i, r) -> ((IntVector) r).set(i, ArrayCodec.count((BytesVector) v[0], i))),
        a);
  }

  private static VectorExpression dimensions(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              if (ArrayCodec.count((BytesVector) v[0], i) == 0) {
                r.setNull(i);
              } else {
                ((IntVector) r).set(i, 1);
              }
            }),
        a);
  }

  /** Whether two values are equal, NULL being equal to itself. */
  private static boolean same(Vector left, int leftPosition, Vector right, int rightPosition) {
    boolean leftNull = left.isNull(leftPosition);
    boolean rightNull = right.isNull(rightPosition);
    if (leftNull || rightNull) {
      return leftNull == rightNull;
    }
    return Comparison.compare(left, leftPosition, right, rightPosition) == 0;
  }

  /** Without the elements that are the second argument, or with the third in their place. */
  private static VectorExpression replace(ExpressionCompiler compiler, VectorExpression[] a) {
    ColumnType element = common(a);
    VectorExpression[] cast = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      cast[i] = as(compiler, a[i], element);
    }
    return compiler.nullable(
        ColumnType.array(element),
        (v, i, r) -> {
          if (v[0].isNull(i)) {
            r.setNull(i);
            return;
          }
          Vector elements = ArrayCodec.elements((BytesVector) v[0], i);
          int count = ArrayCodec.count((BytesVector) v[0], i);
          if (v.length == 3) { // the replacement stands behind the elements
            elements.copy(v[2], new int[] {i}, 1, count);
          }
          int[] kept = new int[count];
          int keptCount = 0;
          for (int j = 0; j < count; j++) {
            boolean found = same(elements, j, v[1], i);
            if (!found || v.length == 3) {
              kept[keptCount++] = found ? count : j;
            }
          }
          ArrayCodec.set((BytesVector) r, i, elements, kept, keptCount);
        },
        cast);
  }

  private static VectorExpression position(ExpressionCompiler compiler, VectorExpression[] a) {
    ColumnType element = common(a[0], a[1]);
    VectorExpression[] cast = a.clone();
    cast[0] = as(compiler, a[0], element);
    cast[1] = as(compiler, a[1], element);
    if (a.length == 3) {
      cast[2] = compiler.cast(a[2], ColumnType.INTEGER);
    }
    return compiler.nullable(
        ColumnType.INTEGER,
        (v, i, r) -> {
          if (v[0].isNull(i)) {
            r.setNull(i);
            return;
          }
          if (v.length == 3 && v[2].isNull(i)) {
            throw Errors.invalidArgument("initial position must not be null");
          }
          Vector elements = ArrayCodec.elements((BytesVector) v[0], i);
          int count = ArrayCodec.count((BytesVector) v[0], i);
          int start = v.length == 3 ? Math.max(0, ((IntVector) v[2]).get(i) - 1) : 0;
          for (int j = start; j < count; j++) {
            if (same(elements, j, v[1], i)) {
              ((IntVector) r).set(i, j + 1);
              return;
            }
          }
          r.setNull(i);
        },
        cast);
  }

  private static VectorExpression positions(ExpressionCompiler compiler, VectorExpression[] a) {
    ColumnType element = common(a);
    return compiler.nullable(
        ColumnType.array(ColumnType.INTEGER),
        (v, i, r) -> {
          if (v[0].isNull(i)) {
            r.setNull(i);
            return;
          }
          Vector elements = ArrayCodec.elements((BytesVector) v[0], i);
          int count = ArrayCodec.count((BytesVector) v[0], i);
          IntVector found = new IntVector(ColumnType.INTEGER, count);
          int foundCount = 0;
          for (int j = 0; j < count; j++) {
            if (same(elements, j, v[1], i)) {
              found.set(foundCount++, j + 1);
            }
          }
          ArrayCodec.set((BytesVector) r, i, found, 0, foundCount);
        },
        as(compiler, a[0], element),
        as(compiler, a[1], element));
  }

  private static VectorExpression trim(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        a[0].type(),
        Kernel.of(
            (v, i, r) -> {
              int count = ArrayCodec.count((BytesVector) v[0], i);
              int removed = ((IntVector) v[1]).get(i);
              if (removed < 0 || removed > count) {
                throw Errors.invalidArgument(
                    "number of elements to trim must be between 0 and " + count + ": " + removed);
              }
              Vector elements = ArrayCodec.elements((BytesVector) v[0], i);
              ArrayCodec.set((BytesVector) r, i, elements, 0, count - removed);
            }),
        a[0],
        compiler.cast(a[1], ColumnType.INTEGER));
  }

  /** {@code array[position]}, NULL where there is none; of JSON what {@code ->} gives. */
  private static VectorExpression item(ExpressionCompiler compiler, VectorExpression[] a) {
    if (!isArray(a[0])) {
      return JsonFunctions.item(compiler, a);
    }
    int[] single = new int[1];
    return compiler.strict(
        a[0].type().elementType(),
        Kernel.of(
            (v, i, r) -> {
              int index = ((IntVector) v[1]).get(i) - 1;
              if (index < 0 || index >= ArrayCodec.count((BytesVector) v[0], i)) {
                r.setNull(i);
              } else {
                single[0] = index;
                r.copy(ArrayCodec.elements((BytesVector) v[0], i), single, 1, i);
              }
            }),
        a[0],
        compiler.cast(a[1], ColumnType.INTEGER));
  }

  /** Whether the arrays have an element in common. */
  private static VectorExpression overlap(ExpressionCompiler compiler, VectorExpression[] a) {
    return eachInOther(compiler, a[0], a[1], false);
  }

  /** Whether all elements of {@code part} are elements of {@code whole}. */
  static VectorExpression contains(
      ExpressionCompiler compiler, VectorExpression whole, VectorExpression part) {
    return eachInOther(compiler, whole, part, true);
  }

  /** Whether all, or any, elements of {@code part} are among {@code whole}; NULL never is. */
  private static VectorExpression eachInOther(
      ExpressionCompiler compiler, VectorExpression whole, VectorExpression part, boolean all) {
    ColumnType element = common(whole, part);
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              Vector known = ArrayCodec.elements((BytesVector) v[0], i);
              int knownCount = ArrayCodec.count((BytesVector) v[0], i);
              Vector wanted = ArrayCodec.elements((BytesVector) v[1], i);
              int wantedCount = ArrayCodec.count((BytesVector) v[1], i);
              boolean result = all;
              for (int j = 0; j < wantedCount && result == all; j++) {
                boolean found = false;
                for (int k = 0; k < knownCount && !found && !wanted.isNull(j); k++) {
                  found = same(known, k, wanted, j);
                }
                result = found;
              }
              ((BooleanVector) r).set(i, result);
            }),
        as(compiler, whole, element),
        as(compiler, part, element));
  }

  private static VectorExpression toText(ExpressionCompiler compiler, VectorExpression[] a) {
    ZoneId zone = compiler.context().timeZone();
    return compiler.nullable(
        ColumnType.TEXT,
        (v, i, r) -> {
          if (v[0].isNull(i) || v[1].isNull(i)) {
            r.setNull(i);
            return;
          }
          Vector elements = ArrayCodec.elements((BytesVector) v[0], i);
          int count = ArrayCodec.count((BytesVector) v[0], i);
          String delimiter = ((BytesVector) v[1]).getString(i);
          String ofNull =
              v.length == 3 && !v[2].isNull(i) ? ((BytesVector) v[2]).getString(i) : null;
          StringBuilder out = new StringBuilder();
          boolean first = true;
          for (int j = 0; j < count; j++) {
            String text = elements.isNull(j) ? ofNull : ArrayText.elementText(elements, j, zone);
            if (text != null) {
              out.append(first ? "" : delimiter).append(text);
              first = false;
            }
          }
          ((BytesVector) r).setString(i, out.toString());
        },
        a);
  }

  /** A NULL delimiter parts the characters, an empty one nothing. */
  private static VectorExpression ofText(ExpressionCompiler compiler, VectorExpression[] a) {
    VectorExpression[] texts = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      texts[i] = StringFunctions.text(compiler, a[i]);
    }
    return compiler.nullable(
        ColumnType.array(ColumnType.TEXT),
        (v, i, r) -> {
          if (v[0].isNull(i)) {
            r.setNull(i);
            return;
          }
          String[] parts =
              parts(
                  ((BytesVector) v[0]).getString(i),
                  v[1].isNull(i) ? null : ((BytesVector) v[1]).getString(i));
          String ofNull =
              v.length == 3 && !v[2].isNull(i) ? ((BytesVector) v[2]).getString(i) : null;
          setTexts((BytesVector) r, i, parts, ofNull);
        },
        texts);
  }

  /** Stores an array of texts, those that are {@code ofNull} as NULL. */
  static void setTexts(
      BytesVector result, int position, @Nullable String[] texts, @Nullable String ofNull) {
    BytesVector elements = new BytesVector(ColumnType.TEXT, texts.length);
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      if (text == null || text.equals(ofNull)) {
        elements.setNull(i);
      } else {
        elements.setString(i, text);
      }
    }
    ArrayCodec.set(result, position, elements, 0, texts.length);
  }

  private static String[] parts(String text, @Nullable String delimiter) {
    if (text.isEmpty()) {
      return new String[0];
    }
    if (delimiter == null) {
      return text.codePoints().mapToObj(Character::toString).toArray(String[]::new);
    }
    if (delimiter.isEmpty()) {
      return new String[] {text};
    }
    String[] parts = new String[4];
    int count = 0;
    int start = 0;
    while (start >= 0) {
      int end = text.indexOf(delimiter, start);
      if (count == parts.length) {
        parts = Arrays.copyOf(parts, 2 * count);
      }
      parts[count++] = end < 0 ? text.substring(start) : text.substring(start, end);
      start = end < 0 ? -1 : end + delimiter.length();
    }
    return Arrays.copyOf(parts, count);
  }
}
