package io.ppdb.relational.storage;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hidden row ids for tables without a primary key: rising with time, so that rows keep the order in
 * which they were inserted, without a counter that transactions would conflict on.
 *
 * <p>An id is the microsecond it was drawn at, or the one after the last. Writers insert with
 * {@code putIfAbsent} and draw again in the unlikely case that another process drew the same.
 * Thread-safe.
 */
final class RowIds {
  private final AtomicLong last = new AtomicLong();

  long next() {
    long micros = System.currentTimeMillis() * 1000;
    return last.updateAndGet(previous -> Math.max(previous + 1, micros));
  }
}
