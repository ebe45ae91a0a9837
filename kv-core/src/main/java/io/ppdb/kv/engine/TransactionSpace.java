package io.ppdb.kv.engine;

/** What an engine has for the writes of a transaction until they are committed. Thread-safe. */
public interface TransactionSpace {
  /** The most that one transaction may hold in memory, and a blind batch in all. */
  long maxTransactionBytes();

  /**
   * How much of a transaction's values is held in memory; the others go to a {@link #newScratch},
   * and a transaction that commits more goes the way of a load, by {@link #newLoad}. At most {@link
   * #maxTransactionBytes}, unless there is nothing else to hold them by.
   */
  default long maxTransactionBytesInMemory() {
    return Long.MAX_VALUE;
  }

  /** Where the values of a large transaction go until it is committed. */
  default ScratchFile newScratch() {
    throw new IllegalStateException("this engine holds transactions in memory");
  }

  /** Where the entries of a large load, or of a large transaction, go when it commits. */
  default LoadWriter newLoad() {
    throw new IllegalStateException("this engine holds loads in memory");
  }
}
