package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one commit claims, and what it requires of others. Immutable.
 *
 * <p>A claim on a key has two bits: whether it is exclusive, and whether it changes the key's
 * value. Two commits are in conflict if they claim a common key and at least one of them does so
 * exclusively; a claimed range is exclusive and covers every key in it. What is claimed in files is
 * written, and known by and large: rather too much is claimed than too little.
 *
 * @param keys the claimed keys, ascending
 * @param modes the mode of each key: {@link #GUARD}, {@link #MERGE}, {@link #LOCK}, {@link #WRITE}
 * @param ranges the claimed ranges: what range deletes cover
 * @param requiredKeys keys that must not have been changed or locked
 * @param files keys that are written and too many to be among {@code keys}; null if there are none
 */
public record Claims(
    byte[][] keys,
    byte[] modes,
    KeyRange[] ranges,
    byte[][] requiredKeys,
    @Nullable ClaimedFiles files) {
  static final byte CHANGES = 1;
  static final byte EXCLUSIVE = 2;

  public static final byte GUARD = 0;
  public static final byte MERGE = CHANGES;
  public static final byte LOCK = EXCLUSIVE;
  public static final byte WRITE = CHANGES | EXCLUSIVE;

  static final KeyRange[] NO_RANGES = {};
  static final byte[][] NO_KEYS = {};

  static final Claims NONE = new Claims(NO_KEYS, new byte[0], NO_RANGES, NO_KEYS);

  private static final int KEY_OVERHEAD_BYTES = 24;

  /** Claims that are all in memory. */
  Claims(byte[][] keys, byte[] modes, KeyRange[] ranges, byte[][] requiredKeys) {
    this(keys, modes, ranges, requiredKeys, null);
  }

  /** What it costs to remember these claims. */
  long sizeInBytes() {
    long bytes = 64 + (long) KEY_OVERHEAD_BYTES * (keys.length + 2L * ranges.length);
    for (byte[] key : keys) {
      bytes += key.length;
    }
    return files == null ? bytes : bytes + files.sizeInBytes();
  }

  /** A key or range that these claims and an earlier commit's cannot both have; null if none. */
  @Nullable Object conflictWith(Claims earlier) {
    if (keys.length > earlier.keys.length) {
      for (int i = 0; i < earlier.keys.length; i++) {
        int at = find(earlier.keys[i]);
        if (at >= 0 && ((modes[at] | earlier.modes[i]) & EXCLUSIVE) != 0) {
          return keys[at];
        }
      }
    } else {
      for (int i = 0; i < keys.length; i++) {
        int at = earlier.find(keys[i]);
        if (at >= 0 && ((modes[i] | earlier.modes[at]) & EXCLUSIVE) != 0) {
          return keys[i];
        }
      }
    }
    for (byte[] required : requiredKeys) {
      if (earlier.changesOrLocks(required)) {
        return required;
      }
    }
    for (KeyRange range : earlier.ranges) {
      int at = firstIn(range);
      if (at >= 0) {
        return keys[at];
      }
    }
    for (KeyRange range : ranges) {
      if (earlier.firstIn(range) >= 0) {
        return range;
      }
      for (KeyRange other : earlier.ranges) {
        if (range.overlaps(other)) {
          return range;
        }
      }
    }
    Object common = earlier.files == null ? null : inFiles(earlier.files);
    return common == null && files != null ? earlier.inFiles(files) : common;
  }

  /** A key or range of these claims that some files might have too; null if they have none. */
  private @Nullable Object inFiles(ClaimedFiles others) {
    for (byte[] key : keys) {
      if (others.mightHave(key)) {
        return key;
      }
    }
    for (KeyRange range : ranges) {
      if (others.mightHaveIn(range)) {
        return range;
      }
    }
    if (files != null) {
      for (KeyRange bounds : files.bounds()) {
        if (others.mightHaveIn(bounds)) {
          return bounds;
        }
      }
    }
    return null;
  }

  /** Whether a commit with these claims wrote, merged, deleted or locked {@code key}. */
  boolean changesOrLocks(byte[] key) {
    int at = find(key);
    if (at >= 0 && modes[at] != GUARD) {
      return true;
    }
    for (KeyRange range : ranges) {
      if (range.contains(key)) {
        return true;
      }
    }
    return files != null && files.mightHave(key);
  }

  /** Whether the claim on the key at {@code index} changes its value. */
  boolean changes(int index) {
    return (modes[index] & CHANGES) != 0;
  }

  /** The first key in {@code range} whose value these claims change; null if there is none. */
  byte @Nullable [] firstChangedIn(KeyRange range) {
    int at = firstIn(range);
    while (at >= 0 && at < keys.length && range.isBeforeEnd(keys[at])) {
      if (changes(at)) {
        return keys[at];
      }
      at++;
    }
    return null;
  }

  /** Whether these claims may change the value of a key in {@code range}, other than by its end. */
  boolean mayChangeIn(KeyRange range) {
    return firstChangedIn(range) != null || (files != null && files.mightHaveIn(range));
  }

  private int find(byte[] key) {
    return Arrays.binarySearch(keys, key, Arrays::compareUnsigned);
  }

  /** The index of the first claimed key in {@code range}, or -1. */
  private int firstIn(KeyRange range) {
    int at = find(range.start());
    int first = at >= 0 ? at : -at - 1;
    return first < keys.length && !range.isEmpty() && range.isBeforeEnd(keys[first]) ? first : -1;
  }
}
