package io.ppdb.relational.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.WindowFrame.Bound;
import io.ppdb.relational.exec.WindowFrame.Exclusion;
import io.ppdb.relational.exec.WindowFrame.Place;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WindowOperatorTest {
  private static final List<ColumnType> TYPES =
      List.of(ColumnType.INTEGER, ColumnType.INTEGER, ColumnType.BIGINT);

  /** The sum of column 1 over rows from two before to one behind, by partitions of column 0. */
  private static WindowOperator movingSum(Operator input) {
    WindowFrame frame =
        new WindowFrame(
            WindowFrame.Unit.ROWS,
            new Bound(Place.PRECEDING, 2),
            new Bound(Place.CURRENT_ROW, -1),
            Exclusion.NO_OTHERS);
    WindowCall sum =
        new WindowCall(
            WindowCall.Function.AGGREGATE,
            List.of(1),
            frame,
            false,
            ColumnType.BIGINT,
            AggregateSpec.ofWindow("SUM", List.of(1), ColumnType.BIGINT),
            -1);
    return new WindowOperator(
        input,
        List.of(new SortKey(0, false, false), new SortKey(1, false, false)),
        1,
        false,
        List.of(sum));
  }

  private static List<List<@Nullable Object>> rows(int count, Random random) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(List.of(random.nextInt(3), i, 2L));
    }
    return rows;
  }

  @Test
  void sumsOfMovingFramesAreThoseOfTheRowsInThem() {
    Random random = new Random(Rows.SEED);
    List<List<@Nullable Object>> rows = rows(5_000, random);
    List<List<@Nullable Object>> expected = new ArrayList<>();
    for (int partition = 0; partition < 3; partition++) {
      List<Integer> values = new ArrayList<>();
      for (List<@Nullable Object> row : rows) {
        if (row.get(0) instanceof Integer group
            && group == partition
            && row.get(1) instanceof Integer value) {
          values.add(value);
          long sum = 0;
          for (int i = Math.max(0, values.size() - 3); i < values.size(); i++) {
            sum += values.get(i);
          }
          expected.add(List.of(partition, value, 2L, sum));
        }
      }
    }
    assertThat(Rows.read(movingSum(Rows.scan(TYPES, rows, random))))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void rowsBeyondTheMemoryOfTheStatementAreRefused() {
    Random random = new Random(Rows.SEED);
    ExecutionContext context = ExecutionContext.builder().memoryBytes(100_000).build();
    try (Operator window = movingSum(Rows.scan(TYPES, rows(20_000, random), random))) {
      window.open(context);
      assertThatThrownBy(
              () -> {
                VectorBatch batch;
                while ((batch = window.next()) != null) {
                  assertThat(batch.size()).isPositive();
                }
              })
          .isInstanceOf(PpdbException.class)
          .hasMessageContaining("window needs");
    }
    assertThat(context.memory().usedBytes()).isZero();
  }
}
