package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The horizon of every key at one moment: the key space cut into ranges. Immutable.
 *
 * <p>Horizons only advance, so what was computed earlier stays right: it only keeps more.
 */
public final class Horizons {
  /** Range i is from start i up to start i + 1, the last one up to the end; start 0 is empty. */
  private final byte[][] starts;

  private final Horizon[] horizons;

  private Horizons(byte[][] starts, Horizon[] horizons) {
    this.starts = starts;
    this.horizons = horizons;
  }

  /** One horizon for all keys. */
  public static Horizons everywhere(Horizon horizon) {
    return new Horizons(new byte[][] {{}}, new Horizon[] {horizon});
  }

  public Horizon of(byte[] key) {
    return horizons[indexOf(key)];
  }

  /** Looks up keys that mostly rise, at the price of one comparison a key. */
  public Walk walk() {
    return new Walk();
  }

  /** A place in the ranges. Not thread-safe. */
  public final class Walk {
    private int index;

    public Horizon of(Slice key) {
      if (starts.length > 1
          && (key.compareTo(starts[index]) < 0
              || (index + 1 < starts.length && key.compareTo(starts[index + 1]) >= 0))) {
        index = indexOf(key.toByteArray());
      }
      return horizons[index];
    }
  }

  /** The first horizon in {@code range}, which is not empty, that a view is below; null if none. */
  @Nullable Horizon refusing(KeyRange range, long version, long instantMillis) {
    for (int i = indexOf(range.start());
        i < starts.length && (i == 0 || range.isBeforeEnd(starts[i]));
        i++) {
      if (!horizons[i].admits(version, instantMillis)) {
        return horizons[i];
      }
    }
    return null;
  }

  /** The least version, and the least instant by which anything expires, in {@code range}. */
  public Horizon lowest(KeyRange range) {
    long version = Long.MAX_VALUE;
    long instantMillis = Long.MAX_VALUE;
    for (int i = indexOf(range.start());
        i < starts.length && (i == 0 || range.isBeforeEnd(starts[i]));
        i++) {
      version = Math.min(version, horizons[i].version());
      if (horizons[i].instantMillis() != Long.MIN_VALUE) {
        instantMillis = Math.min(instantMillis, horizons[i].instantMillis());
      }
    }
    return new Horizon(version, instantMillis == Long.MAX_VALUE ? Long.MIN_VALUE : instantMillis);
  }

  /** The least version of all. */
  public long lowestVersion() {
    long lowest = Long.MAX_VALUE;
    for (Horizon horizon : horizons) {
      lowest = Math.min(lowest, horizon.version());
    }
    return lowest;
  }

  /** The greatest instant of all: what expires later is nowhere taken for deleted. */
  public long highestInstantMillis() {
    long highest = Long.MIN_VALUE;
    for (Horizon horizon : horizons) {
      highest = Math.max(highest, horizon.instantMillis());
    }
    return highest;
  }

  /**
   * These horizons, where {@code bounds} is further advanced to it.
   *
   * @param bounds cut in ranges of its own
   */
  public Horizons advancedTo(Horizons bounds) {
    List<byte[]> newStarts = new ArrayList<>();
    List<Horizon> newHorizons = new ArrayList<>();
    int mine = 0;
    int theirs = 0;
    byte[] start = starts[0];
    while (start != null) {
      Horizon horizon = horizons[mine].advancedTo(bounds.horizons[theirs]);
      if (newHorizons.isEmpty() || !newHorizons.get(newHorizons.size() - 1).equals(horizon)) {
        newStarts.add(start);
        newHorizons.add(horizon);
      }
      byte[] myNext = mine + 1 < starts.length ? starts[mine + 1] : null;
      byte[] theirNext = theirs + 1 < bounds.starts.length ? bounds.starts[theirs + 1] : null;
      start = lesser(myNext, theirNext);
      mine += start != null && Arrays.equals(start, myNext) ? 1 : 0;
      theirs += start != null && Arrays.equals(start, theirNext) ? 1 : 0;
    }
    return new Horizons(newStarts.toArray(byte[][]::new), newHorizons.toArray(Horizon[]::new));
  }

  private static byte @Nullable [] lesser(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Arrays.compareUnsigned(one, other) <= 0 ? one : other;
  }

  /** These horizons, where {@code range} is advanced to {@code horizon}. */
  Horizons advanced(KeyRange range, Horizon horizon) {
    if (range.isEmpty()) {
      return this;
    }
    Horizon none = new Horizon(Long.MIN_VALUE, Long.MIN_VALUE);
    List<byte[]> boundStarts = new ArrayList<>();
    List<Horizon> bounds = new ArrayList<>();
    if (range.start().length > 0) {
      boundStarts.add(new byte[0]);
      bounds.add(none);
    }
    boundStarts.add(range.start().clone());
    bounds.add(horizon);
    byte[] end = range.end();
    if (end != null) {
      boundStarts.add(end.clone());
      bounds.add(none);
    }
    return advancedTo(of(boundStarts.toArray(byte[][]::new), bounds.toArray(Horizon[]::new)));
  }

  /** Takes the arrays over; the first start is empty, and starts rise. */
  public static Horizons of(byte[][] starts, Horizon[] horizons) {
    return new Horizons(starts, horizons);
  }

  @Override
  public String toString() {
    return horizons.length == 1
        ? "horizon " + horizons[0]
        : horizons.length + " horizons from version " + lowestVersion() + " on";
  }

  /** How many ranges there are. */
  public int rangeCount() {
    return starts.length;
  }

  /** Where range {@code index} starts; it reaches to the start of the next one. */
  public byte[] start(int index) {
    return starts[index].clone();
  }

  /** The horizon of range {@code index}. */
  public Horizon horizon(int index) {
    return horizons[index];
  }

  private int indexOf(byte[] key) {
    int at = Arrays.binarySearch(starts, key, Arrays::compareUnsigned);
    return at >= 0 ? at : -at - 2;
  }
}
