package io.ppdb.kv.contract;

import io.ppdb.kv.KeyValueStore;
import java.util.List;

/**
 * A store, and what its engine can do to it that nobody may notice: the engine's test says what
 * that is, and histories have it done between their calls.
 */
public interface Upkeep extends AutoCloseable {
  /** The store as it is open now. */
  KeyValueStore store();

  /**
   * What the engine does by itself, asked for at once: flushes, compactions. Views are open
   * meanwhile, and calls of other threads may go on.
   */
  default List<Runnable> tasks() {
    return List.of();
  }

  /** Whether the store refuses only those who have to be refused. */
  default boolean isExact() {
    return true;
  }

  /** Whether the store outlives its process: it can be opened again, and copied. */
  default boolean isDurable() {
    return false;
  }

  /** Closes the store, on which no view is open, and opens it again. */
  default void reopen() {
    throw new IllegalStateException("not durable");
  }

  /** Takes a checkpoint and opens it, by the same clock; the caller closes it. */
  default KeyValueStore openCheckpoint() {
    throw new IllegalStateException("not durable");
  }

  @Override
  default void close() {
    store().close();
  }
}
