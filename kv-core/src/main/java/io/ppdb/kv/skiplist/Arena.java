package io.ppdb.kv.skiplist;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that is handed out in pieces and freed as a whole, by the garbage collector.
 *
 * <p>A piece is named by a <em>reference</em>, an {@code int}: the number of its chunk in the upper
 * bits, the offset of its first element in the lower {@code chunkBits}. No piece crosses chunks.
 * Chunks start small and double up to 2^chunkBits elements, so that an empty arena costs little; a
 * piece of more than a quarter of that has a chunk of its own.
 *
 * <p><b>Threading.</b> Any number of threads may allocate. Elements are plain memory: whoever
 * passes a reference on publishes what is behind it, by a release write of the reference or
 * otherwise; then the chunk is visible too.
 */
public abstract class Arena {
  private static final int FIRST_CHUNK_LENGTH = 1024;

  private final int chunkBits;
  private final int maxChunkCount;
  private final int largeLength;

  /** Chunk number and offset of the next piece, 32 bits each. */
  private final AtomicLong position = new AtomicLong();

  /** Elements of all chunks but the current one; guarded by the monitor for writing. */
  private volatile long otherLength;

  /** Guarded by the monitor. */
  private int chunkCount;

  Arena(int chunkBits) {
    this.chunkBits = chunkBits;
    this.maxChunkCount = 1 << (Integer.SIZE - chunkBits);
    this.largeLength = 1 << (chunkBits - 2);
  }

  /** Makes the first chunk; for the constructor of the subclass. */
  final void start() {
    install(0, FIRST_CHUNK_LENGTH);
    chunkCount = 1;
  }

  /** Creates chunk {@code chunk}; called with the monitor held, for ascending numbers. */
  abstract void install(int chunk, int length);

  abstract int chunkLength(int chunk);

  /**
   * Hands out {@code length} consecutive elements, which are zero.
   *
   * @return the reference of the first one
   * @throws IllegalStateException if the arena has given out all references it has
   */
  public final int allocate(int length) {
    if (length > largeLength) {
      return allocateLarge(length);
    }
    while (true) {
      long at = position.get();
      int chunk = (int) (at >>> 32);
      int offset = (int) at;
      if (offset + length > chunkLength(chunk)) {
        nextChunk(chunk, length);
      } else if (position.compareAndSet(at, at + length)) {
        return (chunk << chunkBits) | offset;
      }
    }
  }

  private synchronized void nextChunk(int full, int length) {
    if ((int) (position.get() >>> 32) != full) {
      return; // another thread was first
    }
    int fullLength = chunkLength(full);
    int chunk = newChunk(Math.min(1 << chunkBits, Math.max(2 * fullLength, 2 * length)));
    otherLength += fullLength;
    position.set((long) chunk << 32);
  }

  private synchronized int allocateLarge(int length) {
    int chunk = newChunk(length);
    otherLength += length;
    return chunk << chunkBits;
  }

  private int newChunk(int length) {
    if (chunkCount == maxChunkCount) {
      throw new IllegalStateException("the arena is full: it has " + chunkCount + " chunks");
    }
    install(chunkCount, length);
    return chunkCount++;
  }

  /**
   * Elements handed out, and those lost at the ends of chunks. Exact when nobody allocates; read
   * while a chunk is begun it may be short by that chunk.
   */
  final long usedLength() {
    return otherLength + (int) position.get();
  }
}
