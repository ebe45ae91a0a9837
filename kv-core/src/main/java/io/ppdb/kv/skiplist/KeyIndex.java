package io.ppdb.kv.skiplist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the node of a key in a {@link Skiplist} by the key's hash.
 *
 * <p>Sixteen segments, chosen by the hash's upper bits, so that writers seldom meet and growing one
 * copies a sixteenth. A segment is a table of {@code long}s, open addressing with linear probing,
 * at most two thirds full: the hash in the upper half, the node in the lower, 0 for empty. A key
 * that is absent is nearly always decided by one read of the table.
 *
 * <p>It also remembers the nodes that were added loose, in no level of the list, until somebody
 * takes them to link them.
 *
 * <p><b>Threading.</b> Readers take no lock; they see every node whose {@link #add} happened
 * before. Writers of one segment exclude each other by its monitor.
 */
public final class KeyIndex {
  private static final int SEGMENT_BITS = 4;
  private static final int FIRST_LENGTH = 16;
  private static final int FIRST_LOOSE_LENGTH = 8;

  /** Loose nodes of a segment that call for linking; sixteen times so many are seldom more. */
  private static final int MANY_LOOSE = 2_048;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle LONG_AT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NODE_MASK = 0xFFFF_FFFFL;
  private static final int[] NO_NODES = {};

  private static final class Segment {
    /** A power of two of slots. */
    volatile long[] slots = new long[FIRST_LENGTH];

    /** Guarded by the monitor. */
    int count;

    /** Guarded by the monitor. */
    int[] loose = NO_NODES;

    /** Guarded by the monitor. */
    int looseCount;

    void addLoose(int node) {
      if (looseCount == loose.length) {
        loose = Arrays.copyOf(loose, Math.max(FIRST_LOOSE_LENGTH, 2 * looseCount));
      }
      loose[looseCount++] = node;
    }
  }

  private final Skiplist list;
  private final Segment[] segments = new Segment[1 << SEGMENT_BITS];

  /** Whether there may be loose nodes; set after they are there, cleared before they are taken. */
  private volatile boolean hasLoose;

  private final AtomicLong slotCount = new AtomicLong();

  public KeyIndex(Skiplist list) {
    this.list = list;
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new Segment();
    }
    slotCount.set((long) segments.length * FIRST_LENGTH);
  }

  /** The hash that the other methods want. */
  public static int hash(byte[] key) {
    long hash = key.length * 0x9E37_79B9_7F4A_7C15L;
    int at = 0;
    for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
      hash = (hash ^ (long) LONG_AT.get(key, at)) * 0xFF51_AFD7_ED55_8CCDL;
      hash ^= hash >>> 32;
    }
    for (; at < key.length; at++) {
      hash = (hash ^ key[at]) * 0xC4CE_B9FE_1A85_EC53L;
      hash ^= hash >>> 32;
    }
    hash *= 0xFF51_AFD7_ED55_8CCDL;
    return (int) (hash ^ (hash >>> 32));
  }

  /** The node of {@code key}, or {@link Skiplist#NONE}. */
  public int find(byte[] key, int hash) {
    long[] slots = segment(hash).slots;
    int mask = slots.length - 1;
    for (int at = hash & mask; ; at = (at + 1) & mask) {
      long slot = (long) LONGS.getAcquire(slots, at);
      if (slot == 0) {
        return Skiplist.NONE;
      }
      if ((int) (slot >>> 32) == hash && list.keyEquals((int) slot, key)) {
        return (int) slot;
      }
    }
  }

  /**
   * The first node at or after a place that {@code random} says, or {@link Skiplist#NONE} if there
   * is none. Every sixteenth of the index is as likely as any other.
   */
  public int any(int random) {
    for (int i = 0; i < segments.length; i++) {
      long[] slots =
          segments[((random >>> (Integer.SIZE - SEGMENT_BITS)) + i) % segments.length].slots;
      for (int j = 0; j < slots.length; j++) {
        long slot = (long) LONGS.getAcquire(slots, (random + j) & (slots.length - 1));
        if (slot != 0) {
          return (int) slot;
        }
      }
    }
    return Skiplist.NONE;
  }

  /** Adds a node, unless it is there. */
  public void add(int hash, int node) {
    Segment segment = segment(hash);
    synchronized (segment) {
      add(segment, hash, node);
    }
  }

  private void add(Segment segment, int hash, int node) {
    long[] slots = segment.slots;
    if (3 * (segment.count + 1) > 2 * slots.length) {
      slotCount.addAndGet(slots.length);
      slots = grown(slots);
      segment.slots = slots;
    }
    if (set(slots, ((long) hash << 32) | (node & NODE_MASK))) {
      segment.count++;
    }
  }

  /**
   * Adds a loose node, unless there is one with its key.
   *
   * @return that one, or {@link Skiplist#NONE} if {@code node} was added
   */
  public int addLoose(byte[] key, int hash, int node) {
    Segment segment = segment(hash);
    synchronized (segment) {
      int known = find(key, hash);
      if (known != Skiplist.NONE) {
        return known;
      }
      add(segment, hash, node);
      segment.addLoose(node);
    }
    if (!hasLoose) {
      hasLoose = true;
    }
    return Skiplist.NONE;
  }

  /** Whether there are loose nodes, of those whose {@link #addLoose} happened before at least. */
  public boolean hasLoose() {
    return hasLoose;
  }

  /**
   * Whether so many nodes are loose, about, that they should be linked; judged by the segment of
   * {@code hash}, and read without its monitor: being wrong for a moment does no harm.
   */
  public boolean hasManyLoose(int hash) {
    return segment(hash).looseCount >= MANY_LOOSE;
  }

  /** Takes all loose nodes: the caller links them. */
  public int[] takeLoose() {
    hasLoose = false;
    int[] taken = NO_NODES;
    for (Segment segment : segments) {
      synchronized (segment) {
        if (segment.looseCount > 0) {
          int[] joined = Arrays.copyOf(taken, taken.length + segment.looseCount);
          System.arraycopy(segment.loose, 0, joined, taken.length, segment.looseCount);
          taken = joined;
          segment.looseCount = 0;
        }
      }
    }
    return taken;
  }

  private static long[] grown(long[] slots) {
    long[] more = new long[2 * slots.length];
    for (long slot : slots) {
      if (slot != 0) {
        set(more, slot);
      }
    }
    return more;
  }

  /** Whether the slot's contents were not there before. */
  private static boolean set(long[] slots, long slot) {
    int mask = slots.length - 1;
    int at = (int) (slot >>> 32) & mask;
    for (; slots[at] != 0; at = (at + 1) & mask) {
      if (slots[at] == slot) {
        return false;
      }
    }
    LONGS.setRelease(slots, at, slot);
    return true;
  }

  private Segment segment(int hash) {
    return segments[hash >>> (Integer.SIZE - SEGMENT_BITS)];
  }

  public boolean isEmpty() {
    return any(0) == Skiplist.NONE;
  }

  /** What the tables take. */
  public long sizeInBytes() {
    return slotCount.get() * Long.BYTES;
  }
}
