package io.ppdb.kv.skiplist;

import java.util.Arrays;

/** An {@link Arena} of bytes: written once, plainly, before their reference is passed on. */
public final class ByteArena extends Arena {
  private static final int CHUNK_BITS = 18;
  private static final int OFFSET_MASK = (1 << CHUNK_BITS) - 1;

  /** Grown by copying under the monitor; whoever has a reference sees its chunk. */
  private volatile byte[][] chunks = new byte[4][];

  public ByteArena() {
    super(CHUNK_BITS);
    start();
  }

  @Override
  void install(int chunk, int length) {
    byte[][] known = chunks;
    if (chunk == known.length) {
      known = Arrays.copyOf(known, 2 * chunk);
    }
    known[chunk] = new byte[length];
    chunks = known;
  }

  @Override
  int chunkLength(int chunk) {
    return chunks[chunk].length;
  }

  /** The array that the piece lies in, at {@link #offset}. */
  public byte[] array(int reference) {
    return chunks[reference >>> CHUNK_BITS];
  }

  /** Where in {@link #array} the piece begins. */
  public static int offset(int reference) {
    return reference & OFFSET_MASK;
  }

  public long sizeInBytes() {
    return usedLength();
  }
}
