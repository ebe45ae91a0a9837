package io.ppdb.hbase.omid;

import java.util.HashSet;
import java.util.Set;
import org.apache.phoenix.thirdparty.com.google.common.hash.HashFunction;
import org.apache.phoenix.thirdparty.com.google.common.hash.Hashing;

/**
 * The claims of one transaction as numbers of which the oracle lets one of two concurrent
 * transactions have each.
 *
 * <p>Two exclusive claims of a key have its number in common. A shared claim is one of {@value
 * #KEY_SLOTS} numbers of the key, that of the transaction's slot; an exclusive one of a key that
 * may be shared is all of them besides. So an exclusive and a shared claim have a number in common,
 * and two shared ones do not, if their transactions have different slots. It is the same with
 * ranges: who writes into one claims it shared, who deletes it exclusively. See {@code
 * docs/design/distributed.md}.
 *
 * <p>Different claims may have the same number, once in a very long time: then a commit is refused
 * that need not be.
 *
 * <p>Not thread-safe.
 */
final class ClaimNumbers {
  /** So many transactions may share a key at a time. */
  static final int KEY_SLOTS = 64;

  /** So many transactions may write into a range at a time. */
  static final int RANGE_SLOTS = 1024;

  // What is claimed; part of the hash, so that a key and a range do not meet.
  private static final byte KEY = 0;
  private static final byte SHARES_OF_KEY = 1;
  private static final byte SHARES_OF_RANGE = 2;
  private static final byte FOLDING = 3;

  private static final HashFunction HASH = Hashing.murmur3_128();

  /** The fraction of the golden ratio: neighbouring slots get numbers that are far apart. */
  private static final long SLOT_FACTOR = 0x9E37_79B9_7F4A_7C15L;

  private final byte[] store;
  private final int slot;
  private final Set<ClaimNumber> numbers = new HashSet<>();

  /**
   * No claims yet.
   *
   * @param store the name of the store: all stores of a cluster ask one oracle
   * @param slot of the transaction, less than {@link #RANGE_SLOTS}
   */
  ClaimNumbers(byte[] store, int slot) {
    this.store = store;
    this.slot = slot;
  }

  /**
   * Claims {@code key} exclusively.
   *
   * @param mayBeShared whether others may claim it shared
   */
  void addExclusive(byte[] key, boolean mayBeShared) {
    add(base(KEY, key), 0);
    if (mayBeShared) {
      addAll(base(SHARES_OF_KEY, key), KEY_SLOTS);
    }
  }

  /** Claims {@code key} shared. */
  void addShared(byte[] key) {
    add(base(SHARES_OF_KEY, key), slot % KEY_SLOTS);
  }

  /** Claims to fold the operands of {@code key}: shared, but not with others who fold them. */
  void addFolding(byte[] key) {
    addShared(key);
    add(base(FOLDING, key), 0);
  }

  /** Claims a whole range exclusively. */
  void addExclusiveRange(byte[] rangeStart) {
    addAll(base(SHARES_OF_RANGE, rangeStart), RANGE_SLOTS);
  }

  /** Claims to write into a range. */
  void addSharedRange(byte[] rangeStart) {
    add(base(SHARES_OF_RANGE, rangeStart), slot);
  }

  private void addAll(long base, int slots) {
    for (int i = 0; i < slots; i++) {
      add(base, i);
    }
  }

  private void add(long base, int number) {
    numbers.add(new ClaimNumber(base + number * SLOT_FACTOR));
  }

  private long base(byte kind, byte[] key) {
    return HASH.newHasher()
        .putByte(kind)
        .putInt(store.length)
        .putBytes(store)
        .putBytes(key)
        .hash()
        .asLong();
  }

  Set<ClaimNumber> numbers() {
    return numbers;
  }
}
