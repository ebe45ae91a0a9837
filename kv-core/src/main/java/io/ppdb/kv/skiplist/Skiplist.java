package io.ppdb.kv.skiplist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Byte-string keys in unsigned lexicographic order, each with an {@code int} payload, in arenas.
 *
 * <pre>
 * node, in the long arena    prefix | key reference, payload | link[0] … link[height-1]
 * link                       upper half of the next node's prefix | the next node
 * key, in the byte arena     length (1 to 3 bytes, 7 bits each, low first) | bytes
 * </pre>
 *
 * A node is named by its reference in the long arena; 0 names the head and means "none".
 *
 * <p><b>Prefix.</b> The eight bytes that follow the shared prefix in the key, as a number whose
 * signed order is the bytes' unsigned order. The first four are also in every link to the node:
 * most steps of a search that lead down are decided without touching the node that they do not go
 * to. The shared prefix is a hint: a key without it gets the least or the greatest number, which
 * keeps the order weakly right, and equal numbers are decided by the keys.
 *
 * <p><b>Threading.</b> Nodes are inserted by compare and set, bottom level first, and never
 * removed. Readers take no lock, never retry and never wait: they see every node whose insertion
 * happened before, and may or may not see those that are being inserted. A node may also be made
 * <em>loose</em>, in no level, and linked later with many others ({@link #link}). W. Pugh, "Skip
 * Lists: A Probabilistic Alternative to Balanced Trees", 1990; insert-only lists in arenas after
 * LevelDB.
 */
public final class Skiplist {
  /** No node; as a start, the place before the first one. */
  public static final int NONE = 0;

  /** What a node takes on average: two links. */
  public static final int NODE_SIZE_BYTES = 4 * Long.BYTES;

  private static final int MAX_HEIGHT = 20;

  /** So many nodes of a level tell the middle of the list well enough. */
  private static final int MIDDLE_SAMPLES = 32;

  /** Holds the key reference in its upper half, the payload in its lower one. */
  private static final int ENTRY = 1;

  private static final int LINKS = 2;

  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private static final VarHandle LONG_AT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle HEIGHT;

  static {
    try {
      HEIGHT = MethodHandles.lookup().findVarHandle(Skiplist.class, "height", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongArena longs;
  private final ByteArena bytes;
  private final byte[] sharedPrefix;

  /** Levels in use; only grows. */
  private volatile int height = 1;

  /**
   * An empty list.
   *
   * @param longs a fresh arena: its first piece is the head. Users may allocate from it too.
   * @param sharedPrefix what most keys are expected to begin with
   */
  public Skiplist(LongArena longs, ByteArena bytes, byte[] sharedPrefix) {
    this.longs = longs;
    this.bytes = bytes;
    this.sharedPrefix = sharedPrefix;
    int head = longs.allocate(LINKS + MAX_HEIGHT);
    if (head != NONE) {
      throw new IllegalArgumentException("the arena is in use: its first piece is at " + head);
    }
  }

  /** Where a key belongs: for each level the node before, and its link. For one insertion. */
  public static final class Place {
    private final int[] before = new int[MAX_HEIGHT];
    private final long[] links = new long[MAX_HEIGHT];
    private long prefix;

    /** Whether the key itself was found, and nothing else of this is set. */
    private boolean isExact;

    int before(int level) {
      return before[level];
    }

    void setBefore(int level, int node) {
      before[level] = node;
    }
  }

  /**
   * Finds {@code key}, or the place to insert it at.
   *
   * @return its node, or {@link #NONE}
   */
  public int find(byte[] key, Place place) {
    int found = search(key, place);
    return place.isExact ? found : NONE;
  }

  /** The first node whose key is not less than {@code key}, or {@link #NONE}. */
  public int ceiling(byte[] key) {
    return search(key, null);
  }

  /** The ceiling of {@code key}; the place is complete if that is not its node. */
  private int search(byte[] key, @Nullable Place place) {
    long prefix = prefixOf(key);
    int prefixHigh = (int) (prefix >>> Integer.SIZE);
    int node = NONE;
    long[] chunk = longs.chunk(NONE);
    int offset = LongArena.offset(NONE);
    int behind = NONE;
    int top = height;
    if (place != null) {
      place.prefix = prefix;
      place.isExact = false;
      Arrays.fill(place.before, top, MAX_HEIGHT, NONE);
      Arrays.fill(place.links, top, MAX_HEIGHT, NONE);
    }
    for (int level = top - 1; level >= 0; level--) {
      long link;
      while (true) {
        link = LongArena.getAcquire(chunk, offset + LINKS + level);
        int next = (int) link;
        if (next == NONE || next == behind) {
          behind = next;
          break;
        }
        int nextPrefixHigh = (int) (link >>> Integer.SIZE);
        if (nextPrefixHigh > prefixHigh) {
          behind = next;
          break;
        }
        if (nextPrefixHigh == prefixHigh) {
          int order = compare(next, prefix, key);
          if (order == 0) {
            if (place != null) {
              place.isExact = true;
            }
            return next;
          }
          if (order > 0) {
            behind = next;
            break;
          }
        }
        node = next;
        chunk = longs.chunk(next);
        offset = LongArena.offset(next);
      }
      if (place != null) {
        place.before[level] = node;
        place.links[level] = link;
      }
    }
    return behind;
  }

  /**
   * Inserts a key at the place that {@link #find} found for it.
   *
   * @param keyReference where {@link #writeKey} wrote the key
   * @return the node of the key: a new one, or the one that another thread inserted meanwhile, with
   *     its own {@link #keyReference}
   */
  public int insert(byte[] key, Place place, int keyReference, int payload) {
    int nodeHeight = randomHeight();
    int node = longs.allocate(LINKS + nodeHeight);
    longs.set(node, place.prefix);
    longs.set(node + ENTRY, entry(keyReference, payload));
    long linkToNode = linkTo(node);
    for (int level = 0; level < nodeHeight; level++) {
      int before = place.before[level];
      long link = place.links[level];
      while (true) {
        longs.set(node + LINKS + level, link);
        if (longs.compareAndSet(before + LINKS + level, link, linkToNode)) {
          break;
        }
        for (link = link(before, level); (int) link != NONE; link = link(before, level)) {
          int order = compare((int) link, place.prefix, key);
          if (order == 0) {
            assert level == 0 : "a key inserted twice";
            return (int) link;
          }
          if (order > 0) {
            break;
          }
          before = (int) link;
        }
      }
    }
    raiseTo(nodeHeight);
    return node;
  }

  /**
   * Makes a node that is in no level yet: only who has its number finds it.
   *
   * @param keyReference where {@link #writeKey} wrote the key
   */
  public int loose(byte[] key, int keyReference, int payload) {
    int nodeHeight = randomHeight();
    int node = longs.allocate(LINKS + nodeHeight);
    longs.set(node, prefixOf(key));
    longs.set(node + ENTRY, entry(keyReference, payload));
    longs.set(node + LINKS, nodeHeight);
    return node;
  }

  /**
   * Links loose nodes, whose keys differ from each other and from all in the list. One caller at a
   * time, and not beside {@link #insert}; readers may be there.
   */
  public void link(int[] nodes) {
    new BatchLinker(this, longs).link(nodes);
  }

  /** How many levels a loose node is to be in; its first link says so until it has one. */
  int looseHeight(int node) {
    return (int) longs.get(node + LINKS);
  }

  void raiseTo(int newHeight) {
    for (int known = height; known < newHeight; known = height) {
      if (HEIGHT.compareAndSet(this, known, newHeight)) {
        break;
      }
    }
  }

  int height() {
    return height;
  }

  /**
   * Appends a key that is greater than all others, while no other thread inserts.
   *
   * @param place after the last node: kept by the caller from one call to the next, fresh for an
   *     empty list
   */
  public int append(byte[] key, Place place, int keyReference, int payload) {
    place.prefix = prefixOf(key);
    Arrays.fill(place.links, NONE);
    int node = insert(key, place, keyReference, payload);
    for (int level = 0; level < MAX_HEIGHT && next(place.before[level], level) == node; level++) {
      place.before[level] = node;
    }
    return node;
  }

  /** A node about in the middle of the list; {@link #NONE} if it is empty. */
  public int middle() {
    int level = height - 1;
    while (level > 0 && !hasMoreThan(MIDDLE_SAMPLES, level)) {
      level--;
    }
    int slow = NONE;
    boolean step = true;
    for (int fast = next(NONE, level); fast != NONE; fast = next(fast, level)) {
      if (step) {
        slow = next(slow, level);
      }
      step = !step;
    }
    return slow;
  }

  private boolean hasMoreThan(int count, int level) {
    int counted = 0;
    for (int node = next(NONE, level); node != NONE; node = next(node, level)) {
      if (++counted > count) {
        return true;
      }
    }
    return false;
  }

  /** The node of {@code key}, or {@link #NONE}. */
  public int find(byte[] key) {
    int node = ceiling(key);
    return node != NONE && keyEquals(node, key) ? node : NONE;
  }

  /** The last node whose key is less than {@code key}, or {@link #NONE}. */
  public int lower(byte[] key) {
    long prefix = prefixOf(key);
    int prefixHigh = (int) (prefix >>> Integer.SIZE);
    int node = NONE;
    int behind = NONE;
    for (int level = height - 1; level >= 0; level--) {
      while (true) {
        long link = link(node, level);
        int next = (int) link;
        int nextPrefixHigh = (int) (link >>> Integer.SIZE);
        if (next == NONE
            || next == behind
            || nextPrefixHigh > prefixHigh
            || (nextPrefixHigh == prefixHigh && compare(next, prefix, key) >= 0)) {
          behind = next;
          break;
        }
        node = next;
      }
    }
    return node;
  }

  public int first() {
    return next(NONE, 0);
  }

  public int last() {
    int node = NONE;
    for (int level = height - 1; level >= 0; level--) {
      for (int next = next(node, level); next != NONE; next = next(node, level)) {
        node = next;
      }
    }
    return node;
  }

  /** The node after {@code node}; after {@link #NONE} comes the first one. */
  public int next(int node) {
    return next(node, 0);
  }

  int next(int node, int level) {
    return (int) link(node, level);
  }

  long link(int node, int level) {
    return longs.getAcquire(node + LINKS + level);
  }

  void setLink(int node, int level, long link) {
    longs.setRelease(node + LINKS + level, link);
  }

  /** What a link to {@code node} is. */
  long linkTo(int node) {
    return (longs.get(node) & ~LOW_HALF) | (node & LOW_HALF);
  }

  /** What a link to {@code node} has in its upper half. */
  int prefixHigh(int node) {
    return (int) (longs.get(node) >>> Integer.SIZE);
  }

  /** The payload of a node, and whatever was written before it was set. */
  public int payload(int node) {
    return (int) longs.getAcquire(node + ENTRY);
  }

  public boolean compareAndSetPayload(int node, int expected, int payload) {
    int keyReference = keyReference(node);
    return longs.compareAndSet(
        node + ENTRY, entry(keyReference, expected), entry(keyReference, payload));
  }

  private static long entry(int keyReference, int payload) {
    return ((long) keyReference << Integer.SIZE) | (payload & LOW_HALF);
  }

  public int keyReference(int node) {
    return (int) (longs.get(node + ENTRY) >>> Integer.SIZE);
  }

  public byte[] key(int node) {
    int reference = keyReference(node);
    byte[] array = bytes.array(reference);
    int at = ByteArena.offset(reference);
    int length = Varints.read(array, at);
    int start = at + Varints.length(length);
    return Arrays.copyOfRange(array, start, start + length);
  }

  public boolean keyEquals(int node, byte[] key) {
    int reference = keyReference(node);
    byte[] array = bytes.array(reference);
    int at = ByteArena.offset(reference);
    int length = Varints.read(array, at);
    int start = at + Varints.length(length);
    return length == key.length && Arrays.equals(array, start, start + length, key, 0, length);
  }

  /** The order of the node's key relative to {@code key}. */
  private int compare(int node, long prefix, byte[] key) {
    long nodePrefix = longs.get(node);
    if (nodePrefix != prefix) {
      return nodePrefix < prefix ? -1 : 1;
    }
    int reference = keyReference(node);
    byte[] array = bytes.array(reference);
    int at = ByteArena.offset(reference);
    int length = Varints.read(array, at);
    int start = at + Varints.length(length);
    return Arrays.compareUnsigned(array, start, start + length, key, 0, key.length);
  }

  /** The order of the keys of two nodes. */
  int compareNodes(int node, int other) {
    long prefix = longs.get(node);
    long otherPrefix = longs.get(other);
    if (prefix != otherPrefix) {
      return prefix < otherPrefix ? -1 : 1;
    }
    int reference = keyReference(node);
    byte[] array = bytes.array(reference);
    int at = ByteArena.offset(reference);
    int length = Varints.read(array, at);
    int start = at + Varints.length(length);
    int otherReference = keyReference(other);
    byte[] otherArray = bytes.array(otherReference);
    int otherAt = ByteArena.offset(otherReference);
    int otherLength = Varints.read(otherArray, otherAt);
    int otherStart = otherAt + Varints.length(otherLength);
    return Arrays.compareUnsigned(
        array, start, start + length, otherArray, otherStart, otherStart + otherLength);
  }

  private long prefixOf(byte[] key) {
    int shared = sharedPrefix.length;
    if (shared > 0) {
      int order =
          Arrays.compareUnsigned(key, 0, Math.min(shared, key.length), sharedPrefix, 0, shared);
      if (order != 0) {
        return order < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
      }
    }
    if (key.length >= shared + Long.BYTES) {
      return (long) LONG_AT.get(key, shared) ^ Long.MIN_VALUE;
    }
    long prefix = 0;
    for (int i = shared; i < key.length; i++) {
      prefix |= (key[i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i - shared + 1));
    }
    return prefix ^ Long.MIN_VALUE;
  }

  /** How many bytes {@link #writeKey} writes. */
  public static int keySize(byte[] key) {
    return Varints.length(key.length) + key.length;
  }

  /** Writes a key as nodes refer to it; returns the offset behind it. */
  public static int writeKey(byte[] key, byte[] array, int offset) {
    int start = Varints.write(key.length, array, offset);
    System.arraycopy(key, 0, array, start, key.length);
    return start + key.length;
  }

  /** One level more with probability 1/2. */
  private static int randomHeight() {
    int random = ThreadLocalRandom.current().nextInt() | (1 << (MAX_HEIGHT - 1));
    return 1 + Integer.numberOfTrailingZeros(random);
  }
}
