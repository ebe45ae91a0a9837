package io.ppdb.lsm.vfs;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** The content of a file of {@link MemVfs}; guarded by the monitor of its disk. */
final class MemInode {
  private static final int SECTOR_BYTES = 512;

  /** What programs see: the page cache over the platter. */
  private byte[] cached = new byte[0];

  private int cachedSize;

  /** What is on the platter, as far as it was forced. */
  private byte[] durable = new byte[0];

  private int durableSize;

  /** Sectors whose cached bytes have not been forced. */
  private final BitSet dirtySectors = new BitSet();

  long size() {
    return cachedSize;
  }

  byte[] bytes() {
    return Arrays.copyOf(cached, cachedSize);
  }

  void write(byte[] source, int offset, int length, int position) {
    int end = position + length;
    if (end > cached.length) {
      cached = Arrays.copyOf(cached, Math.max(end, cached.length * 2));
    }
    System.arraycopy(source, offset, cached, position, length);
    int firstDirty = Math.min(position, cachedSize) / SECTOR_BYTES;
    cachedSize = Math.max(cachedSize, end);
    if (length > 0) {
      dirtySectors.set(firstDirty, (end - 1) / SECTOR_BYTES + 1);
    }
  }

  int read(byte[] target, int offset, int length, long position) {
    if (position >= cachedSize) {
      return 0;
    }
    int count = (int) Math.min(length, cachedSize - position);
    System.arraycopy(cached, (int) position, target, offset, count);
    return count;
  }

  void force() {
    if (durable.length < cachedSize) {
      durable = Arrays.copyOf(durable, cached.length);
    }
    for (int sector = dirtySectors.nextSetBit(0);
        sector >= 0;
        sector = dirtySectors.nextSetBit(sector + 1)) {
      int start = sector * SECTOR_BYTES;
      int end = Math.min(start + SECTOR_BYTES, cachedSize);
      System.arraycopy(cached, start, durable, start, end - start);
    }
    durableSize = cachedSize;
    dirtySectors.clear();
  }

  /**
   * What Linux does when writing back fails: the pages are marked clean though they never reached
   * the platter, and the next sync succeeds.
   */
  void loseDirtySectors() {
    dirtySectors.clear();
  }

  void flipBit(long bitIndex) {
    int index = (int) (bitIndex / Byte.SIZE);
    int mask = 1 << (bitIndex % Byte.SIZE);
    cached[index] ^= (byte) mask;
    if (index < durableSize) {
      durable[index] ^= (byte) mask;
    }
  }

  /** This file after power loss. */
  MemInode crashed(Random random) {
    MemInode after = new MemInode();
    int size =
        switch (random.nextInt(3)) {
          case 0 -> durableSize;
          case 1 -> cachedSize;
          default -> durableSize + random.nextInt(Math.max(1, cachedSize - durableSize + 1));
        };
    after.cached = Arrays.copyOf(durable, Math.max(size, durableSize));
    for (int sector = dirtySectors.nextSetBit(0);
        sector >= 0;
        sector = dirtySectors.nextSetBit(sector + 1)) {
      int start = sector * SECTOR_BYTES;
      int end = Math.min(start + SECTOR_BYTES, Math.min(size, cachedSize));
      int kept =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(SECTOR_BYTES);
            case 1 -> 0;
            default -> SECTOR_BYTES;
          };
      int count = Math.min(kept, end - start);
      if (count > 0) {
        System.arraycopy(cached, start, after.cached, start, count);
      }
    }
    after.cachedSize = size;
    after.settle();
    return after;
  }

  /** This file after the death of the process: the page cache lives on. */
  MemInode killed() {
    MemInode after = new MemInode();
    after.cached = bytes();
    after.cachedSize = cachedSize;
    after.durable = Arrays.copyOf(durable, durableSize);
    after.durableSize = durableSize;
    after.dirtySectors.or(dirtySectors);
    return after;
  }

  private void settle() {
    cached = Arrays.copyOf(cached, cachedSize);
    durable = cached.clone();
    durableSize = cachedSize;
  }
}
