package io.ppdb.timeseries;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a committing {@link TimeSeriesWriter} writes.
 *
 * @param maxBatchRows rows after which it commits
 * @param maxDelay how often it commits what it has, full or not; null means never
 * @param durability what a commit survives
 * @param precondition called in each transaction before it commits: for checks of the caller's that
 *     must hold with the rows
 */
public record TimeSeriesWriterOptions(
    int maxBatchRows,
    @Nullable Duration maxDelay,
    Durability durability,
    Consumer<Transaction> precondition) {
  /** 8,192 rows, no timer, synced. */
  public static final TimeSeriesWriterOptions DEFAULT =
      new TimeSeriesWriterOptions(8_192, null, Durability.SYNC, transaction -> {});

  public TimeSeriesWriterOptions {
    if (maxBatchRows < 1 || (maxDelay != null && (maxDelay.isNegative() || maxDelay.isZero()))) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "batches of " + maxBatchRows + " rows, every " + maxDelay + "; both must be positive");
    }
  }

  public TimeSeriesWriterOptions withMaxBatchRows(int rows) {
    return new TimeSeriesWriterOptions(rows, maxDelay, durability, precondition);
  }

  public TimeSeriesWriterOptions withMaxDelay(Duration delay) {
    return new TimeSeriesWriterOptions(maxBatchRows, delay, durability, precondition);
  }

  public TimeSeriesWriterOptions withDurability(Durability newDurability) {
    return new TimeSeriesWriterOptions(maxBatchRows, maxDelay, newDurability, precondition);
  }

  public TimeSeriesWriterOptions withPrecondition(Consumer<Transaction> newPrecondition) {
    return new TimeSeriesWriterOptions(maxBatchRows, maxDelay, durability, newPrecondition);
  }
}
