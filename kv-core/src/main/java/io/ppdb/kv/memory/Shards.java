package io.ppdb.kv.memory;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.MergingEntryCursor;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.kv.engine.Retention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The current {@link ShardMap}, and how it is changed for another.
 *
 * <p>Every change is of one kind: the entries of some shards (the <em>sources</em>) are rewritten
 * and go to some shards (the <em>receivers</em>), which may be the same ones.
 *
 * <ol>
 *   <li>Between two commits, a map becomes current in which each source has a new active memtable,
 *       and each receiver has the memtables of the sources below its own. Nothing is missing from
 *       it.
 *   <li>The commits that were assigned to the map before are awaited: now the sources' memtables do
 *       not change any more.
 *   <li>They are merged, key by key, into one new memtable for each receiver, without what no view
 *       needs. Writers and readers go on meanwhile.
 *   <li>What was written meanwhile is frozen and added to the new memtables too, until little is
 *       left.
 *   <li>In one step, between two commits, the little that is left is added, and a map becomes
 *       current in which each receiver has its new memtable in place of those of the sources. That
 *       memtable also takes its writes from now on: a key that it knows needs no search. (A
 *       receiver that was not a source goes on with its own, and has the new one below.)
 * </ol>
 *
 * Readers take whatever map is current and may keep it; its memory comes back when the last one
 * lets go. Thread-safe: changes exclude each other. Who names a shard may have looked at an earlier
 * map: nothing is done to one that is not there any more.
 */
final class Shards {
  /** What may be left to add while commits wait. */
  private static final int LITTLE_ENTRIES = 200;

  private static final long LITTLE_BYTES = 64 << 10;

  private static final int MAX_CATCH_UP_ROUNDS = 10;

  private final EngineContext context;
  private final ReentrantLock changeLock = new ReentrantLock();

  /** Written with the change lock and the commit lock held. */
  private volatile ShardMap current;

  Shards(EngineContext context, MemoryOptions options) {
    this.context = context;
    Routing routing =
        switch (options.strategy()) {
          case RANGE -> RangeRouting.SINGLE;
          case HASH -> HashRing.of(options.shardCount());
        };
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < routing.shardCount(); i++) {
      shards.add(Shard.empty());
    }
    this.current = new ShardMap(routing, shards);
  }

  ShardMap current() {
    return current;
  }

  /** Drops from a shard what no view needs. */
  void rewrite(int shard) {
    rewrite(shard, null);
  }

  /** Drops all entries of {@code range}, whoever may see them. */
  void drop(KeyRange range) {
    changeLock.lock();
    try {
      ShardMap map = current;
      for (int shard = 0; shard < map.shards().size(); shard++) {
        if (!(map.routing() instanceof RangeRouting ranges)
            || ranges.range(shard).overlaps(range)) {
          rewrite(shard, range);
        }
      }
    } finally {
      changeLock.unlock();
    }
  }

  private void rewrite(int shard, @Nullable KeyRange dropped) {
    changeLock.lock();
    try {
      if (shard >= current.shards().size()) {
        return;
      }
      Change change = new Change(current.routing());
      for (int i = 0; i < current.shards().size(); i++) {
        change.keep(i, i, i == shard, i == shard);
      }
      change.dropped = dropped;
      change.run();
    } finally {
      changeLock.unlock();
    }
  }

  /**
   * Cuts a range shard in two, about in the middle.
   *
   * @return whether it had enough keys
   */
  boolean split(int shard) {
    changeLock.lock();
    try {
      RangeRouting ranges = ranges();
      byte[] key = shard < ranges.shardCount() ? middleKey(current.shards().get(shard)) : null;
      if (key == null || ranges.shardOf(key) != shard || isStart(ranges, shard, key)) {
        return false;
      }
      Change change = new Change(ranges.split(shard, key));
      for (int i = 0; i < ranges.shardCount(); i++) {
        change.keep(i > shard ? i + 1 : i, i, i == shard, i == shard);
      }
      change.create(shard + 1);
      change.run();
      return true;
    } finally {
      changeLock.unlock();
    }
  }

  private static byte @Nullable [] middleKey(Shard shard) {
    Memtable largest = shard.active();
    for (Memtable memtable : shard.frozen()) {
      if (memtable.entryCount() > largest.entryCount()) {
        largest = memtable;
      }
    }
    return largest.middleKey();
  }

  private static boolean isStart(RangeRouting ranges, int shard, byte[] key) {
    return Arrays.equals(ranges.starts()[shard], key);
  }

  /** Makes one of two neighbouring range shards. */
  void join(int shard) {
    changeLock.lock();
    try {
      RangeRouting ranges = ranges();
      if (shard + 1 >= ranges.shardCount()) {
        return;
      }
      Change change = new Change(ranges.join(shard));
      for (int i = 0; i < ranges.shardCount(); i++) {
        boolean joined = i == shard || i == shard + 1;
        change.keep(i > shard ? i - 1 : i, i, joined, joined);
      }
      change.run();
    } finally {
      changeLock.unlock();
    }
  }

  /** Grows or shrinks a hash ring, one shard at a time, each in steps of one owner. */
  void resize(int shardCount) {
    changeLock.lock();
    try {
      while (ring().shardCount() < shardCount) {
        grow();
      }
      while (ring().shardCount() > shardCount) {
        shrink();
      }
    } finally {
      changeLock.unlock();
    }
  }

  private void grow() {
    int newShard = ring().shardCount();
    for (int owner = 0; owner < newShard; owner++) {
      Change change = new Change(ring().takeFrom(owner, newShard));
      for (int i = 0; i < current.shards().size(); i++) {
        change.keep(i, i, i == owner, i == owner || i == newShard);
      }
      if (owner == 0) {
        change.create(newShard);
      }
      change.run();
    }
  }

  private void shrink() {
    int leaving = ring().shardCount() - 1;
    Change change = new Change(ring().withoutLast());
    for (int i = 0; i < leaving; i++) {
      change.keep(i, i, false, true);
    }
    change.remove(leaving);
    change.run();
  }

  private RangeRouting ranges() {
    if (current.routing() instanceof RangeRouting ranges) {
      return ranges;
    }
    throw new IllegalStateException("the store is not sharded by range");
  }

  private HashRing ring() {
    if (current.routing() instanceof HashRing ring) {
      return ring;
    }
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED,
        "the store is sharded by range, so shards come and go by themselves");
  }

  /** One change; requires the change lock all the time. */
  private final class Change {
    private static final int NEW = -1;

    private final Routing routing;

    /** For each new shard the number it has had, or {@link #NEW}. */
    private final int[] origin;

    private final boolean[] isReceiver;

    /** Numbers in the map before. */
    private final List<Integer> sources = new ArrayList<>();

    private @Nullable KeyRange dropped;

    Change(Routing routing) {
      this.routing = routing;
      this.origin = new int[routing.shardCount()];
      this.isReceiver = new boolean[routing.shardCount()];
      Arrays.fill(origin, NEW);
    }

    /** A shard goes on, perhaps under another number. */
    void keep(int newNumber, int oldNumber, boolean source, boolean receiver) {
      if (origin[newNumber] == NEW) {
        origin[newNumber] = oldNumber;
      }
      isReceiver[newNumber] |= receiver;
      if (source) {
        sources.add(oldNumber);
      }
    }

    /** A shard that was not there. */
    void create(int newNumber) {
      isReceiver[newNumber] = true;
    }

    /** A shard goes away. */
    void remove(int oldNumber) {
      sources.add(oldNumber);
    }

    void run() {
      ShardMap before = current;
      Set<Memtable> moving = Collections.newSetFromMap(new IdentityHashMap<>());
      for (int source : sources) {
        moving.addAll(before.shards().get(source).memtables());
      }
      makeCurrent(new ShardMap(routing, withSources(before)));
      Memtable[] rewritten = merge(moving);
      for (int round = 0; !finish(moving, rewritten, round == MAX_CATCH_UP_ROUNDS); round++) {
        catchUp(moving, rewritten);
      }
    }

    /** Freezes what the sources were given meanwhile, and adds it to the new memtables. */
    private void catchUp(Set<Memtable> moving, Memtable[] rewritten) {
      List<Shard> shards = new ArrayList<>(current.shards());
      Memtable[] late = new Memtable[origin.length];
      for (int i = 0; i < origin.length; i++) {
        if (isFresh(i)) {
          Shard shard = shards.get(i);
          late[i] = shard.active();
          moving.add(late[i]);
          shards.set(i, new Shard(shard.active().next(), shard.memtables()));
        }
      }
      makeCurrent(new ShardMap(routing, shards));
      for (int i = 0; i < origin.length; i++) {
        if (late[i] != null) {
          copy(late[i], rewritten[i]);
        }
      }
    }

    /**
     * Makes the new memtables current if little has come since; commits wait meanwhile.
     *
     * @param always also if it is much
     */
    private boolean finish(Set<Memtable> moving, Memtable[] rewritten, boolean always) {
      boolean[] finished = new boolean[1];
      context.betweenCommits(
          () -> {
            ShardMap between = current;
            if (always || isLittle(between)) {
              between.awaitAppliers();
              for (int i = 0; i < origin.length; i++) {
                if (isFresh(i)) {
                  copy(between.shards().get(i).active(), rewritten[i]);
                }
              }
              current = new ShardMap(routing, withRewritten(between, moving, rewritten));
              finished[0] = true;
            }
          });
      return finished[0];
    }

    private boolean isLittle(ShardMap map) {
      long entryCount = 0;
      for (int i = 0; i < origin.length; i++) {
        if (isFresh(i)) {
          entryCount += map.shards().get(i).active().entryCount();
        }
      }
      return entryCount <= LITTLE_ENTRIES && map.reservedBytes() <= LITTLE_BYTES;
    }

    private static void copy(Memtable from, Memtable to) {
      RangeTombstones deleted = from.tombstones();
      if (deleted != null) {
        to.addTombstones(deleted);
      }
      try (EntryCursor cursor = from.cursor()) {
        for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
          to.add(Entry.copyOf(cursor));
        }
      }
    }

    /** Whether the shard began with a new active memtable. */
    private boolean isFresh(int shard) {
      return origin[shard] == NEW || sources.contains(origin[shard]);
    }

    private List<Shard> withSources(ShardMap before) {
      List<Memtable> fromSources = new ArrayList<>();
      for (int source : sources) {
        fromSources.addAll(before.shards().get(source).memtables());
      }
      List<Shard> shards = new ArrayList<>();
      for (int i = 0; i < origin.length; i++) {
        Shard old = isFresh(i) ? Shard.empty() : before.shards().get(origin[i]);
        if (isReceiver[i]) {
          List<Memtable> frozen = new ArrayList<>(old.frozen());
          frozen.addAll(fromSources);
          old = new Shard(old.active(), List.copyOf(frozen));
        }
        shards.add(old);
      }
      return shards;
    }

    private List<Shard> withRewritten(
        ShardMap between, Set<Memtable> moving, Memtable[] rewritten) {
      List<Shard> shards = new ArrayList<>();
      for (int i = 0; i < origin.length; i++) {
        Shard shard = between.shards().get(i);
        if (isReceiver[i]) {
          List<Memtable> frozen = new ArrayList<>(shard.frozen());
          frozen.removeAll(moving);
          if (isFresh(i)) {
            shard = new Shard(rewritten[i], List.copyOf(frozen));
          } else {
            frozen.add(rewritten[i]);
            shard = new Shard(shard.active(), List.copyOf(frozen));
          }
        }
        shards.add(shard);
      }
      return shards;
    }

    /** The entries of the sources, one memtable for each new shard. */
    private Memtable[] merge(Set<Memtable> moving) {
      Memtable[] rewritten = new Memtable[origin.length];
      Memtable.Filler[] fillers = new Memtable.Filler[origin.length];
      Memtable largest = Collections.max(moving, Comparator.comparingLong(Memtable::entryCount));
      for (int i = 0; i < rewritten.length; i++) {
        if (isReceiver[i]) {
          rewritten[i] = largest.next();
          fillers[i] = rewritten[i].filler();
        }
      }
      Horizons horizons = context.horizons();
      List<EntryCursor> cursors = new ArrayList<>();
      for (Memtable memtable : moving) {
        cursors.add(memtable.cursor());
      }
      try (EntryCursor cursor = MergingEntryCursor.of(cursors)) {
        Retention retention = new Retention(horizons, context.operators(), key -> true, cursor);
        addTombstones(retention.keptTombstones(range -> true), rewritten);
        Memtable.Filler only = dropped == null ? onlyOne(fillers) : null;
        for (boolean more = cursor.seekToFirst(); more; more = cursor.isValid()) {
          if (only != null) {
            retention.keepKey(cursor, only);
            continue;
          }
          byte[] key = cursor.key().toByteArray();
          if (dropped != null && dropped.contains(key)) {
            cursor.nextKey();
          } else {
            retention.keepKey(cursor, fillers[routing.shardOf(key)]);
          }
        }
      }
      for (Memtable.Filler filler : fillers) {
        if (filler != null) {
          filler.finishKey();
        }
      }
      long version = context.publishedVersion();
      long instantMillis = horizons.highestInstantMillis();
      for (Memtable memtable : rewritten) {
        if (memtable != null) {
          memtable.retainGarbage(instantMillis, version);
        }
      }
      return rewritten;
    }

    /** The only one of {@code fillers}, which takes all keys; null if there are several. */
    private static Memtable.@Nullable Filler onlyOne(Memtable.@Nullable Filler[] fillers) {
      Memtable.Filler only = null;
      for (Memtable.Filler filler : fillers) {
        if (filler != null) {
          if (only != null) {
            return null;
          }
          only = filler;
        }
      }
      return only;
    }

    /** Adds to each of the new memtables the tombstones of ranges that it may have keys of. */
    private void addTombstones(@Nullable RangeTombstones kept, @Nullable Memtable[] rewritten) {
      if (kept == null) {
        return;
      }
      RangeTombstones left = dropped == null ? kept : kept.outside(dropped);
      for (int i = 0; left != null && i < rewritten.length; i++) {
        Memtable memtable = rewritten[i];
        if (memtable != null) {
          RangeTombstones own =
              routing instanceof RangeRouting ranges ? left.within(ranges.range(i)) : left;
          if (own != null) {
            memtable.addTombstones(own);
          }
        }
      }
    }

    private void makeCurrent(ShardMap map) {
      ShardMap old = current;
      context.betweenCommits(() -> current = map);
      old.awaitAppliers();
    }
  }
}
