package io.ppdb.kv.memory;

import io.ppdb.kv.skiplist.KeyIndex;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Consistent hashing: shards own arcs of the circle of hashes.
 *
 * <p>Every shard has {@link #VIRTUAL_NODES} points on the circle; the point at or after a key's
 * hash owns the key. Another shard takes over only arcs that its own points cut off, about 1/n of
 * the keys, and gives them back to the same owners when it goes. D. Karger et al., "Consistent
 * Hashing and Random Trees", 1997.
 *
 * <p>The circle may be changed in steps, one owner at a time ({@link #takeFrom}); then some points
 * of a shard are not on it yet.
 */
final class HashRing implements Routing {
  static final int VIRTUAL_NODES = 128;
  static final int MAX_SHARD_COUNT = 1024;

  private final int shardCount;

  /** Ascending. */
  private final int[] points;

  /** The shard that each point belongs to. */
  private final int[] owners;

  private HashRing(int shardCount, NavigableMap<Integer, Integer> ring) {
    this.shardCount = shardCount;
    this.points = ring.keySet().stream().mapToInt(Integer::intValue).toArray();
    this.owners = ring.values().stream().mapToInt(Integer::intValue).toArray();
  }

  static HashRing of(int shardCount) {
    NavigableMap<Integer, Integer> ring = new TreeMap<>();
    for (int shard = 0; shard < shardCount; shard++) {
      for (int i = 0; i < VIRTUAL_NODES; i++) {
        ring.putIfAbsent(point(shard, i), shard);
      }
    }
    return new HashRing(shardCount, ring);
  }

  /** Like {@link #of} for one shard more, as far as it takes keys from {@code owner}. */
  HashRing takeFrom(int owner, int newShard) {
    NavigableMap<Integer, Integer> ring = ring();
    for (int i = 0; i < VIRTUAL_NODES; i++) {
      int point = point(newShard, i);
      if (ownerOf(point) == owner) {
        ring.putIfAbsent(point, newShard);
      }
    }
    return new HashRing(newShard + 1, ring);
  }

  /** The circle without the last shard, whose arcs fall to those who come next. */
  HashRing withoutLast() {
    NavigableMap<Integer, Integer> ring = ring();
    ring.values().removeIf(owner -> owner == shardCount - 1);
    return new HashRing(shardCount - 1, ring);
  }

  private NavigableMap<Integer, Integer> ring() {
    NavigableMap<Integer, Integer> ring = new TreeMap<>();
    for (int i = 0; i < points.length; i++) {
      ring.put(points[i], owners[i]);
    }
    return ring;
  }

  private static int point(int shard, int index) {
    long mixed = (shard * (long) VIRTUAL_NODES + index + 1) * 0x9E37_79B9_7F4A_7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return (int) (mixed ^ (mixed >>> 31));
  }

  @Override
  public int shardCount() {
    return shardCount;
  }

  @Override
  public int shardOf(byte[] key) {
    return shardCount == 1 ? 0 : ownerOf(KeyIndex.hash(key));
  }

  private int ownerOf(int hash) {
    int at = Arrays.binarySearch(points, hash);
    if (at < 0) {
      at = -at - 1;
    }
    return owners[at == points.length ? 0 : at];
  }
}
