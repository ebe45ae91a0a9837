package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.Claims;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.engine.PolicyMap.Assignment;
import java.util.HashSet;
import java.util.Set;
import org.apache.phoenix.thirdparty.com.google.common.hash.HashFunction;
import org.apache.phoenix.thirdparty.com.google.common.hash.Hashing;

/**
 * The claims of one transaction as numbers of which the oracle lets one of two concurrent
 * transactions have each.
 *
 * <p>In a range whose claims are exclusive, every claim of a key is the one number of the key. In
 * one whose claims are shared, a shared claim is one of {@value #KEY_SLOTS} numbers of the key,
 * that of the transaction's slot, and an exclusive claim is all of them: so an exclusive claim and
 * any other have a number in common, and two shared ones do not, if their transactions have
 * different slots. It is the same with ranges: who claims keys of one claims it shared, who deletes
 * it exclusively. See {@code docs/design/distributed.md}.
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

  /**
   * The most numbers that the keys of one commit may need; who needs more claims whole ranges. The
   * oracle takes requests of 10 MiB, some 10 bytes a number, and remembers some million numbers.
   */
  static final int MAX_NUMBERS_OF_KEYS = 400_000;

  // What is claimed; part of the hash, so that a key and a range do not meet.
  private static final byte KEY = 0;
  private static final byte SHARES_OF_KEY = 1;
  private static final byte SHARES_OF_RANGE = 2;
  private static final byte FOLDING = 3;
  private static final byte POLICIES = 4;
  private static final byte LOG = 5;

  private static final byte[] NO_KEY = {};

  private static final HashFunction HASH = Hashing.murmur3_128();

  /** The fraction of the golden ratio: neighbouring slots get numbers that are far apart. */
  private static final long SLOT_FACTOR = 0x9E37_79B9_7F4A_7C15L;

  private final byte[] store;
  private final int slot;
  private final Set<ClaimNumber> numbers = new HashSet<>();

  /** How many numbers keys may still get. */
  private int numbersLeft = MAX_NUMBERS_OF_KEYS;

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
   * Claims what a commit does.
   *
   * @param requiredKeys must not be changed or locked by others from the start to the commit
   */
  void add(Claims claims, byte[][] requiredKeys, PolicyMap policies) {
    byte[][] keys = claims.keys();
    int from = 0;
    while (from < keys.length) {
      Assignment assignment = policies.assignmentOf(keys[from]);
      int to = from + 1;
      while (to < keys.length && assignment.range().contains(keys[to])) {
        to++;
      }
      addKeys(assignment, claims, from, to);
      from = to;
    }
    for (KeyRange range : claims.ranges()) {
      addRange(range, policies);
    }
    for (byte[] key : requiredKeys) {
      Assignment assignment = policies.assignmentOf(key);
      addRequired(key, assignment.policy());
      addSharedRange(assignment.range().start());
    }
  }

  /** Claims the keys {@code from … to}, which are in one range of policies. */
  private void addKeys(Assignment assignment, Claims claims, int from, int to) {
    boolean isShared = assignment.policy().sharesClaims();
    int exclusiveCount = 0;
    for (int i = from; i < to; i++) {
      exclusiveCount += isExclusive(claims, i) ? 1 : 0;
    }
    long needed = to - from + (isShared ? (long) exclusiveCount * (KEY_SLOTS - 1) : 0);
    if (needed > numbersLeft) {
      addExclusiveRange(assignment.range().start());
      return;
    }
    numbersLeft -= (int) needed;
    for (int i = from; i < to; i++) {
      if (isExclusive(claims, i)) {
        addExclusive(claims.keys()[i], isShared);
      } else {
        addShared(claims.keys()[i], isShared);
      }
    }
    addSharedRange(assignment.range().start());
  }

  private static boolean isExclusive(Claims claims, int index) {
    byte mode = claims.modes()[index];
    return mode == Claims.LOCK || mode == Claims.WRITE;
  }

  private void addRequired(byte[] key, RangePolicy policy) {
    // A requirement and a merge exclude each other, as two shared claims would not.
    if (policy.use() == RangePolicy.Use.MERGEABLE) {
      addExclusive(key, true);
    } else {
      addShared(key, policy.sharesClaims());
    }
  }

  /**
   * Claims {@code key} exclusively.
   *
   * @param isShared whether the claims of its range are
   */
  void addExclusive(byte[] key, boolean isShared) {
    if (isShared) {
      addAll(base(SHARES_OF_KEY, key), KEY_SLOTS);
    } else {
      add(base(KEY, key), 0);
    }
  }

  /** Claims {@code key} shared, if claims of its range are. */
  void addShared(byte[] key, boolean isShared) {
    if (isShared) {
      add(base(SHARES_OF_KEY, key), slot % KEY_SLOTS);
    } else {
      add(base(KEY, key), 0);
    }
  }

  /** Claims to fold the operands of {@code key}: shared, but not with others who fold them. */
  void addFolding(byte[] key) {
    addShared(key, true);
    add(base(FOLDING, key), 0);
  }

  /** Claims every range of policies that {@code range} touches exclusively. */
  void addRange(KeyRange range, PolicyMap policies) {
    for (Assignment assignment : policies.assignments()) {
      if (assignment.range().overlaps(range)) {
        addExclusiveRange(assignment.range().start());
      }
    }
  }

  /** Claims a whole range of policies exclusively. */
  void addExclusiveRange(byte[] rangeStart) {
    addAll(base(SHARES_OF_RANGE, rangeStart), RANGE_SLOTS);
  }

  /** Claims to write into a range of policies. */
  void addSharedRange(byte[] rangeStart) {
    add(base(SHARES_OF_RANGE, rangeStart), slot);
  }

  /** Claims to change policies. */
  void addPolicies() {
    add(base(POLICIES, NO_KEY), 0);
  }

  /** Claims to cut the change log. */
  void addLog() {
    add(base(LOG, NO_KEY), 0);
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
