package io.ppdb.kv;

import java.time.InstantSource;
import java.util.List;

/**
 * How a store is opened; what concerns one engine only is in that engine's own options.
 *
 * @param mergeOperators the operators that may occur in the store, built-in ones included
 * @param clock where ticks come from
 * @param memtableBytes size at which a memtable is flushed
 * @param blockCacheBytes budget for decompressed blocks
 */
public record StoreOptions(
    List<MergeOperator> mergeOperators,
    InstantSource clock,
    long memtableBytes,
    long blockCacheBytes) {
  public static final StoreOptions DEFAULT =
      new StoreOptions(MergeOperators.builtIn(), InstantSource.system(), 32 << 20, 256 << 20);

  public StoreOptions withMergeOperators(List<MergeOperator> operators) {
    return new StoreOptions(operators, clock, memtableBytes, blockCacheBytes);
  }

  public StoreOptions withClock(InstantSource newClock) {
    return new StoreOptions(mergeOperators, newClock, memtableBytes, blockCacheBytes);
  }

  public StoreOptions withMemtableBytes(long bytes) {
    return new StoreOptions(mergeOperators, clock, bytes, blockCacheBytes);
  }

  public StoreOptions withBlockCacheBytes(long bytes) {
    return new StoreOptions(mergeOperators, clock, memtableBytes, bytes);
  }
}
