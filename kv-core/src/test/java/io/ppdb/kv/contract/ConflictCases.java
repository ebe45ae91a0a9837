package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Transaction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may commit beside whom. */
interface ConflictCases extends StoreFixture {
  /** A way to claim a key. */
  enum Claim {
    PUT(false),
    DELETE(false),
    LOCK(false),
    RANGE_DELETE(false),
    MERGE(true),
    GUARD(true);

    final boolean shared;

    Claim(boolean shared) {
      this.shared = shared;
    }

    void claim(Transaction transaction, String key) {
      switch (this) {
        case PUT -> transaction.put(bytes(key), MergeOperators.encodeLong(1));
        case DELETE -> transaction.delete(bytes(key));
        case LOCK -> transaction.lockForUpdate(bytes(key));
        case RANGE_DELETE -> transaction.deleteRange(KeyRange.prefix(bytes(key)));
        case MERGE ->
            transaction.merge(MergeOperators.LONG_ADD, bytes(key), MergeOperators.encodeLong(1));
        case GUARD -> transaction.guard(bytes(key));
      }
    }
  }

  /** For every pair of claims on a key: the second committer fails unless both are shared. */
  @TestFactory
  default Stream<DynamicTest> secondCommitterFailsUnlessBothClaimsAreShared() {
    return Stream.of(Claim.values())
        .flatMap(
            first ->
                Stream.of(Claim.values())
                    .map(
                        second ->
                            DynamicTest.dynamicTest(
                                first + " before " + second,
                                () -> checkPair(first, second, "c/" + first + "/" + second))));
  }

  private void checkPair(Claim first, Claim second, String key) {
    Texts.add(store(), key, 1);
    try (Transaction winner = store().begin();
        Transaction loser = store().begin()) {
      second.claim(loser, key);
      first.claim(winner, key);
      winner.commit();
      if (first.shared && second.shared) {
        loser.commit();
      } else {
        assertFails(ErrorCode.CONFLICT, loser::commit);
      }
    }
  }

  @TestFactory
  default Stream<DynamicTest> claimsOfCommitsBeforeTheSnapshotDoNotConflict() {
    return Stream.of(Claim.values())
        .flatMap(
            first ->
                Stream.of(Claim.values())
                    .map(
                        second ->
                            DynamicTest.dynamicTest(
                                first + " then " + second,
                                () -> {
                                  String key = "c/then/" + first + "/" + second;
                                  for (Claim claim : new Claim[] {first, second}) {
                                    try (Transaction transaction = store().begin()) {
                                      claim.claim(transaction, key);
                                      transaction.commit();
                                    }
                                  }
                                })));
  }

  /** A requirement sees writes, merges, deletes and locks, but not guards; it is seen by nobody. */
  @TestFactory
  default Stream<DynamicTest> requiredKeyMustNotHaveBeenChangedOrLocked() {
    return Stream.of(Claim.values())
        .map(
            other ->
                DynamicTest.dynamicTest(
                    other + " before a transaction that requires the key unchanged",
                    () -> {
                      String key = "c/required/" + other;
                      Texts.add(store(), key, 1);
                      try (Transaction first = store().begin();
                          Transaction second = store().begin()) {
                        second.requireUnchanged(bytes(key));
                        second.put(bytes("w/" + key), bytes("1"));
                        other.claim(first, key);
                        first.commit();
                        if (other == Claim.GUARD) {
                          commitUnlessInexact(second);
                        } else {
                          assertFails(ErrorCode.CONFLICT, second::commit);
                        }
                      }
                    }));
  }

  @TestFactory
  default Stream<DynamicTest> requirementConflictsWithNobodyAfterIt() {
    return Stream.of(Claim.values())
        .map(
            other ->
                DynamicTest.dynamicTest(
                    "a transaction that requires the key unchanged before " + other,
                    () -> {
                      String key = "c/requiring/" + other;
                      try (Transaction first = store().begin();
                          Transaction second = store().begin()) {
                        other.claim(second, key);
                        first.requireUnchanged(bytes(key));
                        first.put(bytes("w/" + key), bytes("1"));
                        first.commit();
                        commitUnlessInexact(second);
                      }
                    }));
  }

  @Test
  default void firstCommitterWins() {
    put(store(), "a", "0");
    try (Transaction one = store().begin();
        Transaction two = store().begin()) {
      one.put(bytes("a"), bytes("1"));
      two.put(bytes("a"), bytes("2"));
      two.commit();
      assertFails(ErrorCode.CONFLICT, one::commit);
    }
    assertThat(get(store(), "a")).isEqualTo("2");
  }

  @Test
  default void loserLeavesNothingBehind() {
    try (Transaction one = store().begin();
        Transaction two = store().begin()) {
      one.put(bytes("a"), bytes("1"));
      one.put(bytes("b"), bytes("1"));
      two.put(bytes("b"), bytes("2"));
      two.commit();
      assertFails(ErrorCode.CONFLICT, one::commit);
      assertThat(one.isOpen()).isFalse();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("b=2");
  }

  @Test
  default void loserSucceedsWhenItTriesAgain() {
    put(store(), "a", "0");
    int[] attempts = {0};
    String seen =
        store()
            .transact(
                transaction -> {
                  String value = get(transaction, "a");
                  if (attempts[0]++ == 0) {
                    put(store(), "a", "other");
                  }
                  transaction.put(bytes("a"), bytes(value + "+"));
                  return value;
                });
    assertThat(seen).isEqualTo("other");
    assertThat(attempts[0]).isEqualTo(2);
    assertThat(get(store(), "a")).isEqualTo("other+");
  }

  @Test
  default void differentKeysDoNotConflict() {
    try (Transaction one = store().begin();
        Transaction two = store().begin()) {
      one.put(bytes("a"), bytes("1"));
      two.put(bytes("b"), bytes("2"));
      two.commit();
      one.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1 b=2");
  }

  @Test
  default void readingAKeyClaimsNothing() {
    put(store(), "a", "0");
    try (Transaction one = store().begin();
        Transaction two = store().begin()) {
      get(one, "a");
      one.put(bytes("b"), bytes("1"));
      two.put(bytes("a"), bytes("2"));
      two.commit();
      one.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=2 b=1");
  }

  @Test
  default void manyTransactionsMayGuardOneKeyAtATime() {
    try (Transaction deleter = store().begin()) {
      deleter.delete(bytes("c/parent"));
      Transaction[] children = new Transaction[8];
      for (int i = 0; i < children.length; i++) {
        children[i] = store().begin();
        children[i].guard(bytes("c/parent"));
        children[i].put(bytes("child" + i), bytes("1"));
      }
      for (Transaction child : children) {
        child.commit();
      }
      assertFails(ErrorCode.CONFLICT, deleter::commit);
    }
  }

  @Test
  default void insertIntoADeletedRangeConflicts() {
    put(store(), "r1", "1", "r3", "3");
    try (Transaction deleter = store().begin();
        Transaction inserter = store().begin()) {
      deleter.deleteRange(range("r0", "r9"));
      inserter.put(bytes("r2"), bytes("2"));
      inserter.commit();
      assertFails(ErrorCode.CONFLICT, deleter::commit);
    }
    try (Transaction deleter = store().begin();
        Transaction inserter = store().begin()) {
      inserter.put(bytes("r4"), bytes("4"));
      deleter.deleteRange(range("r0", "r9"));
      deleter.commit();
      assertFails(ErrorCode.CONFLICT, inserter::commit);
    }
    assertThat(scan(store(), KeyRange.all())).isEmpty();
  }

  @Test
  default void overlappingRangeDeletesConflictAndSeparateOnesDoNot() {
    try (Transaction one = store().begin();
        Transaction two = store().begin();
        Transaction three = store().begin()) {
      one.deleteRange(range("a", "d"));
      two.deleteRange(range("c", "f"));
      three.deleteRange(range("d", "f"));
      one.commit();
      commitUnlessInexact(three);
      assertFails(ErrorCode.CONFLICT, two::commit);
    }
  }

  @Test
  default void keyAtTheEndOfADeletedRangeDoesNotConflict() {
    try (Transaction one = store().begin();
        Transaction two = store().begin();
        Transaction three = store().begin()) {
      one.deleteRange(range("a", "d"));
      two.put(bytes("d"), bytes("1"));
      three.put(bytes("a"), bytes("1"));
      one.commit();
      commitUnlessInexact(two);
      assertFails(ErrorCode.CONFLICT, three::commit);
    }
  }

  @Test
  default void guardAndWriteOfOneKeyClaimItExclusively() {
    for (boolean guardFirst : new boolean[] {true, false}) {
      String key = "a" + guardFirst;
      try (Transaction one = store().begin();
          Transaction two = store().begin()) {
        if (guardFirst) {
          one.guard(bytes(key));
          one.put(bytes(key), bytes("1"));
        } else {
          one.put(bytes(key), bytes("1"));
          one.guard(bytes(key));
        }
        two.guard(bytes(key));
        two.commit();
        assertFails(ErrorCode.CONFLICT, one::commit);
      }
    }
  }

  @Test
  default void validationReachesBackOverManyCommits() {
    try (Transaction old = store().begin()) {
      old.put(bytes("a"), bytes("old"));
      try (Transaction harmless = store().begin()) {
        harmless.put(bytes("untouched"), bytes("1"));
        put(store(), "a", "new");
        for (int i = 0; i < 500; i++) {
          put(store(), "k" + i, "" + i);
        }
        harmless.commit();
      }
      assertFails(ErrorCode.CONFLICT, old::commit);
    }
  }

  @Test
  default void requirementAloneNeverFailsAReadOnlyTransaction() {
    try (Transaction transaction = store().begin()) {
      transaction.requireUnchanged(bytes("a"));
      put(store(), "a", "1");
      transaction.commit();
    }
  }
}
