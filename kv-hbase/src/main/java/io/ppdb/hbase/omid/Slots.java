package io.ppdb.hbase.omid;

/**
 * Which slots the transactions of this gateway have.
 *
 * <p>Two transactions that overlap in time should not have the same slot, or one of them may be
 * refused needlessly; nothing worse. So a transaction gets a slot that is free, and was given back
 * by a commit before its own start. Thread-safe.
 */
final class Slots {
  private static final long TAKEN = Long.MAX_VALUE;

  private final int first;

  /** When each slot was last given back: the version of that commit; or {@link #TAKEN}. */
  private final long[] freeSince;

  /** Where the search for a free slot begins, so that those wait longest that were just used. */
  private int next;

  /** The {@code count} slots from {@code first} on. */
  Slots(int first, int count) {
    this.first = first;
    this.freeSince = new long[count];
  }

  /**
   * A slot for the transaction that began at {@code startVersion}.
   *
   * @return one that has been free since, or any if there is none
   */
  synchronized int take(long startVersion) {
    for (int i = 0; i < freeSince.length; i++) {
      int at = (next + i) % freeSince.length;
      if (freeSince[at] < startVersion) {
        freeSince[at] = TAKEN;
        next = at + 1;
        return first + at;
      }
    }
    next++;
    return first + Math.floorMod(next, freeSince.length);
  }

  /**
   * Gives back the slot of a transaction that has ended.
   *
   * @param version of its commit; if it is not known or there is none, anything not less
   */
  synchronized void giveBack(int slot, long version) {
    freeSince[slot - first] = version;
  }
}
