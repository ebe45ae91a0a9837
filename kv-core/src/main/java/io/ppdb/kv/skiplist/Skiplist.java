package io.ppdb.kv.skiplist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Byte-string keys in unsigned lexicographic order, each with an {@code int} payload, in arenas.
 *
 * <pre>
 * node, in the int arena     prefix (2) | key reference | payload | next[0] … next[height-1]
 * key, in the byte arena     length (1 to 3 bytes, 7 bits each, low first) | bytes
 * </pre>
 *
 * A node is named by its reference in the int arena; 0 names the head and means "none".
 *
 * <p><b>Prefix.</b> The eight bytes that follow the shared prefix in the key, as a number whose
 * signed order is the bytes' unsigned order. Most steps of a search end at comparing two numbers
 * that lie beside the link just followed. The shared prefix is a hint: a key without it gets the
 * least or the greatest number, which keeps the order weakly right, and equal numbers are decided
 * by the keys.
 *
 * <p><b>Threading.</b> Nodes are inserted by compare and set, bottom level first, and never
 * removed. Readers take no lock, never retry and never wait: they see every node whose insertion
 * happened before, and may or may not see those that are being inserted. W. Pugh, "Skip Lists: A
 * Probabilistic Alternative to Balanced Trees", 1990; insert-only lists in arenas after LevelDB.
 */
public final class Skiplist {
  /** No node; as a start, the place before the first one. */
  public static final int NONE = 0;

  private static final int MAX_HEIGHT = 14;

  /** So many nodes of a level tell the middle of the list well enough. */
  private static final int MIDDLE_SAMPLES = 32;

  private static final int KEY = 2;
  private static final int PAYLOAD = 3;
  private static final int NEXT = 4;

  /** What a node takes on average, rounded up: one link, and every fourth time one more. */
  public static final int NODE_SIZE_BYTES = (NEXT + 2) * Integer.BYTES;

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

  private final IntArena ints;
  private final ByteArena bytes;
  private final byte[] sharedPrefix;

  /** Levels in use; only grows. */
  private volatile int height = 1;

  /**
   * An empty list.
   *
   * @param ints a fresh arena: its first piece is the head. Users may allocate from it too.
   * @param sharedPrefix what most keys are expected to begin with
   */
  public Skiplist(IntArena ints, ByteArena bytes, byte[] sharedPrefix) {
    this.ints = ints;
    this.bytes = bytes;
    this.sharedPrefix = sharedPrefix;
    int head = ints.allocate(NEXT + MAX_HEIGHT);
    if (head != NONE) {
      throw new IllegalArgumentException("the arena is in use: its first piece is at " + head);
    }
  }

  /** Where a key belongs: for each level the nodes before and after. For one insertion. */
  public static final class Place {
    private final int[] before = new int[MAX_HEIGHT];
    private final int[] after = new int[MAX_HEIGHT];
    private long prefix;
  }

  /**
   * Finds {@code key}, or the place to insert it at.
   *
   * @return its node, or {@link #NONE}
   */
  public int find(byte[] key, Place place) {
    long prefix = prefixOf(key);
    place.prefix = prefix;
    int top = height;
    Arrays.fill(place.before, top, MAX_HEIGHT, NONE);
    Arrays.fill(place.after, top, MAX_HEIGHT, NONE);
    int node = NONE;
    int behind = NONE;
    for (int level = top - 1; level >= 0; level--) {
      int next = next(node, level);
      while (next != NONE && next != behind) {
        int order = compare(next, prefix, key);
        if (order == 0) {
          return next;
        }
        if (order > 0) {
          break;
        }
        node = next;
        next = next(node, level);
      }
      behind = next;
      place.before[level] = node;
      place.after[level] = next;
    }
    return NONE;
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
    int node = ints.allocate(NEXT + nodeHeight);
    ints.setLong(node, place.prefix);
    ints.set(node + KEY, keyReference);
    ints.set(node + PAYLOAD, payload);
    for (int level = 0; level < nodeHeight; level++) {
      int before = place.before[level];
      int after = place.after[level];
      while (true) {
        ints.set(node + NEXT + level, after);
        if (ints.compareAndSet(before + NEXT + level, after, node)) {
          break;
        }
        after = next(before, level);
        for (int order = -1; after != NONE; after = next(before, level)) {
          order = compare(after, place.prefix, key);
          if (order == 0) {
            assert level == 0 : "a key inserted twice";
            return after;
          }
          if (order > 0) {
            break;
          }
          before = after;
        }
      }
    }
    for (int known = height; known < nodeHeight; known = height) {
      if (HEIGHT.compareAndSet(this, known, nodeHeight)) {
        break;
      }
    }
    return node;
  }

  /**
   * Appends a key that is greater than all others, while no other thread inserts.
   *
   * @param place after the last node: kept by the caller from one call to the next, fresh for an
   *     empty list
   */
  public int append(byte[] key, Place place, int keyReference, int payload) {
    place.prefix = prefixOf(key);
    Arrays.fill(place.after, NONE);
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

  /** The first node whose key is not less than {@code key}, or {@link #NONE}. */
  public int ceiling(byte[] key) {
    long prefix = prefixOf(key);
    int node = NONE;
    int behind = NONE;
    for (int level = height - 1; level >= 0; level--) {
      int next = next(node, level);
      while (next != NONE && next != behind) {
        int order = compare(next, prefix, key);
        if (order == 0) {
          return next;
        }
        if (order > 0) {
          break;
        }
        node = next;
        next = next(node, level);
      }
      behind = next;
    }
    return behind;
  }

  /** The last node whose key is less than {@code key}, or {@link #NONE}. */
  public int lower(byte[] key) {
    long prefix = prefixOf(key);
    int node = NONE;
    int behind = NONE;
    for (int level = height - 1; level >= 0; level--) {
      int next = next(node, level);
      while (next != NONE && next != behind && compare(next, prefix, key) < 0) {
        node = next;
        next = next(node, level);
      }
      behind = next;
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

  private int next(int node, int level) {
    return ints.getAcquire(node + NEXT + level);
  }

  /** The payload of a node, and whatever was written before it was set. */
  public int payload(int node) {
    return ints.getAcquire(node + PAYLOAD);
  }

  public boolean compareAndSetPayload(int node, int expected, int payload) {
    return ints.compareAndSet(node + PAYLOAD, expected, payload);
  }

  public int keyReference(int node) {
    return ints.get(node + KEY);
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
    long nodePrefix = ints.getLong(node);
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

  /** One level more with probability 1/4. */
  private static int randomHeight() {
    int random = ThreadLocalRandom.current().nextInt() | (1 << (2 * (MAX_HEIGHT - 1)));
    return 1 + (Integer.numberOfTrailingZeros(random) >>> 1);
  }
}
