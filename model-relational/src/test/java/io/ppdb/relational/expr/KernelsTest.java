package io.ppdb.relational.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Kernels and predicates against scalar references, on random vectors with NULLs and selections.
 */
class KernelsTest {
  private static final long SEED = Long.getLong("ppdb.seed", 5L);
  private static final int ROWS = 300;
  private static final int ROUNDS = 6;

  private static final List<ColumnType> TYPES =
      List.of(
          ColumnType.SMALLINT,
          ColumnType.INTEGER,
          ColumnType.BIGINT,
          ColumnType.decimal(12, 2),
          ColumnType.decimal(30, 4),
          ColumnType.NUMERIC,
          ColumnType.REAL,
          ColumnType.DOUBLE,
          ColumnType.TEXT,
          ColumnType.BOOLEAN);

  private final Random random = new Random(SEED);

  @Test
  void comparisonsOfColumns() {
    for (ColumnType type : TYPES) {
      for (Comparison comparison : Comparison.values()) {
        check(
            "c0 " + symbol(comparison) + " c1",
            List.of(type, type),
            (a, b) -> comparison.accepts(Integer.signum(compare(a, b))));
      }
    }
  }

  @Test
  void comparisonsOfNumbersOfDifferentTypes() {
    for (ColumnType left : TYPES.subList(0, 6)) {
      for (ColumnType right : TYPES.subList(0, 6)) {
        check("c0 <= c1", List.of(left, right), (a, b) -> exact(a).compareTo(exact(b)) <= 0);
      }
    }
  }

  @Test
  void comparisonsWithConstants() {
    for (ColumnType type : TYPES.subList(0, 8)) {
      for (Comparison comparison : Comparison.values()) {
        for (String constant : List.of("3", "-2.5", "0", "1000000000000.005")) {
          check(
              "c0 " + symbol(comparison) + " " + constant,
              List.of(type, type),
              (a, b) ->
                  comparison.accepts(
                      Integer.signum(
                          a instanceof Double || a instanceof Float
                              ? Double.compare(
                                  ((Number) a).doubleValue() + 0.0, Double.parseDouble(constant))
                              : exact(a).compareTo(new BigDecimal(constant)))));
        }
      }
    }
    check("c0 = 'b'", List.of(ColumnType.TEXT, ColumnType.TEXT), (a, b) -> a.equals("b"));
    check(
        "c0 >= 'b'",
        List.of(ColumnType.TEXT, ColumnType.TEXT),
        (a, b) -> ((String) a).compareTo("b") >= 0);
  }

  @Test
  void rangesAndLists() {
    for (ColumnType type : TYPES.subList(0, 6)) {
      check(
          "c0 BETWEEN -1 AND 2.5",
          List.of(type, type),
          (a, b) ->
              exact(a).compareTo(BigDecimal.valueOf(-1)) >= 0
                  && exact(a).compareTo(new BigDecimal("2.5")) <= 0);
      check(
          "c0 IN (1, 2, 5)",
          List.of(type, type),
          (a, b) ->
              List.of(1, 2, 5).stream()
                  .anyMatch(v -> exact(a).compareTo(BigDecimal.valueOf(v)) == 0));
      check(
          "c0 > 3 OR c0 < c1",
          List.of(type, type),
          (a, b) ->
              exact(a).compareTo(BigDecimal.valueOf(3)) > 0 || exact(a).compareTo(exact(b)) < 0,
          true);
    }
    check(
        "c0 IN ('a', 'c') AND c1 <> 'a'",
        List.of(ColumnType.TEXT, ColumnType.TEXT),
        (a, b) -> List.of("a", "c").contains(a) && !b.equals("a"),
        true);
  }

  @Test
  void arithmeticIsExactOrAnError() {
    for (ColumnType type : TYPES.subList(0, 6)) {
      for (String operator : List.of("+", "-", "*")) {
        checkExact(type, operator);
      }
    }
  }

  @Test
  void integerDivisionTruncates() {
    for (ColumnType type : TYPES.subList(0, 3)) {
      check(
          "CASE WHEN c1 = 0 THEN 0 ELSE c0 / c1 END",
          List.of(type, type),
          (a, b) ->
              exact(b).signum() == 0
                  ? BigDecimal.ZERO
                  : exact(a).divide(exact(b), 0, RoundingMode.DOWN),
          false,
          true);
    }
  }

  @Test
  void aBranchIsOnlyEvaluatedForItsRows() {
    check(
        "CASE WHEN c1 <> 0 AND 10 / c1 > 1 THEN 1 ELSE 0 END",
        List.of(ColumnType.INTEGER, ColumnType.INTEGER),
        (a, b) -> (Integer) b != 0 && 10 / (Integer) b > 1 ? 1 : 0,
        true);
    check(
        "c1 <> 0 AND 10 / c1 > 1",
        List.of(ColumnType.INTEGER, ColumnType.INTEGER),
        (a, b) -> (Integer) b != 0 && 10 / (Integer) b > 1,
        true);
    check(
        "c1 = 0 OR 10 / c1 > 1",
        List.of(ColumnType.INTEGER, ColumnType.INTEGER),
        (a, b) -> (Integer) b == 0 || 10 / (Integer) b > 1,
        true);
  }

  @Test
  void textFunctionsThatShareBytes() {
    check(
        "substring(c0 FROM 2 FOR 3) || left(c1, 1)",
        List.of(ColumnType.TEXT, ColumnType.TEXT),
        (a, b) -> {
          String text = (String) a;
          int start = Math.min(1, text.length());
          return text.substring(start, Math.min(4, Math.max(start, text.length())))
              + ((String) b).substring(0, Math.min(1, ((String) b).length()));
        });
  }

  @Test
  void likeAgreesWithBacktracking() {
    String alphabet = "ab_%";
    for (int round = 0; round < 2000; round++) {
      StringBuilder pattern = new StringBuilder();
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(7); i > 0; i--) {
        pattern.append(alphabet.charAt(random.nextInt(4)));
      }
      for (int i = random.nextInt(9); i > 0; i--) {
        text.append(random.nextInt(5) == 0 ? 'é' : alphabet.charAt(random.nextInt(2)));
      }
      byte[] bytes = text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(LikePattern.compile(pattern.toString(), null).matches(bytes, 0, bytes.length))
          .as("seed %d: '%s' LIKE '%s'", SEED, text, pattern)
          .isEqualTo(naiveLike(text.toString(), pattern.toString()));
    }
  }

  private static boolean naiveLike(String text, String pattern) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    char first = pattern.charAt(0);
    if (first == '%') {
      return naiveLike(text, pattern.substring(1))
          || (!text.isEmpty() && naiveLike(text.substring(1), pattern));
    }
    return !text.isEmpty()
        && (first == '_' || first == text.charAt(0))
        && naiveLike(text.substring(1), pattern.substring(1));
  }

  private void checkExact(ColumnType type, String operator) {
    for (int round = 0; round < ROUNDS; round++) {
      boolean large = round % 2 == 1;
      VectorBatch batch = batch(List.of(type, type), large);
      String expression = "c0 " + operator + " c1";
      RexNode node = Expressions.parse(expression, List.of(type, type)).get(0);
      int[] selection = selection(batch);
      VectorExpression compiled =
          new ExpressionCompiler(List.of(type, type), Expressions.CONTEXT).compile(node);
      boolean overflow = false;
      for (int position : positions(batch, selection)) {
        Object a = batch.column(0).getObject(position);
        Object b = batch.column(1).getObject(position);
        overflow |=
            a != null && b != null && !fits(apply(operator, exact(a), exact(b)), compiled.type());
      }
      Vector result;
      try {
        result = compiled.evaluate(batch, selection, count(batch, selection));
      } catch (PpdbException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE);
        assertThat(overflow)
            .as("seed %d %s %s: %s", SEED, type, expression, e.getMessage())
            .isTrue();
        continue;
      }
      assertThat(overflow).as("seed %d %s %s", SEED, type, expression).isFalse();
      for (int position : positions(batch, selection)) {
        Object a = batch.column(0).getObject(position);
        Object b = batch.column(1).getObject(position);
        Object seen = result.getObject(position);
        if (a == null || b == null) {
          assertThat(seen == null).isTrue();
        } else {
          BigDecimal expected = apply(operator, exact(a), exact(b));
          if (seen == null || exact(seen).compareTo(expected) != 0) {
            fail("seed %d %s: %s %s %s: seen %s", SEED, type, a, operator, b, seen);
          }
        }
      }
    }
  }

  private static BigDecimal apply(String operator, BigDecimal a, BigDecimal b) {
    return switch (operator) {
      case "+" -> a.add(b);
      case "-" -> a.subtract(b);
      default -> a.multiply(b);
    };
  }

  private static boolean fits(BigDecimal value, ColumnType type) {
    return !type.kind().isInteger()
        || value.abs().compareTo(BigDecimal.valueOf(Casts.maxInteger(type))) <= 0
        || value.compareTo(BigDecimal.valueOf(-Casts.maxInteger(type) - 1)) == 0;
  }

  private void check(
      String expression, List<ColumnType> types, BiFunction<Object, Object, Object> reference) {
    check(expression, types, reference, false);
  }

  /**
   * @param nullsDecide the reference does not cover rows with a NULL: three-valued logic decides
   */
  private void check(
      String expression,
      List<ColumnType> types,
      BiFunction<Object, Object, Object> reference,
      boolean nullsDecide) {
    check(expression, types, reference, nullsDecide, false);
  }

  private void check(
      String expression,
      List<ColumnType> types,
      BiFunction<Object, Object, Object> reference,
      boolean nullsDecide,
      boolean branchOnNull) {
    RexNode node = Expressions.parse(expression, types).get(0);
    ExpressionCompiler compiler = new ExpressionCompiler(types, Expressions.CONTEXT);
    VectorExpression compiled = compiler.compile(node);
    boolean predicate = compiled.type().equals(ColumnType.BOOLEAN);
    VectorPredicate compiledPredicate = predicate ? compiler.compilePredicate(node) : null;
    for (int round = 0; round < ROUNDS; round++) {
      VectorBatch batch = batch(types, false);
      int[] selection = selection(batch);
      int count = count(batch, selection);
      Vector result = compiled.evaluate(batch, selection, count);
      int[] expectedSelection = new int[count];
      int expectedCount = 0;
      for (int position : positions(batch, selection)) {
        Object a = batch.column(0).getObject(position);
        Object b = batch.column(1).getObject(position);
        Object seen = result.getObject(position);
        boolean constant = !expression.contains("c1");
        if (a != null && (constant || b != null)) {
          Object expected = reference.apply(a, b == null ? a : b);
          boolean equal =
              expected instanceof BigDecimal decimal
                  ? seen != null && exact(seen).compareTo(decimal) == 0
                  : expected.equals(seen);
          // An assertion for each value would cost more than all kernels together.
          if (!equal) {
            fail(
                "seed %d %s: %s of %s, %s: expected %s, seen %s",
                SEED, types, expression, a, b, expected, seen);
          }
        } else if (!nullsDecide && !branchOnNull) {
          if (seen != null) {
            fail("seed %d %s of %s, %s: expected NULL, seen %s", SEED, expression, a, b, seen);
          }
        }
        if (Boolean.TRUE.equals(seen)) {
          expectedSelection[expectedCount++] = position;
        }
      }
      if (compiledPredicate != null) {
        int[] output = new int[Math.max(count, 1)];
        int selected = compiledPredicate.select(batch, selection, count, output);
        assertThat(Arrays.copyOf(output, selected))
            .as("seed %d %s: rows for which %s", SEED, types, expression)
            .isEqualTo(Arrays.copyOf(expectedSelection, expectedCount));
      }
    }
  }

  private VectorBatch batch(List<ColumnType> types, boolean large) {
    VectorBatch batch = VectorBatch.create(types, ROWS);
    boolean nulls = random.nextBoolean();
    for (Vector column : batch.columns()) {
      column.reset(ROWS);
      for (int i = 0; i < ROWS; i++) {
        column.setObject(i, nulls && random.nextInt(5) == 0 ? null : value(column.type(), large));
      }
    }
    batch.setRowCount(ROWS);
    return batch;
  }

  private int @Nullable [] selection(VectorBatch batch) {
    return random.nextBoolean()
        ? null
        : IntStream.range(0, batch.rowCount()).filter(i -> random.nextInt(3) > 0).toArray();
  }

  private static int count(VectorBatch batch, int @Nullable [] selection) {
    return selection == null ? batch.rowCount() : selection.length;
  }

  private static int[] positions(VectorBatch batch, int @Nullable [] selection) {
    return selection == null ? IntStream.range(0, batch.rowCount()).toArray() : selection;
  }

  private Object value(ColumnType type, boolean large) {
    int small = random.nextInt(12) - 4;
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case SMALLINT -> large ? random.nextInt(1 << 16) - (1 << 15) : small;
      case INTEGER -> large ? random.nextInt() : small;
      case BIGINT -> large ? random.nextLong() : (long) small;
      case DECIMAL -> {
        long unscaled = large ? random.nextLong() % 999_999_999_999L : small * 50L;
        int scale = type.isUnconstrainedNumeric() ? random.nextInt(5) : type.scale();
        BigDecimal value = BigDecimal.valueOf(unscaled, scale);
        yield large && !type.isLongDecimal() && random.nextInt(4) == 0
            ? value.multiply(BigDecimal.valueOf(1_000_000_000_000L))
            : value;
      }
      case REAL -> small / 2f;
      case DOUBLE -> random.nextInt(20) == 0 ? Double.NaN : small / 2.0;
      case VARCHAR -> "abcde".substring(0, random.nextInt(2)) + (char) ('a' + random.nextInt(4));
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static BigDecimal exact(Object value) {
    return value instanceof BigDecimal decimal
        ? decimal
        : BigDecimal.valueOf(((Number) value).longValue());
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return Double.compare(x + 0.0, y + 0.0);
    }
    return ((Comparable<Object>) a).compareTo(b);
  }

  private static String symbol(Comparison comparison) {
    return switch (comparison) {
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case EQUAL -> "=";
      case NOT_EQUAL -> "<>";
      case GREATER_OR_EQUAL -> ">=";
      case GREATER -> ">";
    };
  }
}
