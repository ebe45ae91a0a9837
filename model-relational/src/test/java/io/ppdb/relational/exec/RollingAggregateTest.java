package io.ppdb.relational.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranges of partitions give what adding up their rows gives. */
class RollingAggregateTest {
  private static final int ROUNDS = 120;

  private static final List<ColumnType> TYPES =
      List.of(ColumnType.INTEGER, ColumnType.BIGINT, ColumnType.decimal(10, 2), ColumnType.NUMERIC);

  @ParameterizedTest
  @EnumSource(
      value = AggregateSpec.Function.class,
      names = {"COUNT", "SUM", "SUM0", "AVG", "MIN", "MAX"})
  void rangesAreWhatTheirRowsAddUpTo(AggregateSpec.Function function) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(Rows.SEED + round);
      ColumnType type = TYPES.get(round % TYPES.size());
      int rowCount = 1 + random.nextInt(70);
      RowBuffer rows = rows(type, rowCount, random);
      AggregateSpec spec = AggregateSpec.of(function, resultType(function, type), 0);
      VectorBatch batch = new VectorBatch(rows.columns());
      batch.setRowCount(rowCount);
      int start = random.nextInt(rowCount);
      int end = start + 1 + random.nextInt(rowCount - start);
      int[] order = shuffled(rowCount, random);
      RollingAggregate rolling = Objects.requireNonNull(RollingAggregate.of(spec, batch));
      rolling.begin(
          new WindowPartition(rows, order, start, end, new int[0], new int[0], false), place -> {});
      for (int i = 0; i < 20; i++) {
        int[] bounds = {0, 0, 0, 0};
        for (int j = 0; j < bounds.length; j++) {
          bounds[j] = start + random.nextInt(end - start + 1);
        }
        Arrays.sort(bounds);
        Vector result = Vector.create(spec.type(), 1);
        rolling.emit(bounds, bounds.length, result);
        assertThat(List.of(Rows.normalisedRow(Rows.row(result.getObject(0)))))
            .as("seed %d round %d ranges %s", Rows.SEED, round, Arrays.toString(bounds))
            .isEqualTo(
                List.of(Rows.normalisedRow(Rows.row(added(spec, type, batch, order, bounds)))));
      }
    }
  }

  private static ColumnType resultType(AggregateSpec.Function function, ColumnType type) {
    return switch (function) {
      case COUNT -> ColumnType.BIGINT;
      case MIN, MAX -> type;
      default -> ColumnType.NUMERIC;
    };
  }

  private static RowBuffer rows(ColumnType type, int count, Random random) {
    RowBuffer rows = new RowBuffer(List.of(type));
    VectorBatch batch = VectorBatch.create(List.of(type), count);
    List<List<@Nullable Object>> values = Rows.random(List.of(type), count, random);
    for (int i = 0; i < count; i++) {
      Object value = values.get(i).get(0);
      boolean extreme = type.equals(ColumnType.BIGINT) && random.nextInt(3) == 0;
      batch
          .column(0)
          .setObject(i, extreme ? (random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE) : value);
    }
    batch.setRowCount(count);
    rows.append(batch);
    return rows;
  }

  private static int[] shuffled(int count, Random random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  private static @Nullable Object added(
      AggregateSpec spec, ColumnType type, VectorBatch batch, int[] order, int[] bounds) {
    EvaluationContext context = EvaluationContext.at(Instant.EPOCH, ZoneOffset.UTC);
    List<ColumnType> types = List.of(type);
    AggregateState state =
        new AggregateState(spec, Accumulators.create(spec, types, List.of(), context), types);
    state.ensureGroups(1);
    for (int i = 0; i < bounds.length; i += 2) {
      int[] selection = Arrays.copyOfRange(order, bounds[i], bounds[i + 1]);
      batch.setSelection(selection, selection.length);
      state.add(batch, null, 1);
    }
    Vector result = Vector.create(spec.type(), 1);
    state.emit(0, 1, result);
    return result.getObject(0);
  }
}
