package io.ppdb.lsm.table;

import io.ppdb.lsm.format.LittleEndian;

/** XXH64 with seed 0: the hash that filters are built on, hence part of the format. */
public final class KeyHash {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE_BYTES = 32;

  /** P1 + P2, modulo 2 to the 64. */
  private static final long V1_START = 0x60EA27EEADC0B5D6L;

  private KeyHash() {}

  public static long of(byte[] key) {
    return of(key, 0, key.length);
  }

  public static long of(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    long hash;
    if (length >= STRIPE_BYTES) {
      long v1 = V1_START;
      long v2 = P2;
      long v3 = 0;
      long v4 = -P1;
      do {
        v1 = round(v1, LittleEndian.getLong(bytes, at));
        v2 = round(v2, LittleEndian.getLong(bytes, at + 8));
        v3 = round(v3, LittleEndian.getLong(bytes, at + 16));
        v4 = round(v4, LittleEndian.getLong(bytes, at + 24));
        at += STRIPE_BYTES;
      } while (at <= end - STRIPE_BYTES);
      hash =
          Long.rotateLeft(v1, 1)
              + Long.rotateLeft(v2, 7)
              + Long.rotateLeft(v3, 12)
              + Long.rotateLeft(v4, 18);
      hash = merge(merge(merge(merge(hash, v1), v2), v3), v4);
    } else {
      hash = P5;
    }
    hash += length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = Long.rotateLeft(hash ^ round(0, LittleEndian.getLong(bytes, at)), 27) * P1 + P4;
    }
    if (at <= end - Integer.BYTES) {
      hash ^= (LittleEndian.getInt(bytes, at) & 0xFFFFFFFFL) * P1;
      hash = Long.rotateLeft(hash, 23) * P2 + P3;
      at += Integer.BYTES;
    }
    for (; at < end; at++) {
      hash = Long.rotateLeft(hash ^ (bytes[at] & 0xFF) * P5, 11) * P1;
    }
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }

  private static long round(long accumulator, long input) {
    return Long.rotateLeft(accumulator + input * P2, 31) * P1;
  }

  private static long merge(long accumulator, long value) {
    return (accumulator ^ round(0, value)) * P1 + P4;
  }
}
