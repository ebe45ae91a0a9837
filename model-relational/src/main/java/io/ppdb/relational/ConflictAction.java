package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ON CONFLICT: inserts those rows whose unique keys are free; what is in the way of the others
 * stays or is updated.
 *
 * @param table the target
 * @param uniqueKeys which keys decide: {@link TableWriter#PRIMARY_KEY} or indexes by their place
 * @param update what is done to the rows in the way; null for nothing
 */
record ConflictAction(TableAccess table, int[] uniqueKeys, @Nullable Update update) {
  /**
   * DO UPDATE.
   *
   * @param plan a query of given rows (the row in the way, its locator, the row that was to be
   *     inserted): of those to be updated their columns, locator and the new values
   * @param givenTypes the columns of the given rows
   * @param assigned ordinals of the columns that get the new values
   * @param conditional whether the query may leave rows out
   */
  record Update(
      PlanNode plan, List<ColumnType> givenTypes, List<Integer> assigned, boolean conditional) {}

  /** One statement's work: it must not touch a row twice. */
  final class Run {
    private final TableWriter writer;
    private final ExecutionContext context;
    private final @Nullable RowBuffer written;
    private final Set<ByteBuffer> touched = new HashSet<>();

    /**
     * A run.
     *
     * @param written receives the rows as they are afterwards; null if nobody wants them
     */
    Run(TableWriter writer, ExecutionContext context, @Nullable RowBuffer written) {
      this.writer = writer;
      this.context = context;
      this.written = written;
    }

    /** Inserts or updates, and returns how many rows that were. */
    long insert(VectorBatch rows) {
      int[] live = new int[rows.size()];
      for (int i = 0; i < live.length; i++) {
        live[i] = rows.position(i);
      }
      int[] one = new int[1];
      List<byte[]> keys = new ArrayList<>();
      Set<ByteBuffer> waiting = new HashSet<>();
      int[] excluded = new int[live.length];
      long count = 0;
      for (int position : live) {
        byte[] key = writer.conflictingRow(rows, position, uniqueKeys);
        if (key == null) {
          one[0] = position;
          rows.setSelection(one, 1);
          writer.insert(rows);
          if (written != null) {
            written.append(rows);
          }
          if (update != null) {
            touch(writer.conflictingRow(rows, position, uniqueKeys));
          }
          count++;
        } else if (update != null) {
          if (!update.conditional()) {
            touch(key);
          } else {
            if (!waiting.add(ByteBuffer.wrap(key))) {
              count += update(update, keys, rows, excluded);
              keys.clear();
              waiting.clear();
              waiting.add(ByteBuffer.wrap(key));
            }
            checkUntouched(key);
          }
          excluded[keys.size()] = position;
          keys.add(key);
        }
      }
      rows.setSelection(live, live.length);
      return update == null || keys.isEmpty()
          ? count
          : count + update(update, keys, rows, excluded);
    }

    private void touch(byte @Nullable [] key) {
      if (key != null) {
        checkUntouched(key);
        touched.add(ByteBuffer.wrap(key));
      }
    }

    private void checkUntouched(byte[] key) {
      if (touched.contains(ByteBuffer.wrap(key))) {
        throw new PpdbException(
            ErrorCode.CARDINALITY_VIOLATION,
            "ON CONFLICT DO UPDATE command cannot affect row of "
                + table.table().name()
                + " a second time: two rows of the statement have the same key");
      }
    }

    /** Touches the rows that {@code changes} updates: each begins with its old columns. */
    private void touchAll(VectorBatch changes) {
      for (int i = 0; i < changes.size(); i++) {
        touch(writer.conflictingRow(changes, changes.position(i), uniqueKeys));
      }
    }

    /** Updates the rows with {@code keys}, that are in the way of {@code rows} at positions. */
    private long update(Update action, List<byte[]> keys, VectorBatch rows, int[] positions) {
      int count = keys.size();
      int columnCount = table.table().columns().size();
      int oldCount = columnCount + table.locatorTypes().size();
      VectorBatch given = VectorBatch.create(action.givenTypes(), count);
      VectorBatch old = new VectorBatch(Arrays.copyOf(given.columns(), oldCount));
      try (BatchSource source = writer.rows(keys)) {
        source.fill(old, count);
      }
      if (old.rowCount() != count) {
        throw new PpdbException(
            ErrorCode.CORRUPTION,
            "an index of "
                + table.table().name()
                + " names a row that is not there: expected "
                + count
                + " rows, seen "
                + old.rowCount());
      }
      for (int column = 0; column < columnCount; column++) {
        given.column(oldCount + column).copy(rows.column(column), positions, count, 0);
      }
      given.setRowCount(count);
      RowBuffer buffer = new RowBuffer(action.givenTypes());
      buffer.append(given);
      ExecutionContext reading = context.withGivenRows(buffer);
      RowUpdate updating = new RowUpdate(table, action.assigned(), writer, written);
      long updated = 0;
      try (Operator changes = action.plan().build(reading)) {
        changes.open(reading);
        VectorBatch batch;
        while ((batch = changes.next()) != null) {
          if (action.conditional()) {
            touchAll(batch);
          }
          updating.update(batch, List.of());
          updated += batch.size();
        }
      }
      return updated;
    }
  }
}
