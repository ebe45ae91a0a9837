package io.ppdb.timeseries;

import static io.ppdb.timeseries.SeriesFixture.DESTINATION;
import static io.ppdb.timeseries.SeriesFixture.ORIGIN;
import static io.ppdb.timeseries.SeriesFixture.TIME;
import static io.ppdb.timeseries.SeriesFixture.compare;
import static io.ppdb.timeseries.SeriesFixture.time;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random statements on a table and on a list of rows; both must show the same at any time. */
class SeriesModelTest {
  private static final long SEED = Long.getLong("ppdb.seed", 20261122L);
  private static final int ROUNDS = 12;
  private static final int STEPS = 40;
  private static final long HOUR = 3_600_000_000L;

  /** Those that tables are asked with: ANY comes as an alternative only. */
  private static final List<Operator> OPERATORS =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Operator.ANY)));

  private static final List<String> AIRPORTS = List.of("SEA", "BOS", "DEN", "LAX", "Ä", "");

  /** A condition as the table gets it and as the model understands it. */
  private record Condition(ColumnComparison comparison, Predicate<@Nullable Object[]> model) {}

  @Test
  void tableShowsWhatAListOfRowsShows() {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(SEED + round);
      String window = List.of("1 hour", "1 minute", "7 days").get(round % 3);
      try (SeriesFixture table = new SeriesFixture(window)) {
        List<@Nullable Object[]> model = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
          change(table, model, random);
          check(table, model, random, "-Dppdb.seed=" + (SEED + round) + " step " + step);
        }
      }
    }
  }

  private static void change(SeriesFixture table, List<@Nullable Object[]> model, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> {
        Condition[] conditions = conditions(random);
        table.delete(comparisons(conditions));
        model.removeIf(row -> Arrays.stream(conditions).allMatch(c -> c.model().test(row)));
      }
      case 1 -> new SegmentMerger(table.table(), table.store).merge();
      case 2, 3 -> {
        List<@Nullable Object[]> rows = rows(random);
        appendByWriter(table, rows, 1 + random.nextInt(50));
        model.addAll(rows);
      }
      default -> {
        List<@Nullable Object[]> rows = rows(random);
        table.insert(rows);
        model.addAll(rows);
      }
    }
  }

  private static void appendByWriter(
      SeriesFixture table, List<@Nullable Object[]> rows, int maxBatchRows) {
    TimeSeriesWriterOptions options =
        TimeSeriesWriterOptions.DEFAULT.withMaxBatchRows(maxBatchRows);
    try (TimeSeriesWriter writer =
        TimeSeriesWriter.committing(table.table(), table.store, options)) {
      for (@Nullable Object[] row : rows) {
        writer.at(0);
        for (int column = 0; column < row.length; column++) {
          writer.set(column, row[column]);
        }
        writer.endRow();
      }
    }
  }

  private static void check(
      SeriesFixture table, List<@Nullable Object[]> model, Random random, String seed) {
    Condition[] conditions = conditions(random);
    ColumnComparison[] comparisons = comparisons(conditions);
    List<@Nullable Object[]> expected =
        model.stream()
            .filter(row -> Arrays.stream(conditions).allMatch(c -> c.model().test(row)))
            .toList();
    List<String> texts = expected.stream().map(Arrays::toString).toList();

    assertThat(table.select(comparisons)).as(seed).containsExactlyInAnyOrderElementsOf(texts);
    boolean descending = random.nextBoolean();
    List<String> ordered = table.selectOrdered(descending, comparisons);
    assertThat(ordered).as(seed).containsExactlyInAnyOrderElementsOf(texts);
    List<LocalDateTime> times =
        new ArrayList<>(
            ordered.stream()
                .map(row -> LocalDateTime.parse(row.substring(1, row.indexOf(','))))
                .toList());
    List<LocalDateTime> sorted = new ArrayList<>(times);
    sorted.sort(descending ? (a, b) -> b.compareTo(a) : LocalDateTime::compareTo);
    assertThat(times).as(seed).isEqualTo(sorted);
  }

  private static List<@Nullable Object[]> rows(Random random) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int count = 1 + random.nextInt(80);
    for (int i = 0; i < count; i++) {
      // Late, out of order, before 1970, and often equal.
      long micros = (random.nextInt(20) - 5) * HOUR / 2 + random.nextInt(4) * 1_000_000L;
      rows.add(
          new @Nullable Object[] {
            time(micros),
            random.nextInt(6) == 0 ? null : AIRPORTS.get(random.nextInt(AIRPORTS.size())),
            random.nextInt(3) == 0 ? null : AIRPORTS.get(random.nextInt(2)),
            random.nextInt(5) == 0 ? null : random.nextInt(400) - 50,
            random.nextInt(5) == 0 ? null : random.nextInt(1_000) / 8.0,
            random.nextInt(2) == 0 ? null : "n" + random.nextInt(1_000)
          });
    }
    return rows;
  }

  private static ColumnComparison[] comparisons(Condition[] conditions) {
    return Arrays.stream(conditions).map(Condition::comparison).toArray(ColumnComparison[]::new);
  }

  private static Condition[] conditions(Random random) {
    List<Condition> conditions = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      conditions.add(random.nextBoolean() ? timeCondition(random) : tagCondition(random));
    }
    return conditions.toArray(new Condition[0]);
  }

  private static Condition timeCondition(Random random) {
    Operator operator =
        List.of(
                Operator.EQUAL,
                Operator.LESS,
                Operator.LESS_OR_EQUAL,
                Operator.GREATER,
                Operator.GREATER_OR_EQUAL)
            .get(random.nextInt(5));
    LocalDateTime bound =
        time((random.nextInt(20) - 5) * HOUR / 2 + random.nextInt(4) * 1_000_000L);
    return new Condition(
        compare(TIME, operator, bound), row -> holds(row[TIME], operator, List.of(bound)));
  }

  private static Condition tagCondition(Random random) {
    int column = random.nextBoolean() ? ORIGIN : DESTINATION;
    Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    int operandCount =
        switch (operator) {
          case IS_NULL, IS_NOT_NULL -> 0;
          case IN -> 1 + random.nextInt(3);
          default -> 1;
        };
    List<Object> operands = new ArrayList<>();
    for (int i = 0; i < operandCount; i++) {
      operands.add(random.nextInt(6) == 0 ? "XXX" : AIRPORTS.get(random.nextInt(AIRPORTS.size())));
    }
    return new Condition(
        compare(column, operator, operands.toArray()),
        row -> holds(row[column], operator, operands));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static boolean holds(
      @Nullable Object value, Operator operator, List<? extends Object> operands) {
    if (value == null) {
      return operator == Operator.IS_NULL;
    }
    return switch (operator) {
      case IS_NULL -> false;
      case IS_NOT_NULL -> true;
      case IN, ANY -> operands.contains(value);
      case EQUAL -> value.equals(operands.get(0));
      case LESS -> ((Comparable) value).compareTo(operands.get(0)) < 0;
      case LESS_OR_EQUAL -> ((Comparable) value).compareTo(operands.get(0)) <= 0;
      case GREATER -> ((Comparable) value).compareTo(operands.get(0)) > 0;
      case GREATER_OR_EQUAL -> ((Comparable) value).compareTo(operands.get(0)) >= 0;
    };
  }
}
