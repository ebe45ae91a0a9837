package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangeStatistics;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Entries in memory, sorted by key and newest version first.
 *
 * <p>A skiplist maps each key to the chain of its entries, newest first. Readers take no lock: they
 * read the head of a chain once and follow {@code older}; what they miss by racing with a writer is
 * not published yet. Writers of one key exclude each other by the monitor of its chain, so commits
 * may be applied in parallel and in any order.
 *
 * <p>A chain only loses entries through {@link #collect}, which unlinks what no view can need. A
 * reader standing on an unlinked entry still sees all that was below it.
 *
 * <p><b>Appliers.</b> A commit is assigned to a memtable under the commit lock ({@link #reserve})
 * and applied later, outside of it. Whoever flushes a memtable first stops reserving from it (also
 * under the commit lock) and then waits for {@link #awaitAppliers}; a slow applier cannot miss its
 * flush.
 */
public final class Memtable {
  /** What one entry costs besides its key and value: entry, chain, skiplist node, array headers. */
  public static final int ENTRY_OVERHEAD_BYTES = 120;

  private static final int MAX_COUNTED = 1024;

  final ConcurrentSkipListMap<byte[], Chain> chains =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  private final AtomicLong sizeInBytes = new AtomicLong();
  private final AtomicLong insertedCount = new AtomicLong();
  private final AtomicLong removedCount = new AtomicLong();
  private final AtomicLong applierCount = new AtomicLong();
  private volatile @Nullable Thread waiter;

  /** What {@link #statistics} counted lately. */
  private final ConcurrentHashMap<KeyRange, Counted> counted = new ConcurrentHashMap<>();

  private record Counted(RangeStatistics statistics, long changeCount) {}

  /** The entries of one key. */
  static final class Chain {
    final byte[] key;
    volatile Entry head;

    /** Guarded by the monitor: whether the chain has left the map, so that nothing may be added. */
    boolean removed;

    Chain(Entry head) {
      this.key = head.key();
      this.head = head;
    }

    /** Adds in version order; false if the chain has been removed. */
    synchronized boolean add(Entry entry) {
      if (removed) {
        return false;
      }
      Entry newer = null;
      Entry at = head;
      while (at != null && at.version() > entry.version()) {
        newer = at;
        at = at.older;
      }
      assert at == null || at.version() != entry.version() : "two entries of a key at one version";
      entry.older = at;
      if (newer == null) {
        head = entry;
      } else {
        newer.older = entry;
      }
      return true;
    }
  }

  /** Announces that {@code bytes} will be applied; called under the commit lock. */
  public void reserve(long bytes) {
    applierCount.incrementAndGet();
    sizeInBytes.addAndGet(bytes);
  }

  /** Ends what {@link #reserve} began, after the entries are in (or never will be). */
  public void applied() {
    if (applierCount.decrementAndGet() == 0) {
      LockSupport.unpark(waiter);
    }
  }

  /** Waits until everything reserved is applied; for one thread, when nothing is reserved more. */
  public void awaitAppliers() {
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while (applierCount.get() > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What an entry adds to {@link #sizeInBytes}. */
  public static long sizeOf(Entry entry) {
    return (long) entry.key().length + entry.value().length + ENTRY_OVERHEAD_BYTES;
  }

  /**
   * Inserts an entry that has its version. Does not change {@link #sizeInBytes}: the pipeline
   * reserves for whole commits, recovery calls {@link #reserve} and {@link #applied} itself.
   */
  public void insert(Entry entry) {
    Chain fresh = new Chain(entry);
    Chain chain;
    do {
      chain = chains.putIfAbsent(fresh.key, fresh);
    } while (chain != null && !chain.add(entry));
    insertedCount.incrementAndGet();
  }

  /**
   * Offers the entries of {@code key} up to {@code version}, newest first, until the lookup is
   * decided.
   *
   * @return whether it is decided
   */
  public boolean find(byte[] key, long version, PointLookup lookup) {
    Chain chain = chains.get(key);
    if (chain != null) {
      for (Entry entry = chain.head; entry != null; entry = entry.older) {
        if (entry.version() <= version && lookup.offer(entry)) {
          return true;
        }
      }
    }
    return false;
  }

  public EntryCursor cursor() {
    return new MemtableCursor(chains);
  }

  public boolean isEmpty() {
    return chains.isEmpty();
  }

  /** Bytes of keys, values and overhead, reserved ones included. */
  public long sizeInBytes() {
    return sizeInBytes.get();
  }

  public long entryCount() {
    return insertedCount.get() - removedCount.get();
  }

  /**
   * Removes the entries of {@code key} that no view at or above the horizon needs, and folds
   * operands below it. Exact for every view with version ≥ {@code horizonVersion} and instant ≥
   * {@code horizonMillis}.
   */
  public void collect(
      byte[] key, long horizonVersion, long horizonMillis, OperatorRegistry operators) {
    Chain chain = chains.get(key);
    if (chain == null) {
      return;
    }
    synchronized (chain) {
      if (chain.removed) {
        return;
      }
      Entry newer = null;
      Entry oldest = chain.head;
      while (oldest != null && oldest.version() > horizonVersion) {
        newer = oldest;
        oldest = oldest.older;
      }
      if (oldest == null) {
        return;
      }
      // `oldest` is the newest entry that the view at the horizon sees.
      switch (oldest.kind()) {
        case PUT -> {
          if (oldest.expiryMillis() > horizonMillis) {
            release(oldest.older);
            oldest.older = null;
          } else {
            cut(chain, newer, oldest);
          }
        }
        case DELETE -> cut(chain, newer, oldest);
        case MERGE -> {
          Entry folded = fold(oldest, operators);
          sizeInBytes.addAndGet(sizeOf(folded));
          insertedCount.incrementAndGet();
          release(oldest);
          if (newer == null) {
            chain.head = folded;
          } else {
            newer.older = folded;
          }
        }
      }
    }
  }

  /** Removes all entries of {@code range}, at once and for every view. */
  public void removeRange(KeyRange range) {
    for (Chain chain : sub(range).values()) {
      synchronized (chain) {
        cut(chain, null, chain.head);
      }
    }
  }

  /**
   * Counts the entries of {@code range}; gives an earlier count again while fewer entries than a
   * tenth of it have come or gone, so that asking often costs little beside writing.
   */
  public RangeStatistics statistics(KeyRange range) {
    long changeCount = insertedCount.get() + removedCount.get();
    Counted earlier = counted.get(range);
    if (earlier != null
        && changeCount - earlier.changeCount <= earlier.statistics.entryCount() / 10) {
      return earlier.statistics;
    }
    long count = 0;
    long bytes = 0;
    for (Chain chain : sub(range).values()) {
      for (Entry entry = chain.head; entry != null; entry = entry.older) {
        count++;
        bytes += (long) entry.key().length + entry.value().length;
      }
    }
    RangeStatistics statistics = new RangeStatistics(count, bytes);
    if (counted.size() >= MAX_COUNTED) {
      counted.clear();
    }
    counted.put(range, new Counted(statistics, changeCount));
    return statistics;
  }

  private ConcurrentNavigableMap<byte[], Chain> sub(KeyRange range) {
    byte[] end = range.end();
    if (range.isEmpty()) {
      return chains.subMap(range.start(), range.start());
    }
    return end == null ? chains.tailMap(range.start()) : chains.subMap(range.start(), end);
  }

  /** Unlinks {@code from} and all below it; requires the monitor of the chain. */
  private void cut(Chain chain, @Nullable Entry newer, Entry from) {
    if (chain.removed) {
      return;
    }
    release(from);
    if (newer != null) {
      newer.older = null;
    } else {
      chain.removed = true;
      chains.remove(chain.key, chain);
    }
  }

  private void release(@Nullable Entry from) {
    for (Entry entry = from; entry != null; entry = entry.older) {
      sizeInBytes.addAndGet(-sizeOf(entry));
      removedCount.incrementAndGet();
    }
  }

  /** The PUT that stands for {@code newest} and all below it. */
  private static Entry fold(Entry newest, OperatorRegistry operators) {
    PointLookup lookup = new PointLookup(operators, Long.MIN_VALUE);
    for (Entry entry = newest; entry != null && !lookup.offer(entry); entry = entry.older) {}
    byte[] value = lookup.value();
    if (value == null) {
      throw new IllegalStateException("operands fold to no value");
    }
    return Entry.put(newest.key(), value, Limits.NO_EXPIRY).withVersion(newest.version());
  }

  /** The chain with the greatest key less than {@code key}, or the last one if it is null. */
  static @Nullable Chain chainBefore(
      ConcurrentSkipListMap<byte[], Chain> chains, byte @Nullable [] key) {
    Map.@Nullable Entry<byte[], Chain> entry =
        key == null ? chains.lastEntry() : chains.lowerEntry(key);
    return entry == null ? null : entry.getValue();
  }
}
