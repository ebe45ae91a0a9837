package io.ppdb.timeseries;

import io.ppdb.kv.Transaction;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Where the transactions that are running have put their last rows: the key of one segment for each
 * window.
 *
 * <p>A transaction that inserts row by row thus extends its own segment instead of leaving one for
 * each statement. What the key holds is always asked of the transaction, so that rolling back to a
 * savepoint needs no care here. Thread-safe; the map of one transaction is used by its thread.
 */
final class OpenSegments {
  private final Map<Transaction, Map<Long, byte[]>> keys =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The keys of {@code transaction} by window; the caller may add to it. */
  Map<Long, byte[]> of(Transaction transaction) {
    return keys.computeIfAbsent(transaction, unknown -> new HashMap<>());
  }
}
