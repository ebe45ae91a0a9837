package io.ppdb.timeseries;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.timeseries.segment.Segment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Appends points to a time-series table from Java, in batches.
 *
 * <pre>{@code
 * try (TimeSeriesWriter writer = TimeSeriesWriter.committing(table, store, options)) {
 *   int origin = writer.column("origin");
 *   int delay = writer.column("delay");
 *   writer.at(micros).set(origin, "SEA").set(delay, 12).endRow();
 * }
 * }</pre>
 *
 * <p>Rows are collected and written as one segment a window. A <i>joining</i> writer writes into
 * the transaction of its caller, who commits. A <i>committing</i> one commits each batch by itself:
 * when it has so many rows, when the oldest row has waited so long, when {@link #flush} or {@link
 * #close} is called. The call that fills a batch returns when the batch is committed, so that a
 * producer is never faster than the store and no more than one batch is held in memory.
 *
 * <p>Each batch is written to the table that the writer was opened for, or not at all: if that was
 * dropped or changed meanwhile, its transaction fails. A writer that failed is done for: every
 * later call throws the same error, save {@link #close} if the error was thrown before, and the
 * rows beyond {@link #committedRowCount} are not written (COMMIT_UNKNOWN: those of the last batch
 * may be). Used by one thread.
 */
public final class TimeSeriesWriter implements AutoCloseable {
  private final SeriesLayout layout;
  private final SegmentBuffer buffer;
  private final RowValues values;
  private final int maxBatchRows;
  private final BatchSink sink;
  private final @Nullable ScheduledExecutorService timer;

  // Guarded by this. The timer leaves the buffer alone while a row is open.
  private boolean rowOpen;
  private boolean flushAfterRow;
  private boolean closed;
  private long committedRowCount;
  private @Nullable PpdbException failure;

  /** Whether the caller knows of the failure: one of the timer waits for the next call. */
  private boolean failureThrown;

  /** Takes a batch: into the caller's transaction, or into one of its own. */
  private interface BatchSink {
    void write(SegmentBuffer batch);
  }

  private TimeSeriesWriter(TableDefinition table, TimeSeriesWriterOptions options, BatchSink sink) {
    this.layout = SeriesLayout.of(table);
    this.buffer = new SegmentBuffer(layout);
    this.values = new RowValues(table.columns(), buffer);
    this.maxBatchRows = options.maxBatchRows();
    this.sink = sink;
    this.timer = null;
  }

  private TimeSeriesWriter(
      TableDefinition table, KeyValueStore store, TimeSeriesWriterOptions options) {
    TransactionOptions transactionOptions =
        TransactionOptions.DEFAULT.withDurability(options.durability());
    this.layout = SeriesLayout.of(table);
    this.buffer = new SegmentBuffer(layout);
    this.values = new RowValues(table.columns(), buffer);
    this.maxBatchRows = options.maxBatchRows();
    this.sink =
        batch ->
            store.transact(
                transactionOptions,
                transaction -> {
                  Catalog.requireCurrent(transaction, table);
                  options.precondition().accept(transaction);
                  return batch.writeTo(transaction, new HashMap<>());
                });
    this.timer = options.maxDelay() == null ? null : startTimer(options.maxDelay().toNanos());
  }

  /** A writer into {@code transaction}, which the caller commits after closing the writer. */
  public static TimeSeriesWriter joining(TableDefinition table, Transaction transaction) {
    TimeSeriesWriterOptions options =
        TimeSeriesWriterOptions.DEFAULT.withMaxBatchRows(Segment.MAX_ROWS);
    Map<Long, byte[]> openSegments = new HashMap<>();
    return new TimeSeriesWriter(
        table,
        options,
        batch -> {
          Catalog.requireCurrent(transaction, table);
          batch.writeTo(transaction, openSegments);
        });
  }

  /** A writer that commits by itself. */
  public static TimeSeriesWriter committing(
      TableDefinition table, KeyValueStore store, TimeSeriesWriterOptions options) {
    return new TimeSeriesWriter(table, store, options);
  }

  /** The ordinal of the column called {@code name}; UNDEFINED_COLUMN if there is none. */
  public int column(String name) {
    int ordinal = layout.table().columnIndex(name);
    if (ordinal < 0) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column " + name + " of time-series table " + layout.table().name() + " does not exist");
    }
    return ordinal;
  }

  /**
   * Begins a row; a row that was begun and not ended is forgotten.
   *
   * @param epochMicros its time, in microseconds since 1970-01-01 00:00:00
   */
  public TimeSeriesWriter at(long epochMicros) {
    synchronized (this) {
      checkUsable();
      rowOpen = true;
    }
    values.begin();
    values.set(layout.timeColumn(), epochMicros);
    return this;
  }

  /** Sets a column of whole numbers, of decimals or floating-point numbers, or of microseconds. */
  public TimeSeriesWriter set(int column, long value) {
    checkRowOpen();
    values.set(column, value);
    return this;
  }

  /** Sets a column of floating-point numbers. */
  public TimeSeriesWriter set(int column, double value) {
    checkRowOpen();
    values.set(column, value);
    return this;
  }

  /** Sets a column to an object of the class that {@code Values} names for its type, or NULL. */
  public TimeSeriesWriter set(int column, @Nullable Object value) {
    checkRowOpen();
    values.set(column, value);
    return this;
  }

  /** Ends the row; columns that were not set are NULL. Writes the batch if it is full. */
  public synchronized void endRow() {
    checkUsable();
    checkRowOpen();
    values.end();
    rowOpen = false;
    if (buffer.rowCount() >= maxBatchRows || flushAfterRow) {
      write();
    }
  }

  /** Writes the rows that were ended; a committing writer has committed them on return. */
  public synchronized void flush() {
    checkUsable();
    rowOpen = false;
    write();
  }

  /** Rows that were written; on a committing writer, committed. */
  public synchronized long committedRowCount() {
    return committedRowCount;
  }

  /** Flushes; throws a failure that no call has thrown yet. */
  @Override
  public void close() {
    if (timer != null) {
      timer.shutdown();
    }
    synchronized (this) {
      if (!closed) {
        closed = true;
        if (failure == null) {
          write();
        } else if (!failureThrown) {
          failureThrown = true;
          throw failure;
        }
      }
    }
  }

  private void write() {
    flushAfterRow = false;
    if (buffer.rowCount() == 0) {
      return;
    }
    try {
      sink.write(buffer);
    } catch (RuntimeException e) {
      failure =
          e instanceof PpdbException known
              ? known
              : new PpdbException(
                  ErrorCode.INTERNAL, "writing to " + layout.table().name() + " failed: " + e, e);
      failureThrown = true;
      throw failure;
    }
    committedRowCount += buffer.rowCount();
    buffer.clear();
  }

  private void checkUsable() {
    if (failure != null) {
      failureThrown = true;
      throw failure;
    }
    if (closed) {
      throw new PpdbException(
          ErrorCode.CLOSED, "the writer of " + layout.table().name() + " is closed");
    }
  }

  /** Only the writer's own thread opens and ends rows, so it may look without the lock. */
  @SuppressWarnings("GuardedBy")
  private void checkRowOpen() {
    if (!rowOpen) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "no row of " + layout.table().name() + " has been begun: call at(…) first");
    }
  }

  private ScheduledExecutorService startTimer(long periodNanos) {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "ppdb-timeseries-flush");
              thread.setDaemon(true);
              return thread;
            });
    // flushIfDue throws nothing, so there is nothing to learn from the future.
    Future<?> unused =
        started.scheduleWithFixedDelay(
            this::flushIfDue, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
    return started;
  }

  private synchronized void flushIfDue() {
    if (closed || failure != null) {
      return;
    }
    if (rowOpen) {
      flushAfterRow = true;
      return;
    }
    try {
      write();
    } catch (PpdbException e) {
      failureThrown = false; // Remembered: the next call of the writer's thread throws it.
    }
  }
}
