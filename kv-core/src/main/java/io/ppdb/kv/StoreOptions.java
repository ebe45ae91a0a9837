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
 * @param changeLogBytes budget for the recent commits that {@link KeyValueStore#changes} gives:
 *     what an engine without files keeps in memory at most, and what one with files keeps of its
 *     log at least; 0 keeps none
 */
public record StoreOptions(
    List<MergeOperator> mergeOperators,
    InstantSource clock,
    long memtableBytes,
    long blockCacheBytes,
    long changeLogBytes) {
  public static final StoreOptions DEFAULT =
      new StoreOptions(
          MergeOperators.builtIn(), InstantSource.system(), 32 << 20, 256 << 20, 16 << 20);

  public StoreOptions {
    Limits.checkNotNull(mergeOperators, "list of merge operators");
    Limits.checkNotNull(clock, "clock");
    checkAtLeast(1, "memtableBytes", memtableBytes);
    checkAtLeast(0, "blockCacheBytes", blockCacheBytes);
    checkAtLeast(0, "changeLogBytes", changeLogBytes);
  }

  private static void checkAtLeast(long least, String name, long value) {
    if (value < least) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, name + " is " + value + ", less than " + least);
    }
  }

  public StoreOptions withMergeOperators(List<MergeOperator> operators) {
    return new StoreOptions(operators, clock, memtableBytes, blockCacheBytes, changeLogBytes);
  }

  public StoreOptions withClock(InstantSource newClock) {
    return new StoreOptions(
        mergeOperators, newClock, memtableBytes, blockCacheBytes, changeLogBytes);
  }

  public StoreOptions withMemtableBytes(long bytes) {
    return new StoreOptions(mergeOperators, clock, bytes, blockCacheBytes, changeLogBytes);
  }

  public StoreOptions withBlockCacheBytes(long bytes) {
    return new StoreOptions(mergeOperators, clock, memtableBytes, bytes, changeLogBytes);
  }

  public StoreOptions withChangeLogBytes(long bytes) {
    return new StoreOptions(mergeOperators, clock, memtableBytes, blockCacheBytes, bytes);
  }
}
