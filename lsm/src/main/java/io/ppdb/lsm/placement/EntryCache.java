package io.ppdb.lsm.placement;

import io.ppdb.kv.KeyRange;
import java.io.Closeable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the tree in memory, key by key, up to a budget in bytes: a row cache.
 *
 * <p>It always has what the tree in force says. Whoever puts a tree with news of some keys into
 * force does so within a {@link Change}, which forgets those keys first; and while a change is
 * under way, or if there was one since a reader began ({@link #epoch}), what the reader found is
 * not taken. So an entry that was found in an older tree can never come back.
 *
 * <p>Room is made in the order of insertion, passing over entries that were read since (CLOCK).
 *
 * <p>Thread-safe. Reads take no lock; the order, the budget and every change of the maps are
 * guarded by the monitor of this object.
 */
public final class EntryCache {
  /** An entry may take this part of the budget at most. */
  private static final int MAX_ENTRY_DIVISOR = 16;

  private final long budgetBytes;
  private final ConcurrentHashMap<CachedEntry.Key, CachedEntry> entries = new ConcurrentHashMap<>();

  /** Odd while a change is under way; written under the monitor. */
  private volatile long epoch;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  // Guarded by this.
  private @Nullable CachedEntry hand;

  /** The same entries, so that those of a range are found without a look at all others. */
  private final TreeMap<byte[], CachedEntry> sorted = new TreeMap<>(Arrays::compareUnsigned);

  private long usedBytes;

  /** An empty cache; with a budget of 0 it stays so. */
  public EntryCache(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** To be asked before the tree is looked up that entries are found in. */
  public long epoch() {
    return epoch;
  }

  /** What is known of a key, null if nothing. */
  public @Nullable CachedEntry get(byte[] key, long hash) {
    CachedEntry entry = entries.get(new CachedEntry.Key(key, hash));
    if (entry == null) {
      misses.increment();
      return null;
    }
    hits.increment();
    if (!entry.touched) {
      entry.touched = true;
    }
    return entry;
  }

  /** Takes an entry, if the tree that it was found in is in force still. */
  public synchronized void put(CachedEntry entry, long sinceEpoch) {
    long cost = entry.cost();
    if (sinceEpoch != epoch || (epoch & 1) != 0 || cost > budgetBytes / MAX_ENTRY_DIVISOR) {
      return;
    }
    while (usedBytes + cost > budgetBytes) {
      evictOne();
    }
    if (entries.putIfAbsent(entry.key, entry) == null) {
      sorted.put(entry.key.bytes(), entry);
      link(entry);
      usedBytes += cost;
    }
  }

  /** A change of the tree; one at a time. */
  public final class Change implements Closeable {
    private Change() {
      synchronized (EntryCache.this) {
        epoch++;
      }
    }

    /** Whether there is nothing to forget. */
    public boolean isIdle() {
      synchronized (EntryCache.this) {
        return hand == null;
      }
    }

    /** Forgets a key of which the new tree has news. */
    public void forget(byte[] key, long hash) {
      CachedEntry entry = entries.get(new CachedEntry.Key(key, hash));
      if (entry != null) {
        synchronized (EntryCache.this) {
          removeIfThere(entry);
        }
      }
    }

    /** Forgets every key of a range. */
    public void forget(KeyRange range) {
      byte[] end = range.end();
      synchronized (EntryCache.this) {
        Map<byte[], CachedEntry> part =
            range.isEmpty()
                ? Map.of()
                : end == null
                    ? sorted.tailMap(range.start(), true)
                    : sorted.subMap(range.start(), end);
        List.copyOf(part.values()).forEach(EntryCache.this::remove);
      }
    }

    /** The new tree is in force. */
    @Override
    public void close() {
      synchronized (EntryCache.this) {
        epoch++;
      }
    }
  }

  /** Begins a change; until it is closed, nothing is taken. */
  public Change beginChange() {
    return new Change();
  }

  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** How often a key was known. */
  public long hitCount() {
    return hits.sum();
  }

  /** How often nothing was known of a key. */
  public long missCount() {
    return misses.sum();
  }

  public int entryCount() {
    return entries.size();
  }

  private void evictOne() {
    CachedEntry entry = hand;
    while (entry != null && entry.touched) {
      entry.touched = false;
      entry = entry.next;
      hand = entry;
    }
    if (entry == null) {
      throw new IllegalStateException("an empty cache of " + usedBytes + " bytes");
    }
    remove(entry);
  }

  private void removeIfThere(CachedEntry entry) {
    if (entry.next != null) {
      remove(entry);
    }
  }

  private void remove(CachedEntry entry) {
    entries.remove(entry.key);
    sorted.remove(entry.key.bytes());
    usedBytes -= entry.cost();
    CachedEntry next = entry.next;
    CachedEntry previous = entry.previous;
    if (next == null || previous == null) {
      throw new IllegalStateException("not in the order");
    }
    entry.next = null;
    entry.previous = null;
    if (next == entry) {
      hand = null;
      return;
    }
    next.previous = previous;
    previous.next = next;
    if (hand == entry) {
      hand = next;
    }
  }

  /** Puts an entry where the hand comes by last. */
  private void link(CachedEntry entry) {
    CachedEntry at = hand;
    if (at == null) {
      entry.next = entry;
      entry.previous = entry;
      hand = entry;
      return;
    }
    CachedEntry last = at.previous;
    if (last == null) {
      throw new IllegalStateException("the hand is not in the order");
    }
    entry.next = at;
    entry.previous = last;
    last.next = entry;
    at.previous = entry;
  }
}
