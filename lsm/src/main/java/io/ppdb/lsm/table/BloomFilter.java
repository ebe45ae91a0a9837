package io.ppdb.lsm.table;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.Arrays;

/**
 * A blocked Bloom filter over key hashes: all probes of a key fall into one 512-bit line, so that a
 * question costs one cache miss (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom
 * Filters). Ten bits a key give about one wrong "maybe" in a hundred. Immutable.
 *
 * <pre>
 * filter = line count u32 · line (8 × u64) …
 * line   = ((hash >>> 32) × line count) >>> 32
 * probes = for i in 0..5: bit (x >>> 55) of the line, then x = rotate left (x, 9);  x = hash × φ
 * </pre>
 */
public final class BloomFilter {
  private static final int LINE_LONGS = 8;
  private static final int LINE_BITS = LINE_LONGS * Long.SIZE;
  private static final int PROBE_COUNT = 6;
  private static final int BIT_SHIFT = Long.SIZE - 9;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private final long[] words;
  private final int lineCount;

  private BloomFilter(long[] words) {
    this.words = words;
    this.lineCount = words.length / LINE_LONGS;
  }

  /** Collects hashes while a table is written; the same hash twice in a row counts once. */
  static final class Builder {
    private long[] hashes = new long[1024];
    private int count;

    void add(long hash) {
      if (count > 0 && hashes[count - 1] == hash) {
        return;
      }
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
      }
      hashes[count++] = hash;
    }

    BloomFilter build(int bitsPerKey) {
      long bits = (long) count * bitsPerKey;
      int lines = Math.toIntExact(Math.max(1, (bits + LINE_BITS - 1) / LINE_BITS));
      BloomFilter filter = new BloomFilter(new long[lines * LINE_LONGS]);
      for (int i = 0; i < count; i++) {
        filter.add(hashes[i]);
      }
      return filter;
    }
  }

  static BloomFilter read(ByteReader reader) {
    int lines = reader.readInt();
    if (lines < 1 || (long) lines * LINE_BITS / Byte.SIZE != reader.remaining()) {
      throw reader.corrupt(
          "filter of " + lines + " lines and " + reader.remaining() + " bytes, expected 64 a line");
    }
    long[] words = new long[lines * LINE_LONGS];
    for (int i = 0; i < words.length; i++) {
      words[i] = reader.readLong();
    }
    return new BloomFilter(words);
  }

  void write(ByteWriter writer) {
    writer.putInt(lineCount);
    for (long word : words) {
      writer.putLong(word);
    }
  }

  public long sizeInBytes() {
    return (long) words.length * Long.BYTES;
  }

  /** False if no key with this hash was added; true if one probably was. */
  public boolean mightContain(long hash) {
    int line = line(hash);
    long x = hash * GOLDEN_RATIO;
    for (int i = 0; i < PROBE_COUNT; i++) {
      int bit = (int) (x >>> BIT_SHIFT);
      if ((words[line + (bit >>> 6)] & (1L << bit)) == 0) {
        return false;
      }
      x = Long.rotateLeft(x, 9);
    }
    return true;
  }

  private void add(long hash) {
    int line = line(hash);
    long x = hash * GOLDEN_RATIO;
    for (int i = 0; i < PROBE_COUNT; i++) {
      int bit = (int) (x >>> BIT_SHIFT);
      words[line + (bit >>> 6)] |= 1L << bit;
      x = Long.rotateLeft(x, 9);
    }
  }

  private int line(long hash) {
    return (int) (((hash >>> 32) * lineCount) >>> 32) * LINE_LONGS;
  }
}
