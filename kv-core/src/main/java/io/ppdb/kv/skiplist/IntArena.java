package io.ppdb.kv.skiplist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** An {@link Arena} of {@code int}s that can be read and written atomically. */
public final class IntArena extends Arena {
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int CHUNK_BITS = 16;
  private static final int OFFSET_MASK = (1 << CHUNK_BITS) - 1;

  /** Grown by copying under the monitor; whoever has a reference sees its chunk. */
  private volatile int[][] chunks = new int[4][];

  public IntArena() {
    super(CHUNK_BITS);
    start();
  }

  @Override
  void install(int chunk, int length) {
    int[][] known = chunks;
    if (chunk == known.length) {
      known = Arrays.copyOf(known, 2 * chunk);
    }
    known[chunk] = new int[length];
    chunks = known;
  }

  @Override
  int chunkLength(int chunk) {
    return chunks[chunk].length;
  }

  int[] chunk(int reference) {
    return chunks[reference >>> CHUNK_BITS];
  }

  static int offset(int reference) {
    return reference & OFFSET_MASK;
  }

  public int get(int reference) {
    return chunk(reference)[offset(reference)];
  }

  public void set(int reference, int value) {
    chunk(reference)[offset(reference)] = value;
  }

  public int getAcquire(int reference) {
    return (int) INTS.getAcquire(chunk(reference), offset(reference));
  }

  public void setRelease(int reference, int value) {
    INTS.setRelease(chunk(reference), offset(reference), value);
  }

  public boolean compareAndSet(int reference, int expected, int value) {
    return INTS.compareAndSet(chunk(reference), offset(reference), expected, value);
  }

  /** The {@code long} in two consecutive elements, the upper half first; not atomic. */
  public long getLong(int reference) {
    int[] chunk = chunk(reference);
    int offset = offset(reference);
    return ((long) chunk[offset] << 32) | (chunk[offset + 1] & 0xFFFF_FFFFL);
  }

  public void setLong(int reference, long value) {
    int[] chunk = chunk(reference);
    int offset = offset(reference);
    chunk[offset] = (int) (value >>> 32);
    chunk[offset + 1] = (int) value;
  }

  public long sizeInBytes() {
    return usedLength() * Integer.BYTES;
  }
}
