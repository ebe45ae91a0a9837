package io.ppdb.relational.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators against naive implementations over lists, on random rows. */
class OperatorsTest {
  private static final int ROUNDS = 30;

  private static final List<List<ColumnType>> KEY_TYPES =
      List.of(
          List.of(ColumnType.INTEGER),
          List.of(ColumnType.BIGINT),
          List.of(ColumnType.TEXT),
          List.of(ColumnType.TEXT, ColumnType.TEXT),
          List.of(ColumnType.BOOLEAN, ColumnType.INTEGER),
          List.of(ColumnType.NUMERIC),
          List.of(ColumnType.decimal(10, 2), ColumnType.DOUBLE),
          List.of(ColumnType.DOUBLE, ColumnType.TEXT, ColumnType.BIGINT));

  @Test
  void groupsAndAggregatesAsByHand() {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(Rows.SEED + round);
      List<ColumnType> types = new ArrayList<>(KEY_TYPES.get(round % KEY_TYPES.size()));
      int keyCount = types.size();
      types.add(ColumnType.INTEGER);
      types.add(ColumnType.decimal(12, 2));
      types.add(ColumnType.BOOLEAN);
      types.add(ColumnType.TEXT);
      List<List<@Nullable Object>> rows = Rows.random(types, random.nextInt(500), random);
      List<AggregateSpec> specs =
          List.of(
              AggregateSpec.of(AggregateSpec.Function.COUNT, ColumnType.BIGINT),
              AggregateSpec.of(AggregateSpec.Function.COUNT, ColumnType.BIGINT, keyCount),
              AggregateSpec.of(AggregateSpec.Function.SUM, ColumnType.BIGINT, keyCount),
              AggregateSpec.of(AggregateSpec.Function.SUM, ColumnType.NUMERIC, keyCount + 1),
              AggregateSpec.of(AggregateSpec.Function.MIN, ColumnType.decimal(12, 2), keyCount + 1),
              AggregateSpec.of(AggregateSpec.Function.MAX, ColumnType.TEXT, keyCount + 3),
              new AggregateSpec(
                  AggregateSpec.Function.COUNT,
                  List.of(keyCount),
                  true,
                  keyCount + 2,
                  ColumnType.BIGINT,
                  null,
                  List.of()));
      List<Integer> keys = new ArrayList<>();
      for (int i = 0; i < keyCount; i++) {
        keys.add(i);
      }
      Operator aggregate = new AggregateOperator(Rows.scan(types, rows, random), keys, specs);
      assertThat(Rows.normalised(Rows.read(aggregate)))
          .as("seed %d round %d", Rows.SEED, round)
          .containsExactlyInAnyOrderElementsOf(naiveGroups(rows, keyCount));
    }
  }

  private static List<List<@Nullable Object>> naiveGroups(
      List<List<@Nullable Object>> rows, int keyCount) {
    Map<List<@Nullable Object>, List<List<@Nullable Object>>> groups = new LinkedHashMap<>();
    for (List<@Nullable Object> row : rows) {
      groups
          .computeIfAbsent(Rows.normalisedRow(row.subList(0, keyCount)), key -> new ArrayList<>())
          .add(row);
    }
    List<List<@Nullable Object>> results = new ArrayList<>();
    groups.forEach(
        (key, members) -> {
          List<Integer> integers = column(members, keyCount, Integer.class);
          List<BigDecimal> decimals = column(members, keyCount + 1, BigDecimal.class);
          List<String> texts = column(members, keyCount + 3, String.class);
          List<@Nullable Object> result = new ArrayList<>(key);
          result.add((long) members.size());
          result.add((long) integers.size());
          result.add(
              integers.isEmpty() ? null : integers.stream().mapToLong(Integer::longValue).sum());
          result.add(decimals.stream().reduce(BigDecimal::add).orElse(null));
          result.add(decimals.stream().min(Comparator.naturalOrder()).orElse(null));
          result.add(texts.stream().max(Comparator.naturalOrder()).orElse(null));
          result.add(
              members.stream()
                  .filter(row -> Boolean.TRUE.equals(row.get(keyCount + 2)))
                  .map(row -> row.get(keyCount))
                  .filter(Objects::nonNull)
                  .distinct()
                  .count());
          results.add(Rows.normalisedRow(result));
        });
    return results;
  }

  private static <T> List<T> column(List<List<@Nullable Object>> rows, int column, Class<T> type) {
    List<T> values = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      Object value = row.get(column);
      if (value != null) {
        values.add(type.cast(value));
      }
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(JoinKind.class)
  void joinsAsByHand(JoinKind kind) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(Rows.SEED + round);
      List<ColumnType> keyTypes = KEY_TYPES.get(round % KEY_TYPES.size());
      List<ColumnType> types = new ArrayList<>(keyTypes);
      types.add(ColumnType.INTEGER);
      List<List<@Nullable Object>> left = Rows.random(types, random.nextInt(150), random);
      List<List<@Nullable Object>> right = Rows.random(types, random.nextInt(150), random);
      List<Integer> keys = new ArrayList<>();
      List<Boolean> nullSafe = new ArrayList<>();
      for (int i = 0; i < keyTypes.size(); i++) {
        keys.add(i);
        nullSafe.add(random.nextInt(4) == 0);
      }
      boolean rest = random.nextBoolean();
      int width = types.size();
      List<ColumnType> both = new ArrayList<>(types);
      both.addAll(types);
      Operator join =
          JoinOperator.hash(
              Rows.scan(types, left, random),
              Rows.scan(types, right, random),
              kind,
              keys,
              keys,
              nullSafe,
              rest
                  ? io.ppdb.relational.expr.Expressions.parse(
                          "c" + (width - 1) + " < c" + (2 * width - 1), both)
                      .get(0)
                  : null);
      List<List<@Nullable Object>> expected =
          naiveJoin(kind, left, right, keyTypes.size(), nullSafe, rest);
      assertThat(Rows.normalised(Rows.read(join)))
          .as("seed %d round %d", Rows.SEED, round)
          .containsExactlyInAnyOrderElementsOf(Rows.normalised(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(JoinKind.class)
  void nestedLoopsAsByHand(JoinKind kind) {
    List<ColumnType> types = List.of(ColumnType.INTEGER, ColumnType.INTEGER);
    List<ColumnType> both = List.of(types.get(0), types.get(1), types.get(0), types.get(1));
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(Rows.SEED + round);
      List<List<@Nullable Object>> left = Rows.random(types, random.nextInt(80), random);
      List<List<@Nullable Object>> right = Rows.random(types, random.nextInt(80), random);
      Operator join =
          JoinOperator.nestedLoop(
              Rows.scan(types, left, random),
              Rows.scan(types, right, random),
              kind,
              io.ppdb.relational.expr.Expressions.parse("c1 < c3", both).get(0));
      assertThat(Rows.read(join))
          .as("seed %d round %d", Rows.SEED, round)
          .containsExactlyInAnyOrderElementsOf(naiveJoin(kind, left, right, 0, List.of(), true));
    }
  }

  private static List<List<@Nullable Object>> naiveJoin(
      JoinKind kind,
      List<List<@Nullable Object>> left,
      List<List<@Nullable Object>> right,
      int keyCount,
      List<Boolean> nullSafe,
      boolean rest) {
    List<List<@Nullable Object>> results = new ArrayList<>();
    boolean[] rightMatched = new boolean[right.size()];
    int width = left.isEmpty() ? (right.isEmpty() ? 0 : right.get(0).size()) : left.get(0).size();
    for (List<@Nullable Object> l : left) {
      boolean matched = false;
      for (int j = 0; j < right.size(); j++) {
        if (matches(l, right.get(j), keyCount, nullSafe, rest)) {
          matched = true;
          rightMatched[j] = true;
          if (kind.hasRightColumns()) {
            results.add(concat(l, right.get(j)));
          }
        }
      }
      if ((kind == JoinKind.SEMI && matched) || (kind == JoinKind.ANTI && !matched)) {
        results.add(l);
      } else if (kind.keepsUnmatchedLeft() && !matched) {
        results.add(concat(l, nulls(width)));
      }
    }
    for (int j = 0; j < right.size() && kind.keepsUnmatchedRight(); j++) {
      if (!rightMatched[j]) {
        results.add(concat(nulls(width), right.get(j)));
      }
    }
    return results;
  }

  private static boolean matches(
      List<@Nullable Object> left,
      List<@Nullable Object> right,
      int keyCount,
      List<Boolean> nullSafe,
      boolean rest) {
    List<@Nullable Object> l = Rows.normalisedRow(left);
    List<@Nullable Object> r = Rows.normalisedRow(right);
    for (int i = 0; i < keyCount; i++) {
      if (!Objects.equals(l.get(i), r.get(i)) || (l.get(i) == null && !nullSafe.get(i))) {
        return false;
      }
    }
    Object a = left.get(left.size() - 1);
    Object b = right.get(right.size() - 1);
    return !rest || (a != null && b != null && (Integer) a < (Integer) b);
  }

  private static List<@Nullable Object> concat(
      List<@Nullable Object> first, List<@Nullable Object> second) {
    List<@Nullable Object> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }

  private static List<@Nullable Object> nulls(int count) {
    List<@Nullable Object> nulls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nulls.add(null);
    }
    return nulls;
  }

  @Test
  void sortsAsByHandAndKeepsTheOrderOfEqualRows() {
    for (int round = 0; round < KEY_TYPES.size(); round++) {
      Random random = new Random(Rows.SEED + round);
      List<ColumnType> types = new ArrayList<>(KEY_TYPES.get(round % KEY_TYPES.size()));
      types.add(ColumnType.INTEGER);
      List<List<@Nullable Object>> rows = Rows.random(types, random.nextInt(20_000), random);
      List<SortKey> keys = new ArrayList<>();
      for (int i = 0; i + 1 < types.size(); i++) {
        keys.add(new SortKey(i, random.nextBoolean(), random.nextBoolean()));
      }
      long offset = random.nextBoolean() ? 0 : random.nextInt(50);
      long fetch = random.nextBoolean() ? LimitOperator.ALL : random.nextInt(50);
      List<List<@Nullable Object>> expected = new ArrayList<>(rows);
      expected.sort(comparator(keys));
      expected = expected.stream().skip(offset).limit(fetch).toList();
      Operator sort = new SortOperator(Rows.scan(types, rows, random), keys, offset, fetch);
      assertThat(Rows.normalised(Rows.read(sort)))
          .as("seed %d round %d", Rows.SEED, round)
          .isEqualTo(Rows.normalised(expected));
    }
  }

  @SuppressWarnings("unchecked")
  private static Comparator<List<@Nullable Object>> comparator(List<SortKey> keys) {
    return (left, right) -> {
      for (SortKey key : keys) {
        Object a = left.get(key.column());
        Object b = right.get(key.column());
        int sign;
        if (a == null || b == null) {
          sign = a == b ? 0 : (a == null) == key.nullsFirst() ? -1 : 1;
        } else {
          Object x = a instanceof Double d ? (Object) (d + 0.0) : a;
          Object y = b instanceof Double d ? (Object) (d + 0.0) : b;
          sign = ((Comparable<Object>) x).compareTo(y);
          sign = key.descending() ? -sign : sign;
        }
        if (sign != 0) {
          return sign;
        }
      }
      return 0;
    };
  }

  @ParameterizedTest
  @EnumSource(SetOperator.Kind.class)
  void setOperationsCountAsByHand(SetOperator.Kind kind) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(Rows.SEED + round);
      List<ColumnType> types = KEY_TYPES.get(round % KEY_TYPES.size());
      boolean all = random.nextBoolean();
      List<List<@Nullable Object>> left = Rows.random(types, random.nextInt(300), random);
      List<List<@Nullable Object>> right = Rows.random(types, random.nextInt(300), random);
      Operator operator =
          new SetOperator(
              kind,
              all,
              types,
              List.of(Rows.scan(types, left, random), Rows.scan(types, right, random)));
      assertThat(counts(Rows.read(operator)))
          .as("seed %d round %d all %s", Rows.SEED, round, all)
          .isEqualTo(naiveSet(kind, all, counts(left), counts(right)));
    }
  }

  private static Map<List<@Nullable Object>, Long> counts(List<List<@Nullable Object>> rows) {
    Map<List<@Nullable Object>, Long> counts = new HashMap<>();
    for (List<@Nullable Object> row : Rows.normalised(rows)) {
      counts.merge(row, 1L, Long::sum);
    }
    return counts;
  }

  private static Map<List<@Nullable Object>, Long> naiveSet(
      SetOperator.Kind kind,
      boolean all,
      Map<List<@Nullable Object>, Long> left,
      Map<List<@Nullable Object>, Long> right) {
    Map<List<@Nullable Object>, Long> results = new HashMap<>();
    Map<List<@Nullable Object>, Long> keys = new HashMap<>(left);
    keys.putAll(right);
    for (List<@Nullable Object> key : keys.keySet()) {
      long a = left.getOrDefault(key, 0L);
      long b = right.getOrDefault(key, 0L);
      long count =
          switch (kind) {
            case UNION -> all ? a + b : 1;
            case INTERSECT -> all ? Math.min(a, b) : Math.min(1, Math.min(a, b));
            case EXCEPT -> all ? Math.max(0, a - b) : (a > 0 && b == 0 ? 1 : 0);
          };
      if (count > 0) {
        results.put(key, count);
      }
    }
    return results;
  }

  @Test
  void anEmptyInputGivesOneRowWithoutGroupsAndNoneWithThem() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    List<AggregateSpec> specs =
        List.of(
            AggregateSpec.of(AggregateSpec.Function.COUNT, ColumnType.BIGINT),
            AggregateSpec.of(AggregateSpec.Function.SUM, ColumnType.BIGINT, 0),
            AggregateSpec.of(AggregateSpec.Function.SUM0, ColumnType.BIGINT, 0),
            AggregateSpec.of(AggregateSpec.Function.AVG, ColumnType.NUMERIC, 0),
            AggregateSpec.of(AggregateSpec.Function.MAX, ColumnType.INTEGER, 0));
    Random random = new Random(1);
    assertThat(
            Rows.read(new AggregateOperator(Rows.scan(types, List.of(), random), List.of(), specs)))
        .containsExactly(Rows.row(0L, null, 0L, null, null));
    assertThat(
            Rows.read(
                new AggregateOperator(Rows.scan(types, List.of(), random), List.of(0), specs)))
        .isEmpty();
  }

  @Test
  void averagesAndDeviationsHavePostgresDigits() {
    List<ColumnType> types = List.of(ColumnType.INTEGER, ColumnType.decimal(12, 2));
    List<List<@Nullable Object>> rows =
        List.of(
            Rows.row(1, new BigDecimal("10000.50")),
            Rows.row(2, new BigDecimal("20000.25")),
            Rows.row(null, null));
    List<AggregateSpec> specs =
        List.of(
            AggregateSpec.of(AggregateSpec.Function.AVG, ColumnType.NUMERIC, 0),
            AggregateSpec.of(AggregateSpec.Function.AVG, ColumnType.NUMERIC, 1),
            AggregateSpec.of(AggregateSpec.Function.VAR_SAMP, ColumnType.NUMERIC, 0),
            AggregateSpec.of(AggregateSpec.Function.STDDEV_POP, ColumnType.NUMERIC, 0));
    Operator aggregate =
        new AggregateOperator(Rows.scan(types, rows, new Random(1)), List.of(), specs);
    assertThat(Rows.read(aggregate).get(0).stream().map(String::valueOf))
        .containsExactly(
            "1.5000000000000000",
            "15000.375000000000",
            "0.50000000000000000000",
            "0.50000000000000000000");
  }

  @Test
  void sumsBeyondLongStayExact() {
    List<ColumnType> types = List.of(ColumnType.BIGINT, ColumnType.NUMERIC);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    Random random = new Random(Rows.SEED);
    for (int i = 0; i < 1000; i++) {
      long value = random.nextBoolean() ? Long.MAX_VALUE - i : Long.MIN_VALUE + i;
      rows.add(Rows.row(value, new BigDecimal("1e30")));
      sum = sum.add(BigDecimal.valueOf(value));
    }
    List<AggregateSpec> specs =
        List.of(
            AggregateSpec.of(AggregateSpec.Function.SUM, ColumnType.NUMERIC, 0),
            AggregateSpec.of(AggregateSpec.Function.SUM, ColumnType.NUMERIC, 1));
    List<@Nullable Object> result =
        Rows.read(new AggregateOperator(Rows.scan(types, rows, random), List.of(), specs)).get(0);
    assertThat(result.get(0)).as("seed %d", Rows.SEED).isEqualTo(sum);
    assertThat((BigDecimal) result.get(1)).isEqualByComparingTo(new BigDecimal("1e33"));
  }

  @Test
  void aScalarSubqueryWithTwoRowsIsAnError() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    Operator operator =
        new AggregateOperator(
            Rows.scan(types, List.of(Rows.row(1), Rows.row(2)), new Random(1)),
            List.of(),
            List.of(AggregateSpec.of(AggregateSpec.Function.SINGLE_VALUE, ColumnType.INTEGER, 0)));
    assertThatThrownBy(() -> Rows.read(operator))
        .isInstanceOfSatisfying(
            PpdbException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CARDINALITY_VIOLATION));
  }

  @Test
  void groupingSetsLeaveOtherColumnsNull() {
    List<ColumnType> types = List.of(ColumnType.INTEGER, ColumnType.TEXT);
    List<List<@Nullable Object>> rows =
        List.of(Rows.row(1, "a"), Rows.row(1, "b"), Rows.row(2, "a"));
    Operator operator =
        new AggregateOperator(
            Rows.scan(types, rows, new Random(1)),
            List.of(0, 1),
            List.of(List.of(0), List.of(1), List.of()),
            List.of(
                AggregateSpec.of(AggregateSpec.Function.COUNT, ColumnType.BIGINT),
                AggregateSpec.of(AggregateSpec.Function.GROUPING, ColumnType.BIGINT, 0, 1)));
    assertThat(Rows.read(operator))
        .containsExactlyInAnyOrder(
            Rows.row(1, null, 2L, 1L),
            Rows.row(2, null, 1L, 1L),
            Rows.row(null, "a", 2L, 2L),
            Rows.row(null, "b", 1L, 2L),
            Rows.row(null, null, 3L, 3L));
  }

  @Test
  void limitSkipsAndStops() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(Rows.row(i));
    }
    for (int offset : new int[] {0, 1, 63, 64, 200, 499, 500, 600}) {
      for (int fetch : new int[] {0, 1, 64, 100, 1000}) {
        Operator limit =
            new LimitOperator(Rows.scan(types, rows, new Random(offset)), offset, fetch);
        assertThat(Rows.read(limit))
            .as("offset %d fetch %d", offset, fetch)
            .isEqualTo(rows.stream().skip(offset).limit(fetch).toList());
      }
    }
  }

  @Test
  void whatDoesNotFitTheMemoryBudgetIsAnErrorThatNamesTheHolder() {
    List<ColumnType> types = List.of(ColumnType.INTEGER, ColumnType.TEXT);
    Random random = new Random(Rows.SEED);
    List<List<@Nullable Object>> rows = Rows.random(types, 20_000, random);
    ExecutionContext context = ExecutionContext.builder().memoryBytes(100_000).build();
    Operator sort =
        new SortOperator(Rows.scan(types, rows, random), List.of(new SortKey(0, false, false)));
    assertThatThrownBy(() -> Rows.read(sort, context))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT))
        .hasMessageStartingWith("sort needs");
    assertThat(context.memory().usedBytes()).isZero();
  }

  @Test
  void aCancelledStatementStopsAtItsNextBatch() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    Cancellation cancellation = new Cancellation();
    ExecutionContext context =
        ExecutionContext.builder().batchRows(64).cancellation(cancellation).build();
    Operator scan = Rows.scan(types, Rows.random(types, 1000, new Random(1)), new Random(1));
    scan.open(context);
    assertThat(scan.next()).isNotNull();
    cancellation.request();
    assertThatThrownBy(scan::next)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    scan.close();
  }

  @Test
  void correlateRunsItsRightSideForEveryLeftRow() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    Random random = new Random(Rows.SEED);
    List<List<@Nullable Object>> left = List.of(Rows.row(1), Rows.row(2), Rows.row(3));
    List<List<@Nullable Object>> right = List.of(Rows.row(2), Rows.row(3), Rows.row(3));
    for (JoinKind kind : List.of(JoinKind.INNER, JoinKind.LEFT, JoinKind.SEMI, JoinKind.ANTI)) {
      Operator correlate =
          new CorrelateOperator(
              Rows.scan(types, left, random),
              () -> new FilterOperator(Rows.scan(types, right, random), equalsVariable(types)),
              types,
              "$cor0",
              kind);
      assertThat(Rows.read(correlate))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(
              switch (kind) {
                case INNER -> List.of(Rows.row(2, 2), Rows.row(3, 3), Rows.row(3, 3));
                case LEFT ->
                    List.of(Rows.row(1, null), Rows.row(2, 2), Rows.row(3, 3), Rows.row(3, 3));
                case SEMI -> List.of(Rows.row(2), Rows.row(3));
                default -> List.of(Rows.row(1));
              });
    }
  }

  /** c0 = $cor0.c0. */
  private static org.apache.calcite.rex.RexNode equalsVariable(List<ColumnType> types) {
    var factory = new io.ppdb.relational.type.PpdbTypeFactory();
    var builder = new org.apache.calcite.rex.RexBuilder(factory);
    var type = types.get(0).toCalcite(factory, true);
    var rowType = factory.builder().add("c0", type).build();
    var variable =
        builder.makeCorrel(rowType, new org.apache.calcite.rel.core.CorrelationId("$cor0"));
    return builder.makeCall(
        org.apache.calcite.sql.fun.SqlStdOperatorTable.EQUALS,
        builder.makeInputRef(type, 0),
        builder.makeFieldAccess(variable, 0));
  }
}
