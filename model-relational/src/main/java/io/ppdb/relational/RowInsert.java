package io.ppdb.relational;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Checks rows and inserts them, for one statement. Used by one thread. */
@FunctionalInterface
interface RowInsert {
  /** Inserts the live rows of {@code rows} and returns how many were written. */
  long insert(VectorBatch rows);

  /**
   * How a statement inserts into {@code table}.
   *
   * @param onConflict what is done about rows whose keys are taken; null if that is an error
   * @param written receives the rows as they are afterwards; null if nobody wants them
   */
  static RowInsert of(
      TableAccess table,
      @Nullable ConflictAction onConflict,
      TableWriter writer,
      ExecutionContext context,
      @Nullable RowBuffer written) {
    RowInsert inserting =
        onConflict == null
            ? rows -> {
              writer.insert(rows);
              if (written != null) {
                written.append(rows);
              }
              return rows.size();
            }
            : onConflict.new Run(writer, context, written)::insert;
    return rows -> {
      for (int column = 0; column < table.table().columns().size(); column++) {
        RowChecks.check(table.table(), column, rows);
      }
      return inserting.insert(rows);
    };
  }
}
