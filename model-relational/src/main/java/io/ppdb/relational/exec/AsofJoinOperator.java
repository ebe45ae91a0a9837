package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.expr.VectorExpression;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Joins each left row with the one right row that has equal keys and the nearest time on one side
 * of its own.
 *
 * <p>The right input is read first and kept in memory, in an {@link AsofIndex}; left batches then
 * stream through, in their order.
 */
public final class AsofJoinOperator extends Operator {
  private final Operator left;
  private final Operator right;
  private final List<RexNode> leftKeys;
  private final List<RexNode> rightKeys;
  private final RexNode leftTime;
  private final RexNode rightTime;
  private final Nearest nearest;
  private final boolean keepsUnmatched;

  private List<VectorExpression> keys = List.of();
  private @Nullable VectorExpression times;
  private @Nullable RowBuffer rightRows;
  private @Nullable AsofIndex index;
  private @Nullable MemoryAccount memory;
  private @Nullable VectorBatch joined;
  private int[] matches = {};
  private int[] leftPositions = {};
  private int[] rightPositions = {};

  /** Which of the right rows is the nearest, by its time against that of the left row. */
  public enum Nearest {
    AT_OR_BEFORE,
    BEFORE,
    AT_OR_AFTER,
    AFTER
  }

  /**
   * A join on {@code leftKeys[i] = rightKeys[i]}, over the columns of their side each.
   *
   * @param leftTime over the columns of the left side
   * @param rightTime over the columns of the right side
   * @param keepsUnmatched whether left rows without a match come with NULLs
   */
  public AsofJoinOperator(
      Operator left,
      Operator right,
      List<RexNode> leftKeys,
      List<RexNode> rightKeys,
      RexNode leftTime,
      RexNode rightTime,
      Nearest nearest,
      boolean keepsUnmatched) {
    super(types(left, right));
    this.left = left;
    this.right = right;
    this.leftKeys = List.copyOf(leftKeys);
    this.rightKeys = List.copyOf(rightKeys);
    this.leftTime = leftTime;
    this.rightTime = rightTime;
    this.nearest = nearest;
    this.keepsUnmatched = keepsUnmatched;
  }

  private static List<ColumnType> types(Operator left, Operator right) {
    List<ColumnType> types = new ArrayList<>(left.types());
    types.addAll(right.types());
    return types;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    keys = compiled(left, leftKeys, rightKeys);
    times = compiled(left, List.of(leftTime), List.of(rightTime)).get(0);
    memory = new MemoryAccount(context.memory(), "ASOF join");
    joined = VectorBatch.create(types(), 0);
    rightRows = null;
    index = null;
    right.open(context);
    left.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorExpression leftTimes = times;
    VectorBatch output = joined;
    if (leftTimes == null || output == null) {
      return null;
    }
    RowBuffer rows = rightRows;
    AsofIndex known = index;
    if (rows == null || known == null) {
      rows = readRight();
      known = index(rows);
      rightRows = rows;
      index = known;
    }
    VectorBatch batch = left.next();
    if (batch == null) {
      return null;
    }
    int count = batch.size();
    if (matches.length < count) {
      matches = new int[count];
      leftPositions = new int[count];
      rightPositions = new int[count];
    }
    Vector ofLeft = leftTimes.evaluate(batch, batch.selection(), count);
    known.find(batch, evaluated(keys, batch), ofLeft, nearest, matches);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (matches[i] >= 0 || keepsUnmatched) {
        leftPositions[kept] = batch.position(i);
        rightPositions[kept++] = matches[i];
      }
    }
    output.reset(kept);
    for (int i = 0; i < batch.columnCount(); i++) {
      output.column(i).copy(batch.column(i), leftPositions, kept, 0);
    }
    rows.gather(rightPositions, kept, output, batch.columnCount());
    output.setRowCount(kept);
    return output;
  }

  private RowBuffer readRight() {
    RowBuffer rows = new RowBuffer(right.types());
    VectorBatch batch;
    while ((batch = right.next()) != null) {
      rows.append(batch);
      account(rows.sizeInBytes());
    }
    right.close();
    return rows;
  }

  private AsofIndex index(RowBuffer rows) {
    VectorBatch all = new VectorBatch(rows.columns());
    all.setRowCount(rows.rowCount());
    VectorExpression rightTimes = compiled(right, List.of(rightTime), List.of(leftTime)).get(0);
    AsofIndex made =
        new AsofIndex(
            evaluated(compiled(right, rightKeys, leftKeys), all),
            rightTimes.evaluate(all, null, rows.rowCount()),
            rows.rowCount(),
            context()::checkCancelled);
    account(rows.sizeInBytes() + made.sizeInBytes());
    return made;
  }

  /** Expressions over the columns of {@code side}, of types that compare with {@code others}. */
  private List<VectorExpression> compiled(
      Operator side, List<RexNode> expressions, List<RexNode> others) {
    ExpressionCompiler compiler = new ExpressionCompiler(side.types(), context().evaluation());
    List<VectorExpression> compiled = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      ColumnType type = ColumnType.fromCalcite(expressions.get(i).getType());
      ColumnType other = ColumnType.fromCalcite(others.get(i).getType());
      compiled.add(compiler.compileTo(Numerics.comparable(type, other), expressions.get(i)));
    }
    return compiled;
  }

  private static Vector[] evaluated(List<VectorExpression> expressions, VectorBatch batch) {
    return expressions.stream()
        .map(expression -> expression.evaluate(batch, batch.selection(), batch.size()))
        .toArray(Vector[]::new);
  }

  private void account(long bytes) {
    if (memory != null) {
      memory.resize(bytes);
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
    rightRows = null;
    index = null;
    if (memory != null) {
      memory.release();
    }
  }
}
