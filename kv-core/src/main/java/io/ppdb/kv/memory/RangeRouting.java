package io.ppdb.kv.memory;

import io.ppdb.kv.KeyRange;
import java.util.Arrays;

/**
 * Consecutive ranges that cover all keys.
 *
 * @param starts the first key of each range, ascending; the first one is empty
 */
record RangeRouting(byte[][] starts) implements Routing {
  /** One range of all keys. */
  static final RangeRouting SINGLE = new RangeRouting(new byte[][] {{}});

  @Override
  public int shardCount() {
    return starts.length;
  }

  @Override
  public int shardOf(byte[] key) {
    if (starts.length == 1) {
      return 0;
    }
    int at = Arrays.binarySearch(starts, key, Arrays::compareUnsigned);
    return at >= 0 ? at : -at - 2;
  }

  KeyRange range(int shard) {
    return KeyRange.of(starts[shard], shard + 1 < starts.length ? starts[shard + 1] : null);
  }

  /** Cuts {@code shard} in two at {@code key}, which is greater than its start and in it. */
  RangeRouting split(int shard, byte[] key) {
    byte[][] more = new byte[starts.length + 1][];
    System.arraycopy(starts, 0, more, 0, shard + 1);
    more[shard + 1] = key;
    System.arraycopy(starts, shard + 1, more, shard + 2, starts.length - shard - 1);
    return new RangeRouting(more);
  }

  /** Makes one of {@code shard} and the one after it. */
  RangeRouting join(int shard) {
    byte[][] fewer = new byte[starts.length - 1][];
    System.arraycopy(starts, 0, fewer, 0, shard + 1);
    System.arraycopy(starts, shard + 2, fewer, shard + 1, starts.length - shard - 2);
    return new RangeRouting(fewer);
  }
}
