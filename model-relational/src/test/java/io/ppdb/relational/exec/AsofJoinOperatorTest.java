package io.ppdb.relational.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.AsofJoinOperator.Nearest;
import io.ppdb.relational.expr.Expressions;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AsofJoinOperatorTest {
  private static final int ROUNDS = 60;

  private static final List<List<ColumnType>> KEY_TYPES =
      List.of(
          List.of(),
          List.of(ColumnType.INTEGER),
          List.of(ColumnType.TEXT),
          List.of(ColumnType.BIGINT, ColumnType.TEXT));

  private static final List<ColumnType> TIME_TYPES =
      List.of(ColumnType.INTEGER, ColumnType.BIGINT, ColumnType.DOUBLE, ColumnType.TEXT);

  @ParameterizedTest
  @EnumSource(Nearest.class)
  void findsTheNearestRowAsByHand(Nearest nearest) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(Rows.SEED + round);
      List<ColumnType> types = new ArrayList<>(KEY_TYPES.get(round % KEY_TYPES.size()));
      int keyCount = types.size();
      types.add(TIME_TYPES.get(round / KEY_TYPES.size() % TIME_TYPES.size()));
      types.add(ColumnType.INTEGER);
      List<List<@Nullable Object>> left = Rows.random(types, random.nextInt(120), random);
      List<List<@Nullable Object>> right = Rows.random(types, random.nextInt(120), random);
      boolean keepsUnmatched = random.nextBoolean();
      Operator join =
          new AsofJoinOperator(
              Rows.scan(types, left, random),
              Rows.scan(types, right, random),
              columns(types).subList(0, keyCount),
              columns(types).subList(0, keyCount),
              columns(types).get(keyCount),
              columns(types).get(keyCount),
              nearest,
              keepsUnmatched);
      assertThat(Rows.normalised(Rows.read(join)))
          .as("seed %d round %d", Rows.SEED, round)
          .isEqualTo(Rows.normalised(naive(left, right, keyCount, nearest, keepsUnmatched)));
    }
  }

  private static List<RexNode> columns(List<ColumnType> types) {
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(Expressions.parse("c" + i, types).get(0));
    }
    return columns;
  }

  private static List<List<@Nullable Object>> naive(
      List<List<@Nullable Object>> left,
      List<List<@Nullable Object>> right,
      int keyCount,
      Nearest nearest,
      boolean keepsUnmatched) {
    List<List<@Nullable Object>> joined = new ArrayList<>();
    for (List<@Nullable Object> leftRow : left) {
      List<@Nullable Object> best = null;
      for (List<@Nullable Object> rightRow : right) {
        boolean matches =
            leftRow.subList(0, keyCount).equals(rightRow.subList(0, keyCount))
                && !leftRow.subList(0, keyCount + 1).contains(null)
                && rightRow.get(keyCount) != null
                && isOnSide(compare(rightRow, leftRow, keyCount), nearest);
        if (matches && (best == null || isNearer(rightRow, best, keyCount, nearest))) {
          best = rightRow;
        }
      }
      if (best != null || keepsUnmatched) {
        List<@Nullable Object> row = new ArrayList<>(leftRow);
        row.addAll(best == null ? Collections.nCopies(leftRow.size(), null) : best);
        joined.add(row);
      }
    }
    return joined;
  }

  private static boolean isOnSide(int order, Nearest nearest) {
    return switch (nearest) {
      case AT_OR_BEFORE -> order <= 0;
      case BEFORE -> order < 0;
      case AT_OR_AFTER -> order >= 0;
      case AFTER -> order > 0;
    };
  }

  private static boolean isNearer(
      List<@Nullable Object> row, List<@Nullable Object> best, int time, Nearest nearest) {
    int order = compare(row, best, time);
    boolean isBefore = nearest == Nearest.AT_OR_BEFORE || nearest == Nearest.BEFORE;
    return isBefore ? order >= 0 : order < 0;
  }

  @SuppressWarnings("unchecked")
  private static int compare(
      List<@Nullable Object> first, List<@Nullable Object> second, int column) {
    Object left = first.get(column);
    Object right = second.get(column);
    if (left instanceof Double one && right instanceof Double other) {
      return Double.compare(one + 0.0, other + 0.0);
    }
    if (left instanceof Comparable<?> comparable && right != null) {
      return ((Comparable<Object>) comparable).compareTo(right);
    }
    throw new AssertionError("compares " + left + " and " + right);
  }

  @Test
  void aRightSideThatMayNotBeHeldIsAnError() {
    List<ColumnType> types = List.of(ColumnType.INTEGER);
    Random random = new Random(1);
    List<List<@Nullable Object>> rows = Rows.random(types, 20_000, random);
    Operator join =
        new AsofJoinOperator(
            Rows.scan(types, rows, random),
            Rows.scan(types, rows, random),
            List.of(),
            List.of(),
            columns(types).get(0),
            columns(types).get(0),
            Nearest.AT_OR_BEFORE,
            false);
    ExecutionContext context = ExecutionContext.builder().memoryBytes(50_000).build();
    assertThatThrownBy(() -> Rows.read(join, context))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT));
  }
}
