package io.ppdb.bench.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What reads make of the bytes they find, the same on all sides. Keys have 16 bytes. */
final class Digests {
  private static final VarHandle LONG_AT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Digests() {}

  /** Of a value: its first eight bytes and its length. */
  static long ofValue(byte[] array, int offset, int length) {
    return longAt(array, offset) + length;
  }

  /** Folds one entry of a scan onto the digest of those before it: the whole key, and the value. */
  static long add(long digest, byte[] keyArray, int keyOffset, long valueDigest) {
    long key = longAt(keyArray, keyOffset) ^ longAt(keyArray, keyOffset + Long.BYTES);
    return 31 * digest + key + valueDigest;
  }

  private static long longAt(byte[] array, int offset) {
    return (long) LONG_AT.get(array, offset);
  }
}
