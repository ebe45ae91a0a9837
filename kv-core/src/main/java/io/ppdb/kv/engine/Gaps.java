package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stretches of keys in which nothing is visible, though entries are stored there: deleted ones that
 * history still needs. A cursor that has passed over many of them leaves a gap, and later ones jump
 * over it; so the head of a queue is found without a walk over all that was ever taken from it.
 *
 * <p>A gap holds for every view of its version or a later one, because whoever puts a key into it
 * cuts it off there before the put is published, and deletes leave it what it is. A cursor
 * announces a gap before it asks the window whether somebody has put a key there since its view:
 * either the window has the commit by then, or the commit finds the gap. Only then others see it.
 *
 * <p>Thread-safe; asking takes no lock.
 *
 * <pre>
 * field     | read mode | write mode | guard
 * ----------+-----------+------------+------------------
 * gaps      | volatile  | volatile   | monitor (writes)
 * Gap.open  | volatile  | volatile   | monitor (writes)
 * </pre>
 */
final class Gaps {
  /** How many invisible keys in a row a cursor passes before it asks for a gap. */
  static final int STEPS_BEFORE_LOOK = 16;

  /** A gap is worth leaving behind after this many keys that no gap spared the cursor. */
  static final int WORTHWHILE_STEPS = 32;

  private static final int MAX_COUNT = 1024;

  /** Commits since a view that are looked through before a gap is left. */
  private static final int MAX_NODES = 1024;

  private static final Gap[] NONE = {};

  private final CommitWindow window;

  /** Ascending, apart from each other. */
  private volatile Gap[] gaps = NONE;

  private int nextVictim;

  Gaps(CommitWindow window) {
    this.window = window;
  }

  /** From version {@code since} on nothing is visible in {@code range}. */
  static final class Gap {
    final KeyRange range;
    private final long since;

    /** Whether it may be jumped over: nobody has put a key there since. */
    private volatile boolean open;

    Gap(KeyRange range, long since, boolean open) {
      this.range = range;
      this.since = since;
      this.open = open;
    }
  }

  /** The gap around {@code key}, which is not visible at {@code version}; null if none is known. */
  @Nullable Gap around(Slice key, long version) {
    Gap[] known = gaps;
    if (known.length == 0) {
      return null;
    }
    byte[] bytes = key.toByteArray();
    int at = lastNotAfter(known, bytes);
    if (at < 0) {
      return null;
    }
    Gap gap = known[at];
    return gap.open && gap.since <= version && gap.range.isBeforeEnd(bytes) ? gap : null;
  }

  /** A cursor of a view at {@code version} saw nothing in {@code range}, and passed over it all. */
  void found(KeyRange range, long version) {
    if (range.isEmpty()) {
      return;
    }
    Gap gap = new Gap(range, version, false);
    add(gap);
    boolean isChanged = window.mayHaveChangedIn(range, version, MAX_NODES);
    synchronized (this) {
      if (isChanged) {
        replace(gap, null);
      } else {
        gap.open = true; // in vain if it was cut off meanwhile, for then it is not in the list
      }
    }
  }

  /** Before {@code commit} is published, and after the window has its claims. */
  void beforePublished(Commit commit) {
    if (gaps.length == 0) {
      return;
    }
    if (commit.load() != null) {
      clear();
      return;
    }
    for (Entry entry : commit.entries()) {
      if (entry.kind() != EntryKind.DELETE) {
        cutOff(entry.key());
      }
    }
  }

  private synchronized void clear() {
    gaps = NONE;
  }

  /** Lets a gap that {@code key} is in end before it. */
  private void cutOff(byte[] key) {
    Gap[] known = gaps;
    int at = lastNotAfter(known, key);
    if (at < 0 || !known[at].range.isBeforeEnd(key)) {
      return;
    }
    synchronized (this) {
      known = gaps;
      at = lastNotAfter(known, key);
      if (at >= 0 && known[at].range.isBeforeEnd(key)) {
        Gap gap = known[at];
        KeyRange left = KeyRange.between(gap.range.start(), key);
        // One that is not open yet is dropped: who announced it does not know what is left of it.
        replace(gap, gap.open && !left.isEmpty() ? new Gap(left, gap.since, true) : null);
      }
    }
  }

  /** The index of the last gap that begins at or before {@code key}, or -1. */
  private static int lastNotAfter(Gap[] known, byte[] key) {
    int low = 0;
    int high = known.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(known[middle].range.start(), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Adds a gap in the place of those that it overlaps. */
  private synchronized void add(Gap gap) {
    List<Gap> kept = new ArrayList<>(gaps.length + 1);
    boolean isAdded = false;
    for (Gap known : gaps) {
      if (known.range.overlaps(gap.range)) {
        continue;
      }
      if (!isAdded && Arrays.compareUnsigned(known.range.start(), gap.range.start()) > 0) {
        kept.add(gap);
        isAdded = true;
      }
      kept.add(known);
    }
    if (!isAdded) {
      kept.add(gap);
    }
    if (kept.size() > MAX_COUNT) {
      nextVictim = (nextVictim + 1) % MAX_COUNT;
      kept.remove(kept.get(nextVictim) == gap ? MAX_COUNT : nextVictim);
    }
    gaps = kept.toArray(NONE);
  }

  /** Puts {@code other}, if it is there, in the place of a gap, if that is; under the monitor. */
  private void replace(Gap gap, @Nullable Gap other) {
    List<Gap> kept = new ArrayList<>(Arrays.asList(gaps));
    int at = kept.indexOf(gap);
    if (at < 0) {
      return;
    }
    if (other == null) {
      kept.remove(at);
    } else {
      kept.set(at, other);
    }
    gaps = kept.toArray(NONE);
  }
}
