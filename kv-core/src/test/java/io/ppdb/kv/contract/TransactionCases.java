package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.rest;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Own writes, begin and end. */
interface TransactionCases extends StoreFixture {
  @Test
  default void transactionReadsItsOwnWrites() {
    put(store(), "a", "1", "b", "2");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("9"));
      transaction.delete(bytes("b"));
      transaction.put(bytes("c"), bytes("3"));
      assertThat(get(transaction, "a")).isEqualTo("9");
      assertThat(get(transaction, "b")).isNull();
      assertThat(get(transaction, "c")).isEqualTo("3");
      assertThat(
              transaction.getAll(List.of(bytes("b"), bytes("c"), bytes("d"))).stream()
                  .map(Texts::text))
          .containsExactly(null, "3", null);
    }
  }

  @Test
  default void scanShowsOwnWritesOverCommittedOnes() {
    put(store(), "a", "1", "b", "2", "c", "3", "e", "5");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("b"), bytes("9"));
      transaction.delete(bytes("c"));
      transaction.put(bytes("d"), bytes("4"));
      transaction.put(bytes("f"), bytes("6"));
      transaction.delete(bytes("nothing"));
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("a=1 b=9 d=4 e=5 f=6");
      assertThat(scan(transaction, KeyRange.all(), ScanOptions.DESCENDING))
          .isEqualTo("f=6 e=5 d=4 b=9 a=1");
      assertThat(scan(transaction, range("b", "e"))).isEqualTo("b=9 d=4");
    }
  }

  @Test
  default void cursorOverOwnWritesTurnsAtEveryEntry() {
    put(store(), "a", "1", "c", "3", "e", "5");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("b"), bytes("2"));
      transaction.put(bytes("c"), bytes("9"));
      transaction.put(bytes("d"), bytes("4"));
      String[] expected = {"a=1", "b=2", "c=9", "d=4", "e=5"};
      for (int turn = 1; turn < expected.length; turn++) {
        try (Cursor cursor = transaction.scan(KeyRange.all())) {
          for (int i = 0; i <= turn; i++) {
            assertThat(cursor.next()).isTrue();
          }
          assertThat(cursor.previous()).isTrue();
          assertThat(Texts.entry(cursor)).isEqualTo(expected[turn - 1]);
          assertThat(cursor.next()).isTrue();
          assertThat(Texts.entry(cursor)).isEqualTo(expected[turn]);
        }
      }
    }
  }

  @Test
  default void cursorShowsExactlyTheOwnWritesMadeBeforeItWasOpened() {
    put(store(), "a", "1", "b", "2");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("b"), bytes("before"));
      transaction.put(bytes("c"), bytes("before"));
      try (Cursor cursor = transaction.scan(KeyRange.all())) {
        transaction.put(bytes("a"), bytes("after"));
        transaction.put(bytes("b"), bytes("after"));
        transaction.delete(bytes("c"));
        transaction.put(bytes("d"), bytes("after"));
        assertThat(rest(cursor)).isEqualTo("a=1 b=before c=before");
      }
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("a=after b=after d=after");
    }
  }

  @Test
  default void cursorOpenedBeforeTheFirstWriteShowsNoneOfThem() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin();
        Cursor cursor = transaction.scan(KeyRange.all())) {
      transaction.put(bytes("a"), bytes("2"));
      transaction.put(bytes("b"), bytes("2"));
      assertThat(rest(cursor)).isEqualTo("a=1");
    }
  }

  @Test
  default void keysFoundByACursorMayBeChangedWhileItGoesOn() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Transaction transaction = store().begin()) {
      try (Cursor cursor = transaction.scan(KeyRange.all())) {
        while (cursor.next()) {
          byte[] key = cursor.key().toByteArray();
          if (key[0] == 'b') {
            transaction.delete(key);
          } else {
            transaction.put(key, bytes("new"));
          }
          transaction.put(new byte[] {key[0], 'x'}, bytes("new"));
        }
      }
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all()))
        .isEqualTo("a=new ax=new bx=new c=new cx=new d=new dx=new");
  }

  @Test
  default void nothingIsVisibleToOthersBeforeTheCommit() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
      assertThat(get(store(), "a")).isNull();
      transaction.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("1");
  }

  @Test
  default void rolledBackWritesAreGone() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
      transaction.rollback();
      assertThat(transaction.isOpen()).isFalse();
    }
    assertThat(get(store(), "a")).isNull();
  }

  @Test
  default void closeRollsBack() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
    }
    assertThat(get(store(), "a")).isNull();
  }

  @Test
  default void viewIsTakenAtTheFirstOperation() {
    try (Transaction transaction = store().begin()) {
      put(store(), "a", "1");
      assertThat(get(transaction, "a")).isEqualTo("1");
      put(store(), "a", "2");
      assertThat(get(transaction, "a")).isEqualTo("1");
    }
  }

  @Test
  default void transactionBegunAfterACommitSeesIt() {
    for (int i = 0; i < 100; i++) {
      put(store(), "a", "" + i);
      try (Transaction transaction = store().begin()) {
        assertThat(get(transaction, "a")).isEqualTo("" + i);
      }
    }
  }

  @Test
  default void versionsRiseWithEveryCommit() {
    long last = 0;
    for (int i = 0; i < 20; i++) {
      try (Transaction transaction = store().begin()) {
        transaction.put(bytes("a"), bytes("" + i));
        long version = transaction.commit();
        assertThat(version).isGreaterThan(last);
        last = version;
      }
      try (Snapshot snapshot = store().snapshot()) {
        assertThat(snapshot.version()).isGreaterThanOrEqualTo(last);
      }
    }
  }

  @Test
  default void readOnlyTransactionCommitsAtTheVersionItRead() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      assertThat(get(transaction, "a")).isEqualTo("1");
      put(store(), "a", "2");
      assertThat(transaction.hasClaims()).isFalse();
      long version = transaction.version();
      assertThat(transaction.commit()).isEqualTo(version);
    }
  }

  @Test
  default void transactionWithoutAnyOperationCommits() {
    try (Transaction transaction = store().begin()) {
      transaction.commit();
      assertThat(transaction.isOpen()).isFalse();
    }
  }

  @Test
  default void commitIsAllOrNothingAcrossManyKeys() {
    try (Transaction transaction = store().begin()) {
      for (int i = 0; i < 1000; i++) {
        transaction.put(bytes("k" + i), bytes("" + i));
      }
      assertThat(scan(store(), KeyRange.all())).isEmpty();
      transaction.commit();
    }
    try (Snapshot snapshot = store().snapshot()) {
      for (int i = 0; i < 1000; i++) {
        assertThat(get(snapshot, "k" + i)).isEqualTo("" + i);
      }
    }
  }

  @Test
  default void putIfAbsentPutsOnlyIfAbsent() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      assertThat(transaction.putIfAbsent(bytes("a"), bytes("2"))).isFalse();
      assertThat(transaction.hasClaims()).as("a refused put claims nothing").isFalse();
      assertThat(transaction.putIfAbsent(bytes("b"), bytes("2"))).isTrue();
      assertThat(transaction.putIfAbsent(bytes("b"), bytes("3"))).isFalse();
      transaction.delete(bytes("a"));
      assertThat(transaction.putIfAbsent(bytes("a"), bytes("4"))).isTrue();
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=4 b=2");
  }

  @Test
  default void hasClaimsTellsWhetherAnythingWasWrittenLockedOrGuarded() {
    for (String what : List.of("put", "delete", "lock", "guard", "deleteRange")) {
      try (Transaction transaction = store().begin()) {
        assertThat(transaction.hasClaims()).isFalse();
        switch (what) {
          case "put" -> transaction.put(bytes("a"), bytes("1"));
          case "delete" -> transaction.delete(bytes("a"));
          case "lock" -> transaction.lockForUpdate(bytes("a"));
          case "guard" -> transaction.guard(bytes("a"));
          default -> transaction.deleteRange(range("x", "y"));
        }
        assertThat(transaction.hasClaims()).as(what).isTrue();
      }
    }
  }

  @Test
  default void everyDurabilityAndOriginCommits() {
    for (Durability durability : Durability.values()) {
      for (CommitOrigin origin : CommitOrigin.values()) {
        TransactionOptions options =
            TransactionOptions.DEFAULT.withDurability(durability).withOrigin(origin);
        String value = durability + " " + origin;
        try (Transaction transaction = store().begin(options)) {
          transaction.put(bytes("a"), bytes(value));
          transaction.commit();
        }
        assertThat(get(store(), "a")).isEqualTo(value);
      }
    }
  }

  @Test
  default void lockOrGuardAloneStoresNothing() {
    try (Transaction transaction = store().begin()) {
      transaction.lockForUpdate(bytes("a"));
      transaction.guard(bytes("b"));
      assertThat(scan(transaction, KeyRange.all())).isEmpty();
      long before = transaction.version();
      assertThat(transaction.commit()).isGreaterThan(before);
    }
    assertThat(scan(store(), KeyRange.all())).isEmpty();
  }
}
