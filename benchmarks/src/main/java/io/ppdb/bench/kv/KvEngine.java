package io.ppdb.bench.kv;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An embedded store as the workloads see it; every method does what a Java program would write.
 *
 * <p>Thread-safe once open. Reads see everything written before they began.
 */
interface KvEngine {
  /** Opens an empty store in {@code folder}, or the one that is there. */
  void open(Path folder, KvSizes sizes) throws Exception;

  /** The same, for {@link #putInTransaction}, if that needs another way of opening. */
  default void openForTransactions(Path folder, KvSizes sizes) throws Exception {
    open(folder, sizes);
  }

  /** Begins a transaction, writes one entry and commits; survives the death of the process. */
  void putInTransaction(byte[] key, byte[] value) throws Exception;

  /**
   * Writes one entry; returns when it survives the death of the process ({@code synced}: of the
   * machine).
   */
  void put(byte[] key, byte[] value, boolean synced) throws Exception;

  byte @Nullable [] get(byte[] key) throws Exception;

  /** The values of {@code keys} at one moment, in their order. */
  List<byte @Nullable []> getAll(List<byte[]> keys) throws Exception;

  /**
   * Shows up to {@code entryCount} entries in key order, from the first at or after {@code start}.
   */
  void scan(byte[] start, long entryCount, Visitor visitor) throws Exception;

  /**
   * Shows up to {@code entryCount} entries in falling key order, from the last at or before {@code
   * start}, which is a key of the store.
   */
  void scanBackwards(byte[] start, long entryCount, Visitor visitor) throws Exception;

  /** Moves what was written out of memory and merges it into one level. */
  void settle() throws Exception;

  void close() throws Exception;

  /** Takes entries. */
  interface Visitor {
    void visit(byte[] key, byte[] value);
  }
}
