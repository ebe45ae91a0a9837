package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deletes of whole ranges: which versions deleted a range that a key lies in. Never empty,
 * immutable.
 *
 * <p>The keys are cut into <em>fragments</em> where a tombstone begins or ends, so that all keys of
 * a fragment were deleted by the same ones; a fragment reaches to the start of the next. Here
 * {@code [b, f)} was deleted at 7 and {@code [d, f)} at 9:
 *
 * <pre>
 * starts    b     d      f
 * versions  [7]   [9 7]  []
 * </pre>
 *
 * Starts rise, versions fall, neighbours differ, the first fragment has a version. The last one has
 * none unless it is without end. A lookup is one binary search. Adding a tombstone makes a new
 * object and copies the arrays of references, which is cheaper than what it spares every reader.
 */
public final class RangeTombstones {
  /** Takes fragments that were deleted, in key order. */
  public interface Visitor<E extends Exception> {
    /**
     * Takes a fragment.
     *
     * @param versions falling; must not be changed
     */
    void fragment(KeyRange range, long[] versions) throws E;
  }

  private static final byte[] FIRST_KEY = {};
  private static final long[] NOT_DELETED = {};

  private static final int REFERENCE_BYTES = 4;
  private static final int ARRAY_OVERHEAD_BYTES = 16;

  /** This object, its two arrays, and what holds it. */
  private static final int OVERHEAD_BYTES = 72;

  private final byte[][] starts;
  private final long[][] versions;
  private final long sizeInBytes;

  private RangeTombstones(byte[][] starts, long[][] versions) {
    this.starts = starts;
    this.versions = versions;
    long bytes = OVERHEAD_BYTES;
    for (int i = 0; i < starts.length; i++) {
      bytes += fragmentBytes(starts[i].length, versions[i].length);
    }
    this.sizeInBytes = bytes;
  }

  private static long fragmentBytes(int keyLength, int versionCount) {
    return 2L * (REFERENCE_BYTES + ARRAY_OVERHEAD_BYTES)
        + keyLength
        + (long) Long.BYTES * versionCount;
  }

  /** One tombstone; the range must not be empty. */
  public static RangeTombstones of(KeyRange range, long version) {
    return of(range, new long[] {version});
  }

  private static RangeTombstones of(KeyRange range, long[] versions) {
    assert !range.isEmpty() : range;
    byte[] end = range.end();
    return end == null
        ? new RangeTombstones(new byte[][] {range.start()}, new long[][] {versions})
        : new RangeTombstones(
            new byte[][] {range.start(), end}, new long[][] {versions, NOT_DELETED});
  }

  /** About what one more tombstone takes. */
  public static long sizeOf(KeyRange range) {
    byte[] end = range.end();
    return fragmentBytes(range.start().length, 1) + fragmentBytes(end == null ? 0 : end.length, 1);
  }

  /** The tombstones of both; null if there are none. */
  public static @Nullable RangeTombstones join(
      @Nullable RangeTombstones one, @Nullable RangeTombstones other) {
    return one == null ? other : other == null ? one : one.plus(other);
  }

  /** The tombstones of all; null if there are none. */
  public static @Nullable RangeTombstones join(List<RangeTombstones> all) {
    // By halves, so that many are not copied once for each of them.
    return switch (all.size()) {
      case 0 -> null;
      case 1 -> all.get(0);
      default -> {
        int middle = all.size() / 2;
        yield join(join(all.subList(0, middle)), join(all.subList(middle, all.size())));
      }
    };
  }

  /** These tombstones and those of {@code other}, of which there are rather few. */
  public RangeTombstones plus(RangeTombstones other) {
    Builder builder = new Builder(starts.length + other.starts.length + 1);
    byte[] from = FIRST_KEY;
    for (int theirs = -1; theirs < other.starts.length; theirs++) {
      byte[] to = theirs + 1 < other.starts.length ? other.starts[theirs + 1] : null;
      if (to == null || to.length > 0) {
        int first = indexOf(from);
        int behind = to == null ? starts.length : indexBefore(to) + 1;
        long[] added = other.versions(theirs);
        builder.add(from, union(versions(first), added));
        if (added.length == 0) {
          builder.addAll(this, first + 1, behind);
        } else {
          for (int i = first + 1; i < behind; i++) {
            builder.add(starts[i], union(versions[i], added));
          }
        }
      }
      if (to != null) {
        from = to;
      }
    }
    return Objects.requireNonNull(builder.build());
  }

  private static long[] union(long[] one, long[] other) {
    if (one.length == 0 || other.length == 0) {
      return one.length == 0 ? other : one;
    }
    long[] both = new long[one.length + other.length];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < one.length || j < other.length) {
      long next = j == other.length || (i < one.length && one[i] >= other[j]) ? one[i] : other[j];
      i += i < one.length && one[i] == next ? 1 : 0;
      j += j < other.length && other[j] == next ? 1 : 0;
      both[count++] = next;
    }
    return count == both.length ? both : Arrays.copyOf(both, count);
  }

  /** What of these tombstones lies in {@code range}; null if nothing does. */
  public @Nullable RangeTombstones within(KeyRange range) {
    if (range.isEmpty()) {
      return null;
    }
    Builder builder = new Builder(starts.length + 2);
    int first = indexOf(range.start());
    byte[] end = range.end();
    int behind = end == null ? starts.length : indexBefore(end) + 1;
    builder.add(range.start(), versions(first));
    builder.addAll(this, first + 1, behind);
    if (end != null) {
      builder.add(end, NOT_DELETED);
    }
    return builder.build();
  }

  /** What of these tombstones lies outside of {@code range}; null if nothing does. */
  public @Nullable RangeTombstones outside(KeyRange range) {
    byte[] end = range.end();
    return join(
        within(KeyRange.of(FIRST_KEY, range.start())),
        end == null ? null : within(KeyRange.of(end, null)));
  }

  /**
   * What of these tombstones a rewriting has to keep that drops what they hide: those above the
   * horizon, and the newest of the others where something older may be elsewhere.
   *
   * @param isLowest whether no entry of a range can be older than those rewritten
   * @return null if none
   */
  public @Nullable RangeTombstones retained(Horizons horizons, Predicate<KeyRange> isLowest) {
    Builder builder = new Builder(starts.length);
    for (int i = 0; i < starts.length; i++) {
      builder.add(starts[i], retained(i, horizons, isLowest));
    }
    return builder.build();
  }

  private long[] retained(int index, Horizons horizons, Predicate<KeyRange> isLowest) {
    long[] all = versions[index];
    if (all.length == 0) {
      return all;
    }
    KeyRange range = range(index);
    long horizon = horizons.lowest(range).version();
    int kept = 0;
    while (kept < all.length && all[kept] > horizon) {
      kept++;
    }
    if (kept < all.length && !isLowest.test(range)) {
      kept++;
    }
    return kept == all.length ? all : Arrays.copyOf(all, kept);
  }

  /** The newest version up to {@code version} that deleted {@code key}; 0 if there is none. */
  public long newest(byte[] key, long version) {
    return newest(versions(indexOf(key)), version);
  }

  /** The first of {@code versions}, which fall, that is not above {@code version}; 0 if none is. */
  static long newest(long[] versions, long version) {
    for (long candidate : versions) {
      if (candidate <= version) {
        return candidate;
      }
    }
    return 0;
  }

  /** Whether every key of {@code range} was deleted above {@code version}. */
  public boolean covers(KeyRange range, long version) {
    byte[] end = range.end();
    int index = indexOf(range.start());
    while (index >= 0
        && index < starts.length
        && newest(versions[index], Long.MAX_VALUE) > version) {
      index++;
      if (index < starts.length && end != null && Arrays.compareUnsigned(starts[index], end) >= 0) {
        return true;
      }
    }
    return index == starts.length;
  }

  /**
   * Of each fragment the newest version that is not above the horizon anywhere in it: what hides
   * entries from every view.
   *
   * @return null if there is none
   */
  public @Nullable RangeTombstones settled(Horizons horizons) {
    Builder builder = new Builder(starts.length);
    for (int i = 0; i < starts.length; i++) {
      long version = 0;
      if (versions[i].length > 0) {
        version = newest(versions[i], horizons.lowest(range(i)).version());
      }
      builder.add(starts[i], version > 0 ? new long[] {version} : NOT_DELETED);
    }
    return builder.build();
  }

  /** Shows all fragments that were deleted. */
  public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    for (int i = 0; i < starts.length; i++) {
      if (versions[i].length > 0) {
        visitor.fragment(range(i), versions[i]);
      }
    }
  }

  /** Tombstones that are given by their fragments, in key order. */
  public static final class Builder {
    private byte[][] starts;
    private long[][] versions;
    private int count;

    public Builder() {
      this(8);
    }

    private Builder(int expectedCount) {
      starts = new byte[expectedCount][];
      versions = new long[expectedCount][];
    }

    /** Adds a range behind all before it, which is not empty. */
    public void add(KeyRange range, long[] newVersions) {
      add(range.start(), newVersions);
      byte[] end = range.end();
      if (end != null) {
        add(end, NOT_DELETED);
      }
    }

    /** Lets a fragment begin; one that begins where the last one did takes its place. */
    private void add(byte[] start, long[] newVersions) {
      if (count > 0 && Arrays.equals(starts[count - 1], start)) {
        count--;
      }
      long[] before = count == 0 ? NOT_DELETED : versions[count - 1];
      if (Arrays.equals(before, newVersions)) {
        return;
      }
      reserve(1);
      starts[count] = start;
      versions[count++] = newVersions;
    }

    /** Adds fragments of which the first one is known to differ from what is here. */
    private void addAll(RangeTombstones from, int first, int behind) {
      if (first < behind) {
        int length = behind - first;
        reserve(length);
        System.arraycopy(from.starts, first, starts, count, length);
        System.arraycopy(from.versions, first, versions, count, length);
        count += length;
      }
    }

    private void reserve(int more) {
      if (count + more > starts.length) {
        int length = Math.max(count + more, 2 * count);
        starts = Arrays.copyOf(starts, length);
        versions = Arrays.copyOf(versions, length);
      }
    }

    /** The tombstones; null if there are none. */
    public @Nullable RangeTombstones build() {
      return count == 0
          ? null
          : new RangeTombstones(Arrays.copyOf(starts, count), Arrays.copyOf(versions, count));
    }
  }

  /** From the first key deleted to the end of the last. */
  public KeyRange bounds() {
    int last = starts.length - 1;
    return KeyRange.of(starts[0], versions[last].length == 0 ? starts[last] : null);
  }

  /** The greatest version of all. */
  public long maxVersion() {
    long greatest = 0;
    for (long[] some : versions) {
      greatest = some.length > 0 ? Math.max(greatest, some[0]) : greatest;
    }
    return greatest;
  }

  /** The smallest version of all. */
  public long minVersion() {
    long least = Long.MAX_VALUE;
    for (long[] some : versions) {
      least = some.length > 0 ? Math.min(least, some[some.length - 1]) : least;
    }
    return least;
  }

  /** How many fragments were deleted. */
  public int fragmentCount() {
    int count = 0;
    for (long[] some : versions) {
      count += some.length > 0 ? 1 : 0;
    }
    return count;
  }

  /** What these tombstones take on the heap. */
  public long sizeInBytes() {
    return sizeInBytes;
  }

  // Fragments by index, for those who remember where they are. The keys before the first have -1.

  /** The versions that deleted the fragment. */
  long[] versions(int index) {
    return index < 0 ? NOT_DELETED : versions[index];
  }

  byte[] start(int index) {
    return index < 0 ? FIRST_KEY : starts[index];
  }

  /** Where the fragment ends, null if nowhere. */
  byte @Nullable [] end(int index) {
    return index + 1 < starts.length ? starts[index + 1] : null;
  }

  private KeyRange range(int index) {
    return KeyRange.of(starts[index], end(index));
  }

  int indexOf(Slice key) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key.compareTo(starts[middle]) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  private int indexOf(byte[] key) {
    int at = Arrays.binarySearch(starts, key, Arrays::compareUnsigned);
    return at >= 0 ? at : -at - 2;
  }

  /** The last fragment that begins before {@code key}. */
  private int indexBefore(byte[] key) {
    int at = Arrays.binarySearch(starts, key, Arrays::compareUnsigned);
    return at >= 0 ? at - 1 : -at - 2;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach(
        (range, some) ->
            text.append(text.isEmpty() ? "" : " ").append(range).append(Arrays.toString(some)));
    return text.toString();
  }
}
