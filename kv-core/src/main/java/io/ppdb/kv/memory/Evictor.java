package io.ppdb.kv.memory;

import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.skiplist.KeyIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is used least, in ranges whose policy says so, when the live entries take more than
 * three quarters of what they may ({@link MemoryBudget}); the rest is for garbage.
 *
 * <p>It draws keys at random, and deletes the eighth of them that was used least. What is deleted
 * is garbage at once and is not counted as live any more, so that it stops whether or not the
 * memory comes back; and while a view has been open for more than a second, which would hold the
 * memory, it does not begin.
 *
 * <p>Used by the thread of {@link ShardMaintenance} only, but for {@link #begin}, {@link #used},
 * {@link #wrote} and {@link #canEvict}.
 */
final class Evictor {
  /** Commits deletes of the keys that the choice gives; see {@code LocalStore.sweep}. */
  interface Sweeper {
    boolean sweep(Supplier<? extends Collection<byte[]>> choice);
  }

  private record Candidate(byte[] key, long size, int rank) {}

  private static final int SAMPLE_COUNT = 256;
  private static final int EVICTED_PART = 8;
  private static final int MAX_BATCH_COUNT = 256;
  private static final long HELD_MILLIS = 1_000;

  private final EngineContext context;
  private final Shards shards;
  private final RandomGenerator random;
  private final MemoryBudget budget;

  /** Null as long as no policy has ever evicted. */
  private volatile @Nullable AccessSketch uses;

  private @Nullable Sweeper sweeper;

  /** Views older than this have been open for longer than {@link #HELD_MILLIS}. */
  private volatile long heldVersion;

  private long nextVersion;
  private long nextMillis;

  Evictor(EngineContext context, Shards shards, RandomGenerator random, MemoryBudget budget) {
    this.random = random;
    this.context = context;
    this.shards = shards;
    this.budget = budget;
  }

  void sweepBy(Sweeper newSweeper) {
    sweeper = newSweeper;
  }

  /** Begins to note which keys are used, if it has not begun. */
  synchronized void begin() {
    if (uses == null) {
      AccessSketch sketch = new AccessSketch(budget.maxBytes());
      budget.spendOnSketch(sketch.sizeInBytes());
      uses = sketch;
    }
  }

  /** A key was read or written; for any thread. */
  void used(byte[] key) {
    AccessSketch sketch = uses;
    if (sketch != null) {
      sketch.used(KeyIndex.hash(key));
    }
  }

  /** So much was written; with the commit lock held. */
  void wrote(long bytes) {
    AccessSketch sketch = uses;
    if (sketch != null) {
      sketch.wrote(bytes);
    }
  }

  /** Whether there may be anything to evict, and its memory would come back; for any thread. */
  boolean canEvict() {
    return context.policies().evicts() && context.oldestViewVersion() >= heldVersion;
  }

  /** Evicts as long as there is too much. */
  void run() {
    noteViews();
    Sweeper by = sweeper;
    AccessSketch sketch = uses;
    if (by == null || sketch == null || !canEvict()) {
      return;
    }
    long entryBytes = budget.entryBytes();
    long targetBytes = entryBytes - entryBytes / 4;
    for (int i = 0; i < MAX_BATCH_COUNT; i++) {
      ShardMap map = shards.current();
      long excess = map.sizeInBytes() - map.garbageBytes(context.horizons()) - targetBytes;
      if (excess <= 0) {
        break;
      }
      List<Memtable> memtables = new ArrayList<>(map.memtables());
      sketch.fade(memtables.stream().mapToLong(Memtable::entryCount).sum());
      if (!by.sweep(() -> choose(sketch, map, memtables, excess))) {
        return;
      }
    }
  }

  private void noteViews() {
    long nowMillis = context.ticks().nextMillis();
    if (nowMillis >= nextMillis) {
      heldVersion = nextVersion;
      nextVersion = context.publishedVersion();
      nextMillis = nowMillis + HELD_MILLIS;
    }
  }

  private Collection<byte[]> choose(
      AccessSketch sketch, ShardMap map, List<Memtable> memtables, long excess) {
    List<Candidate> leastRecent = new ArrayList<>();
    List<Candidate> leastFrequent = new ArrayList<>();
    long[] counts = memtables.stream().mapToLong(Memtable::entryCount).toArray();
    long total = Arrays.stream(counts).sum();
    for (int i = 0; i < SAMPLE_COUNT && total > 0; i++) {
      long at = random.nextLong(total);
      int table = 0;
      while (at >= counts[table]) {
        at -= counts[table++];
      }
      byte[] key = memtables.get(table).anyKey(random.nextInt());
      if (key == null) {
        continue;
      }
      long size = map.newestSize(key);
      if (size > 0) {
        int hash = KeyIndex.hash(key);
        int recency = 0xFFFF - sketch.age(hash);
        switch (context.policies().get(key).eviction()) {
          case NONE -> {}
          case LRU -> leastRecent.add(new Candidate(key, size, recency));
          case LFU ->
              leastFrequent.add(
                  new Candidate(key, size, (sketch.frequency(hash) << Short.SIZE) + recency));
        }
      }
    }
    TreeSet<byte[]> chosen = new TreeSet<>(Arrays::compareUnsigned);
    long left = take(leastRecent, excess, chosen);
    take(leastFrequent, left, chosen);
    return chosen;
  }

  /** Takes those of the lowest rank; what is still too much. */
  private static long take(List<Candidate> candidates, long excess, Set<byte[]> chosen) {
    candidates.sort(Comparator.comparingInt(Candidate::rank));
    long left = excess;
    int most = (candidates.size() + EVICTED_PART - 1) / EVICTED_PART;
    for (int i = 0; i < most && left > 0; i++) {
      if (chosen.add(candidates.get(i).key)) {
        left -= candidates.get(i).size;
      }
    }
    return left;
  }
}
