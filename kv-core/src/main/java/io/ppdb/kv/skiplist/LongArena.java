package io.ppdb.kv.skiplist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** An {@link Arena} of {@code long}s that can be read and written atomically. */
public final class LongArena extends Arena {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int CHUNK_BITS = 15;
  private static final int OFFSET_MASK = (1 << CHUNK_BITS) - 1;

  /** Grown by copying under the monitor; whoever has a reference sees its chunk. */
  private volatile long[][] chunks = new long[4][];

  public LongArena() {
    super(CHUNK_BITS);
    start();
  }

  @Override
  void install(int chunk, int length) {
    long[][] known = chunks;
    if (chunk == known.length) {
      known = Arrays.copyOf(known, 2 * chunk);
    }
    known[chunk] = new long[length];
    chunks = known;
  }

  @Override
  int chunkLength(int chunk) {
    return chunks[chunk].length;
  }

  /** The array that the piece lies in, at {@link #offset}. */
  long[] chunk(int reference) {
    return chunks[reference >>> CHUNK_BITS];
  }

  static int offset(int reference) {
    return reference & OFFSET_MASK;
  }

  static long getAcquire(long[] chunk, int offset) {
    return (long) LONGS.getAcquire(chunk, offset);
  }

  public long get(int reference) {
    return chunk(reference)[offset(reference)];
  }

  public void set(int reference, long value) {
    chunk(reference)[offset(reference)] = value;
  }

  public long getAcquire(int reference) {
    return getAcquire(chunk(reference), offset(reference));
  }

  public void setRelease(int reference, long value) {
    LONGS.setRelease(chunk(reference), offset(reference), value);
  }

  public boolean compareAndSet(int reference, long expected, long value) {
    return LONGS.compareAndSet(chunk(reference), offset(reference), expected, value);
  }

  public long sizeInBytes() {
    return usedLength() * Long.BYTES;
  }
}
