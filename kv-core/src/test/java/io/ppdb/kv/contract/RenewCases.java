package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Transactions that take a newer snapshot. An engine that keeps the first one says so, and nothing
 * has happened then.
 */
interface RenewCases extends StoreFixture {
  /** Whether transactions of this engine can take a newer snapshot. */
  default boolean renews() {
    return true;
  }

  /** Renews, and fails unless the engine did what it can. */
  private void renew(Transaction transaction) {
    assertThat(transaction.renew()).isEqualTo(renews());
  }

  private String either(String renewed, String kept) {
    return renews() ? renewed : kept;
  }

  @Test
  default void readsAfterItSeeWhatWasCommittedMeanwhile() {
    put(store(), "a", "1", "b", "1");
    try (Transaction transaction = store().begin()) {
      assertThat(get(transaction, "a")).isEqualTo("1");
      long before = transaction.version();
      put(store(), "a", "2");
      Texts.delete(store(), "b");
      assertThat(get(transaction, "a")).isEqualTo("1");
      int rewound = transaction.rewindCount();
      renew(transaction);
      assertThat(get(transaction, "a")).isEqualTo(either("2", "1"));
      assertThat(scan(transaction, range("a", "c"))).isEqualTo(either("a=2", "a=1 b=1"));
      assertThat(transaction.version() > before).isEqualTo(renews());
      assertThat(transaction.rewindCount() > rewound).isEqualTo(renews());
      transaction.commit();
    }
  }

  @Test
  default void ownWritesStayOnTop() {
    put(store(), "a", "1", "b", "1", "d", "1");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("own"));
      transaction.delete(bytes("b"));
      put(store(), "c", "2", "d", "2");
      renew(transaction);
      String expected = either("a=own c=2 d=2", "a=own d=1");
      assertThat(scan(transaction, range("a", "e"))).isEqualTo(expected);
      commitUnlessInexact(transaction);
    }
  }

  @Test
  default void nothingIsNewIfNothingWasCommitted() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("2"));
      long before = transaction.version();
      renew(transaction);
      assertThat(transaction.version()).isEqualTo(before);
      commitUnlessInexact(transaction);
    }
  }

  @Test
  default void beforeTheFirstReadThereIsNothingToRenew() {
    try (Transaction transaction = store().begin()) {
      transaction.renew();
      put(store(), "a", "1");
      assertThat(get(transaction, "a")).isEqualTo("1");
    }
  }

  @Test
  default void whatWasClaimedBeforeConflictsWithWhoClaimedItMeanwhile() {
    List<Consumer<Transaction>> claims =
        List.of(
            transaction -> transaction.put(bytes("a"), bytes("own")),
            transaction -> transaction.delete(bytes("a")),
            transaction -> transaction.lockForUpdate(bytes("a")),
            transaction -> transaction.guard(bytes("a")),
            transaction -> transaction.deleteRange(range("Z", "b")),
            transaction -> {
              transaction.requireUnchanged(bytes("a"));
              transaction.put(bytes("z"), bytes("own"));
            });
    for (Consumer<Transaction> claim : claims) {
      put(store(), "a", "1");
      try (Transaction transaction = store().begin()) {
        claim.accept(transaction);
        put(store(), "a", "2");
        if (renews()) {
          assertFails(ErrorCode.CONFLICT, transaction::renew);
          assertFails(ErrorCode.CONFLICT, () -> get(transaction, "q"));
        }
        assertFails(ErrorCode.CONFLICT, transaction::commit);
      }
    }
  }

  @Test
  default void rangesThatOthersDeletedConflictToo() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("b"), bytes("own"));
      store()
          .transact(
              other -> {
                other.deleteRange(KeyRange.of(bytes("a"), bytes("c")));
                return true;
              });
      if (renews()) {
        assertFails(ErrorCode.CONFLICT, transaction::renew);
      }
      assertFails(ErrorCode.CONFLICT, transaction::commit);
    }
  }

  @Test
  default void sharedClaimsDoNotConflict() {
    Texts.add(store(), "c/1", 1);
    put(store(), "g", "1");
    try (Transaction transaction = store().begin()) {
      transaction.guard(bytes("g"));
      transaction.merge(MergeOperators.LONG_ADD, bytes("c/1"), MergeOperators.encodeLong(10));
      store()
          .transact(
              other -> {
                other.guard(bytes("g"));
                return true;
              });
      Texts.add(store(), "c/1", 100);
      renew(transaction);
      assertThat(Texts.counter(transaction, "c/1")).isEqualTo(renews() ? 111L : 11L);
      commitUnlessInexact(transaction);
    }
  }

  /** What was changed before the new snapshot may be written after it: it was seen. */
  @Test
  default void whatIsClaimedAfterItConflictsWithLaterCommitsOnly() {
    put(store(), "a", "1", "b", "1");
    try (Transaction transaction = store().begin()) {
      assertThat(get(transaction, "a")).isEqualTo("1");
      put(store(), "a", "2");
      renew(transaction);
      transaction.put(bytes("a"), bytes("own"));
      assertThat(Texts.commits(transaction)).isEqualTo(renews());
    }
    try (Transaction transaction = store().begin()) {
      assertThat(get(transaction, "b")).isEqualTo("1");
      put(store(), "a", "3");
      renew(transaction);
      put(store(), "b", "2");
      transaction.put(bytes("b"), bytes("own"));
      assertFails(ErrorCode.CONFLICT, transaction::commit);
    }
  }

  @Test
  default void savepointsReachBackOverIt() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("b"), bytes("1"));
      Savepoint savepoint = transaction.savepoint();
      transaction.put(bytes("b"), bytes("2"));
      put(store(), "a", "2");
      renew(transaction);
      transaction.put(bytes("c"), bytes("3"));
      transaction.rollbackTo(savepoint);
      assertThat(scan(transaction, range("a", "d"))).isEqualTo(either("a=2 b=1", "a=1 b=1"));
      commitUnlessInexact(transaction);
    }
  }

  @Test
  default void anOpenCursorKeepsTheSnapshot() {
    put(store(), "a", "1", "b", "1");
    try (Transaction transaction = store().begin()) {
      try (Cursor cursor = transaction.scan(range("a", "c"), ScanOptions.ASCENDING)) {
        assertThat(cursor.next()).isTrue();
        put(store(), "b", "2");
        assertThat(transaction.renew()).isFalse();
        assertThat(Texts.rest(cursor)).isEqualTo("b=1");
      }
      renew(transaction);
      assertThat(get(transaction, "b")).isEqualTo(either("2", "1"));
    }
  }

  @Test
  default void aSerializableTransactionKeepsIt() {
    if (!store().properties().serializable()) {
      TransactionOptions options = TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE);
      assertFails(ErrorCode.NOT_SUPPORTED, () -> store().begin(options));
      return;
    }
    put(store(), "a", "1");
    try (Transaction transaction =
        store().begin(TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE))) {
      assertThat(get(transaction, "a")).isEqualTo("1");
      put(store(), "a", "2");
      assertThat(transaction.renew()).isFalse();
      assertThat(get(transaction, "a")).isEqualTo("1");
    }
  }

  @Test
  default void anEndedTransactionIsNotRenewed() {
    Transaction transaction = store().begin();
    transaction.commit();
    assertFails(ErrorCode.INVALID_STATE, transaction::renew);
    assertFails(ErrorCode.INVALID_STATE, () -> transaction.isOutdated(bytes("a")));
  }

  /** Who says so must be right, and who begins anew sees why; nobody has to know. */
  @Test
  default void whoIsOutdatedWouldConflict() {
    put(store(), "a", "1", "b", "1");
    try (Transaction transaction = store().begin()) {
      assertThat(transaction.isOutdated(bytes("a"))).isFalse();
      get(transaction, "a");
      put(store(), "a", "2");
      assertThat(transaction.isOutdated(bytes("a"))).isEqualTo(renews());
      assertThat(transaction.isOutdated(bytes("b"))).isFalse();
      transaction.put(bytes("b"), bytes("own"));
      renew(transaction);
      assertThat(transaction.isOutdated(bytes("a"))).isFalse();
      try (Transaction other = store().begin()) {
        other.lockForUpdate(bytes("a"));
        other.commit();
      }
      assertThat(transaction.isOutdated(bytes("a"))).isEqualTo(renews());
      transaction.put(bytes("a"), bytes("own"));
      assertFails(ErrorCode.CONFLICT, transaction::commit);
    }
  }
}
