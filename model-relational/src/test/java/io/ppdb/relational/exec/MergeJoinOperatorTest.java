package io.ppdb.relational.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.Expressions;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.type.ColumnType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Merge joins of sorted random rows give what hash joins give, in the order of their keys. */
class MergeJoinOperatorTest {
  private static final int ROUNDS = 120;

  private static final List<List<ColumnType>> KEY_TYPES =
      List.of(
          List.of(ColumnType.INTEGER),
          List.of(ColumnType.TEXT),
          List.of(ColumnType.BOOLEAN, ColumnType.INTEGER),
          List.of(ColumnType.decimal(10, 2), ColumnType.DOUBLE),
          List.of(ColumnType.DOUBLE, ColumnType.TEXT, ColumnType.BIGINT));

  @TempDir private static Path directory;

  @ParameterizedTest
  @EnumSource(
      value = JoinKind.class,
      names = {"RIGHT", "FULL"},
      mode = Mode.EXCLUDE)
  void mergesAsHashJoinsDo(JoinKind kind) {
    for (int round = 0; round < ROUNDS; round++) {
      checkRound(kind, round, Rows.context());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = JoinKind.class,
      names = {"RIGHT", "FULL"},
      mode = Mode.EXCLUDE)
  void groupsBeyondTheMemoryOfAnOperatorGoToFiles(JoinKind kind) {
    try (TemporaryFiles files = TemporaryFiles.in(directory.resolve(kind.name()))) {
      for (int round = 0; round < ROUNDS; round++) {
        checkRound(
            kind,
            round,
            ExecutionContext.builder().batchRows(16).temporaryFiles(files, 500).build());
      }
      assertThat(files.fileCount()).isPositive();
      assertThat(files.openCount()).isZero();
    }
  }

  private static void checkRound(JoinKind kind, int round, ExecutionContext context) {
    Random random = new Random(Rows.SEED + round);
    List<ColumnType> types = new ArrayList<>(KEY_TYPES.get(round % KEY_TYPES.size()));
    int keyCount = types.size();
    types.add(ColumnType.INTEGER);
    List<ColumnType> rightTypes = new ArrayList<>(types);
    if (types.get(0).equals(ColumnType.INTEGER) && random.nextBoolean()) {
      rightTypes.set(0, ColumnType.SMALLINT);
    }
    List<ColumnType> both = new ArrayList<>(types);
    both.addAll(rightTypes);
    int most = random.nextInt(4) == 0 ? 3 : 400;
    List<List<@Nullable Object>> left = Rows.random(types, random.nextInt(most), random);
    List<List<@Nullable Object>> right = Rows.random(rightTypes, random.nextInt(most), random);
    List<Integer> keys = new ArrayList<>();
    List<Boolean> descending = new ArrayList<>();
    List<SortKey> leftOrder = new ArrayList<>();
    List<SortKey> rightOrder = new ArrayList<>();
    for (int i = 0; i < keyCount; i++) {
      keys.add(i);
      descending.add(random.nextBoolean());
      leftOrder.add(new SortKey(i, descending.get(i), random.nextBoolean()));
      rightOrder.add(new SortKey(i, descending.get(i), random.nextBoolean()));
    }
    RexNode rest =
        random.nextBoolean()
            ? Expressions.parse("c" + keyCount + " < c" + (2 * keyCount + 1), both).get(0)
            : null;
    Operator hash =
        JoinOperator.hash(
            Rows.scan(types, left, random),
            Rows.scan(rightTypes, right, random),
            kind,
            keys,
            keys,
            keys.stream().map(key -> false).toList(),
            rest);
    Operator merge =
        new MergeJoinOperator(
            sorted(Rows.scan(types, left, random), leftOrder),
            sorted(Rows.scan(rightTypes, right, random), rightOrder),
            kind,
            keys,
            keys,
            descending,
            rest);
    List<List<@Nullable Object>> merged = Rows.read(merge, context);
    assertThat(merged)
        .as("seed %d round %d", Rows.SEED, round)
        .containsExactlyInAnyOrderElementsOf(Rows.read(hash));
    if (kind != JoinKind.LEFT || rest == null) {
      Operator again = sorted(Rows.scan(outputs(kind, types, both), merged, random), leftOrder);
      assertThat(keysOf(merged, keyCount))
          .as("seed %d round %d in order", Rows.SEED, round)
          .isEqualTo(keysOf(Rows.read(again), keyCount));
    }
  }

  private static List<ColumnType> outputs(
      JoinKind kind, List<ColumnType> left, List<ColumnType> both) {
    return kind.hasRightColumns() ? both : left;
  }

  private static List<List<@Nullable Object>> keysOf(
      List<List<@Nullable Object>> rows, int keyCount) {
    return Rows.normalised(rows.stream().map(row -> row.subList(0, keyCount)).toList());
  }

  private static Operator sorted(Operator input, List<SortKey> order) {
    return new SortOperator(input, order, 0, LimitOperator.ALL);
  }

  @Test
  void keysThatAreEqualInNoRowAreReadToTheEndOfOneSideOnly() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    List<List<@Nullable Object>> few = List.of(Rows.row(1), Rows.row(2));
    Operator endless = new ScanOperator(types, context -> new Numbers(10));
    Operator merge =
        new MergeJoinOperator(
            endless,
            Rows.scan(types, few, new Random(1)),
            JoinKind.INNER,
            List.of(0),
            List.of(0),
            List.of(false),
            null);
    assertThat(Rows.read(merge)).isEmpty();
  }

  @Test
  void canBeCancelledWhileNothingMatches() {
    Cancellation cancellation = new Cancellation();
    ExecutionContext context = ExecutionContext.builder().cancellation(cancellation).build();
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    Numbers left = new Numbers(0);
    left.atRow(100_000, cancellation::request);
    Operator merge =
        new MergeJoinOperator(
            new ScanOperator(types, opened -> left),
            new ScanOperator(types, opened -> new Numbers(Integer.MAX_VALUE / 2)),
            JoinKind.INNER,
            List.of(0),
            List.of(0),
            List.of(false),
            null);
    assertThatThrownBy(() -> Rows.read(merge, context))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }

  @Test
  void rightAndFullJoinsAreRefused() {
    for (JoinKind kind : Arrays.asList(JoinKind.RIGHT, JoinKind.FULL)) {
      List<ColumnType> types = List.of(ColumnType.INTEGER);
      assertThatThrownBy(
              () ->
                  new MergeJoinOperator(
                      Rows.scan(types, List.of(), new Random(1)),
                      Rows.scan(types, List.of(), new Random(1)),
                      kind,
                      List.of(0),
                      List.of(0),
                      List.of(false),
                      null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(kind.name());
    }
  }

  /** Numbers without end. */
  private static final class Numbers implements BatchSource {
    private int next;
    private int watched = -1;
    private Runnable action = () -> {};

    Numbers(int first) {
      next = first;
    }

    void atRow(int number, Runnable newAction) {
      watched = number;
      action = newAction;
    }

    @Override
    public boolean fill(io.ppdb.relational.vector.VectorBatch batch, int rowCount) {
      for (int i = 0; i < rowCount; i++) {
        if (next == watched) {
          action.run();
        }
        batch.column(0).setObject(i, next++);
      }
      batch.setRowCount(rowCount);
      return true;
    }

    @Override
    public void close() {}
  }
}
