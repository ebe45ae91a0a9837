package io.ppdb.relational;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes new values of assigned columns: of batches that have the columns of a table as they are,
 * its locator columns, the new values, then whatever else RETURNING asks for. Used by one thread.
 */
final class RowUpdate {
  private final TableDefinition definition;
  private final List<Integer> assigned;
  private final TableWriter writer;
  private final @Nullable RowBuffer written;
  private final VectorBatch oldRows;
  private final VectorBatch newRows;

  /**
   * Updates of {@code table}.
   *
   * @param assigned ordinals of the columns that get new values
   * @param written receives the rows as they are afterwards; null if nobody wants them
   */
  RowUpdate(
      TableAccess table, List<Integer> assigned, TableWriter writer, @Nullable RowBuffer written) {
    this.definition = table.table();
    this.assigned = assigned;
    this.writer = writer;
    this.written = written;
    int columnCount = definition.columns().size();
    this.oldRows = new VectorBatch(new Vector[columnCount + table.locatorTypes().size()]);
    this.newRows = new VectorBatch(new Vector[columnCount]);
  }

  /**
   * Updates the live rows of {@code batch}.
   *
   * @param others columns of the batch that follow the table's in what RETURNING reads
   */
  void update(VectorBatch batch, List<Integer> others) {
    take(batch, oldRows);
    take(batch, newRows);
    for (int i = 0; i < assigned.size(); i++) {
      newRows.columns()[assigned.get(i)] = batch.column(oldRows.columnCount() + i);
    }
    for (int column : assigned) {
      RowChecks.check(definition, column, newRows);
    }
    writer.update(oldRows, newRows, assigned.stream().mapToInt(Integer::intValue).toArray());
    if (written != null) {
      written.append(with(newRows, batch, others));
    }
  }

  /** Deletes the live rows of {@code batch}. */
  void delete(VectorBatch batch, List<Integer> others) {
    take(batch, oldRows);
    writer.delete(oldRows);
    if (written != null) {
      take(batch, newRows);
      written.append(with(newRows, batch, others));
    }
  }

  private static void take(VectorBatch from, VectorBatch to) {
    System.arraycopy(from.columns(), 0, to.columns(), 0, to.columnCount());
    to.setRowCount(from.rowCount());
    to.setSelection(from.selection(), from.size());
  }

  private static VectorBatch with(VectorBatch rows, VectorBatch batch, List<Integer> others) {
    if (others.isEmpty()) {
      return rows;
    }
    List<Vector> columns = new ArrayList<>(List.of(rows.columns()));
    others.forEach(column -> columns.add(batch.column(column)));
    VectorBatch joined = new VectorBatch(columns.toArray(new Vector[0]));
    joined.setRowCount(rows.rowCount());
    joined.setSelection(rows.selection(), rows.size());
    return joined;
  }
}
