package io.ppdb.relational.storage;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.Projection;
import io.ppdb.relational.spi.IndexExpressions;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * What one index computes of rows: which of them have an entry, and its expressions as columns
 * behind those of the table. All of it depends on nothing but the row, so the clock and the time
 * zone do not matter. Used by one thread.
 */
final class ComputedColumns {
  private final int columnCount;
  private final @Nullable Projection predicate;
  private final Projection expressions;
  private final Vector[] results;
  private final Vector[] condition = new Vector[1];

  ComputedColumns(TableDefinition table, IndexDefinition index, IndexExpressions trees) {
    List<ColumnType> types = table.columns().stream().map(ColumnDefinition::type).toList();
    EvaluationContext context = EvaluationContext.at(Instant.EPOCH, ZoneOffset.UTC);
    ExpressionCompiler compiler = new ExpressionCompiler(types, context);
    RexNode condition = trees.predicateOf(index);
    List<RexNode> keys = trees.keysOf(index);
    this.columnCount = types.size();
    this.predicate = condition == null ? null : compiler.compileAll(List.of(condition));
    this.expressions = compiler.compileAll(keys);
    this.results = new Vector[keys.size()];
  }

  /**
   * Those live rows of {@code rows} that have an entry, with what is computed of them; good until
   * the next call. Nothing is computed of the others: it might fail.
   */
  VectorBatch of(VectorBatch rows) {
    return with(rows, rows.selection(), rows.size());
  }

  /** The same for the row at one position. */
  VectorBatch of(VectorBatch rows, int position) {
    return with(rows, new int[] {position}, 1);
  }

  private VectorBatch with(VectorBatch rows, int @Nullable [] selection, int count) {
    int[] positions = new int[count];
    int covered = 0;
    BooleanVector holds = predicate(rows, selection, count);
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      if (holds == null || (!holds.isNull(position) && holds.get(position))) {
        positions[covered++] = position;
      }
    }
    Vector[] columns = new Vector[columnCount + results.length];
    System.arraycopy(rows.columns(), 0, columns, 0, columnCount);
    if (covered > 0) {
      expressions.evaluate(rows, positions, covered, results);
      System.arraycopy(results, 0, columns, columnCount, results.length);
    }
    VectorBatch computed = new VectorBatch(columns);
    computed.setRowCount(rows.rowCount());
    computed.setSelection(positions, covered);
    return computed;
  }

  private @Nullable BooleanVector predicate(
      VectorBatch rows, int @Nullable [] selection, int count) {
    if (predicate == null) {
      return null;
    }
    predicate.evaluate(rows, selection, count, condition);
    return (BooleanVector) condition[0];
  }
}
