package io.ppdb.lsm.vfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
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

  /**
   * Where programs write without a call: the first {@code length} of these bytes are those of the
   * cache from {@code start} on.
   */
  private record Mapping(int start, byte[] bytes, int length) {}

  private List<Mapping> mappings = List.of();

  long size() {
    return cachedSize;
  }

  byte[] bytes() {
    absorb();
    return Arrays.copyOf(cached, cachedSize);
  }

  /** Lets a program write to a part of the cache; a later mapping takes over from earlier ones. */
  ByteBuffer map(int position, int length) {
    absorb();
    List<Mapping> next = new ArrayList<>();
    for (Mapping mapping : mappings) {
      int left = Math.min(mapping.length, position - mapping.start);
      if (left > 0) {
        next.add(new Mapping(mapping.start, mapping.bytes, left));
      }
    }
    byte[] bytes = Arrays.copyOfRange(cached, position, position + length);
    next.add(new Mapping(position, bytes, length));
    mappings = next;
    return ByteBuffer.wrap(bytes);
  }

  /** Takes over what was written to mappings since. */
  private void absorb() {
    for (Mapping mapping : mappings) {
      int mappingEnd = mapping.start + mapping.length;
      for (int start = mapping.start; start < mappingEnd; ) {
        int sector = start / SECTOR_BYTES;
        int end = Math.min((sector + 1) * SECTOR_BYTES, mappingEnd);
        int from = start - mapping.start;
        if (!Arrays.equals(cached, start, end, mapping.bytes, from, from + end - start)) {
          System.arraycopy(mapping.bytes, from, cached, start, end - start);
          dirtySectors.set(sector);
        }
        start = end;
      }
    }
  }

  /** Shows in mappings what was written by a call. */
  private void showInMappings(int position, int end) {
    for (Mapping mapping : mappings) {
      int from = Math.max(position, mapping.start);
      int to = Math.min(end, mapping.start + mapping.length);
      if (from < to) {
        System.arraycopy(cached, from, mapping.bytes, from - mapping.start, to - from);
      }
    }
  }

  void write(byte[] source, int offset, int length, int position) {
    absorb();
    int end = position + length;
    if (end > cached.length) {
      cached = Arrays.copyOf(cached, Math.max(end, cached.length * 2));
    }
    System.arraycopy(source, offset, cached, position, length);
    showInMappings(position, end);
    int firstDirty = Math.min(position, cachedSize) / SECTOR_BYTES;
    cachedSize = Math.max(cachedSize, end);
    if (length > 0) {
      dirtySectors.set(firstDirty, (end - 1) / SECTOR_BYTES + 1);
    }
  }

  int read(byte[] target, int offset, int length, long position) {
    absorb();
    if (position >= cachedSize) {
      return 0;
    }
    int count = (int) Math.min(length, cachedSize - position);
    System.arraycopy(cached, (int) position, target, offset, count);
    return count;
  }

  void force() {
    absorb();
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
    absorb();
    dirtySectors.clear();
  }

  void flipBit(long bitIndex) {
    absorb();
    int index = (int) (bitIndex / Byte.SIZE);
    int mask = 1 << (bitIndex % Byte.SIZE);
    cached[index] ^= (byte) mask;
    showInMappings(index, index + 1);
    if (index < durableSize) {
      durable[index] ^= (byte) mask;
    }
  }

  /** This file after power loss. */
  MemInode crashed(Random random) {
    absorb();
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
