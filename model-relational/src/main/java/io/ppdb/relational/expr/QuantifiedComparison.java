package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;

/**
 * {@code x = ANY (array)} and its like: true if the comparison holds for any element, or for all;
 * NULL if that depends on a NULL among them.
 */
public final class QuantifiedComparison {
  private static final List<QuantifiedComparison> ALL =
      List.of(
          new QuantifiedComparison(SqlKind.EQUALS, Comparison.EQUAL),
          new QuantifiedComparison(SqlKind.NOT_EQUALS, Comparison.NOT_EQUAL),
          new QuantifiedComparison(SqlKind.LESS_THAN, Comparison.LESS),
          new QuantifiedComparison(SqlKind.LESS_THAN_OR_EQUAL, Comparison.LESS_OR_EQUAL),
          new QuantifiedComparison(SqlKind.GREATER_THAN, Comparison.GREATER),
          new QuantifiedComparison(SqlKind.GREATER_THAN_OR_EQUAL, Comparison.GREATER_OR_EQUAL));

  private final SqlKind kind;
  private final Comparison comparison;
  private final SqlFunction any;
  private final SqlFunction all;

  private QuantifiedComparison(SqlKind kind, Comparison comparison) {
    this.kind = kind;
    this.comparison = comparison;
    this.any = function(kind.sql + " ANY");
    this.all = function(kind.sql + " ALL");
  }

  private static SqlFunction function(String name) {
    return JsonOperators.functionOf(
        name, JsonOperators.maybe(ColumnType.BOOLEAN), new ArrayParameters("ea"));
  }

  /** The comparisons; what the parser has for them becomes a call of a function of theirs. */
  static List<QuantifiedComparison> all() {
    return ALL;
  }

  /** The one that compares as {@code kind} does. */
  public static QuantifiedComparison of(SqlKind kind) {
    for (QuantifiedComparison candidate : ALL) {
      if (candidate.kind == kind) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("not a comparison: " + kind);
  }

  /** The function that is true if the comparison holds for any element. */
  public SqlFunction any() {
    return any;
  }

  /** The function that is true if the comparison holds for all elements. */
  public SqlFunction every() {
    return all;
  }

  static void register(Map<String, Functions.Builder> functions) {
    for (QuantifiedComparison quantified : ALL) {
      Comparison comparison = quantified.comparison;
      functions.put(quantified.any.getName(), (c, a) -> compile(c, a, comparison, true));
      functions.put(quantified.all.getName(), (c, a) -> compile(c, a, comparison, false));
    }
  }

  private static VectorExpression compile(
      ExpressionCompiler compiler, VectorExpression[] a, Comparison comparison, boolean any) {
    ColumnType common = Types.common(a[0].type(), a[1].type().elementType());
    ArrayElementsCache elements = new ArrayElementsCache();
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              Vector values = elements.of((BytesVector) v[1], i);
              int count = ArrayCodec.count((BytesVector) v[1], i);
              boolean unknown = false;
              for (int j = 0; j < count; j++) {
                if (values.isNull(j)) {
                  unknown = true;
                } else if (comparison.accepts(
                        Integer.signum(Comparison.compare(v[0], i, values, j)))
                    == any) {
                  ((BooleanVector) r).set(i, any);
                  return;
                }
              }
              if (unknown) {
                r.setNull(i);
              } else {
                ((BooleanVector) r).set(i, !any);
              }
            }),
        compiler.cast(a[0], common),
        compiler.cast(a[1], ColumnType.array(common)));
  }

  /** The elements of the last array that was seen: mostly it is a constant. */
  private static final class ArrayElementsCache {
    private byte[] bytes = {};
    private Vector elements = new BooleanVector(ColumnType.BOOLEAN, 0);

    Vector of(BytesVector arrays, int position) {
      int start = arrays.starts()[position];
      int end = start + arrays.lengths()[position];
      if (bytes.length == 0 || !Arrays.equals(bytes, 0, bytes.length, arrays.arena(), start, end)) {
        bytes = Arrays.copyOfRange(arrays.arena(), start, end);
        elements = ArrayCodec.elements(arrays, position);
      }
      return elements;
    }
  }
}
