package io.ppdb.kv.engine;

import java.util.TreeMap;

/**
 * How many bytes expire when.
 *
 * <p>Bytes are counted in buckets of time, 256 ms wide as long as there are at most {@link
 * #MAX_BUCKET_COUNT} of them (which is half an hour without a gap), then of twice the width, and so
 * on. A bucket counts as expired when all of it has: late by its width at most, never early.
 *
 * <p>So what has expired is known without a list of the keys that do: a key that is written again
 * is taken back here, and nothing else remembers it. Thread-safe, by its monitor.
 */
final class ExpiryHistogram {
  static final int MAX_BUCKET_COUNT = 8192;

  private static final int FIRST_WIDTH_BITS = 8;

  /** Bytes by the number of their bucket. */
  private final TreeMap<Long, Long> buckets = new TreeMap<>();

  private int widthBits = FIRST_WIDTH_BITS;

  /** What expires before this is in {@link #expiredBytes} and in no bucket. */
  private long expiredBefore = Long.MIN_VALUE;

  private long expiredBytes;

  /** Counts {@code bytes} more, or less, that expire at {@code expiryMillis}. */
  synchronized void add(long expiryMillis, long bytes) {
    if (expiryMillis < expiredBefore) {
      expiredBytes += bytes;
      return;
    }
    buckets.merge(expiryMillis >> widthBits, bytes, ExpiryHistogram::sum);
    while (buckets.size() > MAX_BUCKET_COUNT) {
      widen();
    }
  }

  private static Long sum(long one, long other) {
    return one + other;
  }

  private void widen() {
    TreeMap<Long, Long> wider = new TreeMap<>();
    buckets.forEach((bucket, bytes) -> wider.merge(bucket >> 1, bytes, ExpiryHistogram::sum));
    buckets.clear();
    buckets.putAll(wider);
    widthBits++;
  }

  /** The bytes in buckets that are over by {@code instantMillis}. */
  synchronized long expiredBytes(long instantMillis) {
    if (instantMillis != Long.MAX_VALUE) {
      long current = (instantMillis + 1) >> widthBits;
      while (!buckets.isEmpty() && buckets.firstKey() < current) {
        expiredBytes += buckets.pollFirstEntry().getValue();
      }
      expiredBefore = Math.max(expiredBefore, current << widthBits);
    }
    return expiredBytes;
  }

  synchronized int bucketCount() {
    return buckets.size();
  }
}
