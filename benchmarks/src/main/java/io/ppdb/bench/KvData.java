package io.ppdb.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * The entries: a function of their number, so that all sides write and expect the same bytes.
 *
 * <p>A key is 16 bytes: a hash of the number, then the number. A value begins with the same hash,
 * whatever its generation; the rest is a slice of a pool that compresses to about a half.
 * Immutable.
 */
public final class KvData {
  private static final int POOL_BYTES = 1 << 20;
  private static final int REPEATED_BYTES = 50;

  private final byte[] pool = new byte[POOL_BYTES];
  private final int valueBytes;

  public KvData(int valueBytes) {
    this.valueBytes = valueBytes;
    SplittableRandom random = new SplittableRandom(1);
    byte[] piece = new byte[REPEATED_BYTES];
    for (int start = 0; start < pool.length; start += 2 * REPEATED_BYTES) {
      random.nextBytes(piece);
      for (int i = start; i < Math.min(start + 2 * REPEATED_BYTES, pool.length); i++) {
        pool[i] = piece[(i - start) % REPEATED_BYTES];
      }
    }
  }

  public static byte[] key(long number) {
    return ByteBuffer.allocate(16).putLong(mix(number)).putLong(number).array();
  }

  public byte[] value(long number, int generation) {
    int poolOffset = (int) ((mix(number * 31 + generation) >>> 1) % (POOL_BYTES - valueBytes));
    byte[] value = new byte[valueBytes];
    System.arraycopy(pool, poolOffset, value, 0, valueBytes);
    ByteBuffer.wrap(value).putLong(0, mix(number));
    return value;
  }

  /** The hash that {@code value} begins with: that of its key. */
  public static long hashIn(byte[] value) {
    return ByteBuffer.wrap(value).getLong(0);
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long number) {
    long z = (number + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
