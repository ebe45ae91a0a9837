package io.ppdb.hbase.omid;

import java.util.Arrays;

/**
 * Which slots the transactions of this gateway have.
 *
 * <p>Two transactions that overlap in time should not have the same slot, or one of them may be
 * refused needlessly; nothing worse. So a transaction gets a slot that has been free since before
 * its start, of these the one that was used last: a gateway goes on using the few slots that it
 * needs, and there are old ones left for long transactions. Each gateway begins somewhere else, and
 * leaves a slot in which it was refused, so gateways get out of each other's way without knowing of
 * each other. Thread-safe.
 */
final class Slots {
  private static final long TAKEN = Long.MAX_VALUE;

  /** When nothing has been committed in a slot: before all versions. */
  private static final long UNUSED = -1;

  /** Where the search begins, and so which of the unused slots are used first. */
  private int origin;

  /** When each slot was last given back: the version of that commit; or {@link #TAKEN}. */
  private final long[] freeSince;

  /**
   * All slots are unused.
   *
   * @param origin the first slot to be used
   */
  Slots(int count, int origin) {
    this.origin = origin;
    this.freeSince = new long[count];
    Arrays.fill(freeSince, UNUSED);
  }

  /**
   * A slot for the transaction that began at {@code startVersion}.
   *
   * @return one that has been free since, or any if there is none
   */
  synchronized int take(long startVersion) {
    int best = -1;
    for (int i = 0; i < freeSince.length; i++) {
      int slot = (origin + i) % freeSince.length;
      if (freeSince[slot] < startVersion && (best < 0 || freeSince[slot] > freeSince[best])) {
        best = slot;
      }
    }
    if (best < 0) {
      return Math.floorMod(startVersion, freeSince.length);
    }
    freeSince[best] = TAKEN;
    return best;
  }

  /** Gives back the slot of a transaction that has committed. */
  synchronized void giveBack(int slot, long version) {
    freeSince[slot] = version;
  }

  /** Gives back the slot of a transaction that has not: who knows who else uses it. */
  synchronized void leave(int slot) {
    freeSince[slot] = UNUSED;
    origin = (slot + 1) % freeSince.length;
  }
}
