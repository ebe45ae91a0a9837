package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a SERIALIZABLE transaction has read, exactly, and who may change it. */
interface SerializableCases extends StoreFixture {
  TransactionOptions SERIALIZABLE =
      TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE);

  /** Engines without it are tried by the error cases: they answer NOT_SUPPORTED. */
  private Transaction beginSerializable() {
    assumeTrue(store().properties().serializable());
    return store().begin(SERIALIZABLE);
  }

  /** So that the cases cannot go unseen on an engine of our own. */
  @Test
  default void onlyEnginesWithInexactClaimsMayBeWithoutIt() {
    assertThat(store().properties().serializable() || !isExact()).isTrue();
  }

  /**
   * Reads, lets another commit happen, writes something of its own, and says whether the commit was
   * refused. Keys that came in this way are taken out again, so that a case may ask many times.
   */
  private boolean isRefused(Consumer<Transaction> read, Consumer<Transaction> other) {
    try (Snapshot before = store().snapshot()) {
      boolean refused = tryBeside(read, other);
      try (Transaction undo = store().begin();
          Cursor cursor = undo.scan(KeyRange.all())) {
        while (cursor.next()) {
          byte[] key = cursor.key().toByteArray();
          if (before.get(key) == null) {
            undo.delete(key);
          }
        }
        undo.commit();
      }
      return refused;
    }
  }

  private boolean tryBeside(Consumer<Transaction> read, Consumer<Transaction> other) {
    try (Transaction reader = beginSerializable()) {
      read.accept(reader);
      try (Transaction writer = store().begin()) {
        other.accept(writer);
        writer.commit();
      }
      reader.put(bytes("own"), bytes("1"));
      if (Texts.commits(reader)) {
        return false;
      }
      assertThat(reader.isOpen()).isFalse();
      return true;
    }
  }

  private static Consumer<Transaction> putting(String key) {
    return transaction -> transaction.put(bytes(key), bytes("other"));
  }

  private static Consumer<Transaction> next(KeyRange range, ScanOptions options, int moves) {
    return transaction -> {
      try (Cursor cursor = transaction.scan(range, options)) {
        for (int i = 0; i < moves; i++) {
          cursor.next();
        }
      }
    };
  }

  // Keys

  @Test
  default void writeSkewIsRefused() {
    put(store(), "x", "on", "y", "on");
    try (Transaction one = beginSerializable();
        Transaction two = beginSerializable()) {
      assertThat(get(one, "x") + get(one, "y")).isEqualTo("onon");
      assertThat(get(two, "x") + get(two, "y")).isEqualTo("onon");
      one.put(bytes("x"), bytes("off"));
      two.put(bytes("y"), bytes("off"));
      one.commit();
      assertFails(ErrorCode.CONFLICT, two::commit);
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("x=off y=on");
  }

  @Test
  default void everyChangeOfAReadKeyCountsButLocksAndGuardsDoNot() {
    for (ConflictCases.Claim claim : ConflictCases.Claim.values()) {
      String key = "c/" + claim;
      Texts.add(store(), key, 1);
      boolean refused =
          isRefused(
              transaction -> Texts.counter(transaction, key),
              transaction -> claim.claim(transaction, key));
      boolean changes = claim != ConflictCases.Claim.LOCK && claim != ConflictCases.Claim.GUARD;
      assertThat(refused).as(claim.toString()).isEqualTo(changes);
    }
  }

  @Test
  default void keyThatWasNotThereHasBeenReadToo() {
    assertThat(isRefused(t -> get(t, "a"), putting("a"))).isTrue();
    assertThat(isRefused(t -> get(t, "b"), putting("b\0"))).isFalse();
  }

  @Test
  default void getAllReadsEveryKeyItNames() {
    put(store(), "a", "1", "c", "3");
    List<byte[]> keys = List.of(bytes("a"), bytes("b"), bytes("c"));
    for (String key : List.of("a", "b", "c")) {
      assertThat(isRefused(t -> t.getAll(keys), putting(key))).as(key).isTrue();
    }
    assertThat(isRefused(t -> t.getAll(keys), putting("d"))).isFalse();
  }

  @Test
  default void refusedPutIfAbsentIsARead() {
    put(store(), "a", "1");
    assertThat(isRefused(t -> t.putIfAbsent(bytes("a"), bytes("2")), putting("a"))).isTrue();
  }

  @Test
  default void batchThatChangesAReadKeyCounts() {
    try (Transaction reader = beginSerializable()) {
      get(reader, "a");
      reader.put(bytes("b"), bytes("1"));
      store().write(new WriteBatch().put(bytes("a"), bytes("2")), Durability.ASYNC);
      assertFails(ErrorCode.CONFLICT, reader::commit);
    }
  }

  @Test
  default void ownWritesAreNotReadsOfTheStore() {
    put(store(), "a", "1");
    Consumer<Transaction> readOwn =
        transaction -> {
          Savepoint before = transaction.savepoint();
          transaction.merge(MergeOperators.LONG_ADD, bytes("c/own"), MergeOperators.encodeLong(1));
          transaction.put(bytes("c/own"), MergeOperators.encodeLong(2));
          assertThat(Texts.counter(transaction, "c/own")).isEqualTo(2);
          transaction.rollbackTo(before);
        };
    assertThat(isRefused(readOwn, t -> t.guard(bytes("unrelated")))).isFalse();
  }

  @Test
  default void valueUnderAnOwnMergeHasBeenRead() {
    Texts.add(store(), "c/n", 1);
    Consumer<Transaction> add =
        t -> t.merge(MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(1));
    assertThat(isRefused(add, add)).as("a blind merge").isFalse();
    assertThat(isRefused(add.andThen(t -> Texts.counter(t, "c/n")), add)).isTrue();
  }

  @Test
  default void changesBeforeTheSnapshotDoNotCount() {
    put(store(), "a", "1");
    try (Transaction reader = beginSerializable()) {
      put(store(), "a", "2");
      assertThat(get(reader, "a")).isEqualTo("2");
      reader.put(bytes("b"), bytes("1"));
      reader.commit();
    }
  }

  @Test
  default void readOnlyTransactionNeverFails() {
    put(store(), "a", "1");
    try (Transaction reader = beginSerializable()) {
      assertThat(scan(reader, KeyRange.all())).isEqualTo("a=1");
      put(store(), "a", "2", "b", "1");
      assertThat(scan(reader, KeyRange.all())).isEqualTo("a=1");
      assertThat(reader.commit()).isPositive();
    }
  }

  @Test
  default void transactionThatOnlyLocksOrGuardsIsValidated() {
    for (boolean lock : new boolean[] {true, false}) {
      try (Transaction reader = beginSerializable()) {
        get(reader, "a" + lock);
        put(store(), "a" + lock, "2");
        if (lock) {
          reader.lockForUpdate(bytes("l"));
        } else {
          reader.guard(bytes("g"));
        }
        assertFails(ErrorCode.CONFLICT, reader::commit);
      }
    }
  }

  @Test
  default void snapshotTransactionsAreNotValidatedByWhatTheyRead() {
    put(store(), "a", "1");
    try (Transaction reader = store().begin()) {
      scan(reader, KeyRange.all());
      put(store(), "a", "2");
      reader.put(bytes("b"), bytes("1"));
      reader.commit();
    }
  }

  @Test
  default void rollbackToASavepointKeepsWhatWasRead() {
    put(store(), "k1", "1", "k2", "2", "k3", "3");
    Consumer<Transaction> readAndRollBack =
        transaction -> {
          Savepoint savepoint = transaction.savepoint();
          get(transaction, "k1");
          Cursor open = transaction.scan(range("k2", "k3"));
          open.next();
          transaction.rollbackTo(savepoint);
        };
    assertThat(isRefused(readAndRollBack, putting("k1"))).isTrue();
    assertThat(isRefused(readAndRollBack, putting("k2"))).isTrue();
    assertThat(isRefused(readAndRollBack, putting("k3"))).isFalse();
  }

  // Ranges

  /** Every way to change a scanned range, at a key that was there and at one that was not. */
  @TestFactory
  default Stream<DynamicTest> phantomIsRefused() {
    assumeTrue(store().properties().serializable());
    return Stream.of(ConflictCases.Claim.values())
        .filter(claim -> claim != ConflictCases.Claim.LOCK && claim != ConflictCases.Claim.GUARD)
        .flatMap(
            claim ->
                Stream.of("2", "3")
                    .map(
                        at ->
                            DynamicTest.dynamicTest(
                                claim + " at " + at,
                                () -> {
                                  String prefix = "c/phantom/" + claim + at + "/";
                                  Texts.add(store(), prefix + "1", 1);
                                  Texts.add(store(), prefix + "3", 3);
                                  KeyRange all = KeyRange.prefix(bytes(prefix));
                                  assertThat(
                                          isRefused(
                                              t -> scan(t, all), t -> claim.claim(t, prefix + at)))
                                      .isTrue();
                                })));
  }

  @Test
  default void boundsOfAScanAreExact() {
    put(store(), "b", "1", "c", "1", "d", "1");
    for (ScanOptions options : List.of(ScanOptions.ASCENDING, ScanOptions.DESCENDING)) {
      Consumer<Transaction> scan = t -> scan(t, range("b", "d"), options);
      assertThat(isRefused(scan, putting("a"))).isFalse();
      assertThat(isRefused(scan, putting("azzz"))).isFalse();
      assertThat(isRefused(scan, putting("b"))).isTrue();
      assertThat(isRefused(scan, putting("czzz"))).isTrue();
      assertThat(isRefused(scan, putting("d"))).isFalse();
      assertThat(isRefused(scan, t -> t.deleteRange(range("a", "b")))).isFalse();
      assertThat(isRefused(scan, t -> t.deleteRange(range("d", "e")))).isFalse();
      assertThat(isRefused(scan, t -> t.deleteRange(range("czzzz", "e")))).isTrue();
    }
  }

  @Test
  default void scanOfAnEmptyRangeReadsIt() {
    assertThat(isRefused(t -> scan(t, range("m", "n")), putting("m"))).isTrue();
    assertThat(isRefused(t -> scan(t, range("p", "q")), putting("q"))).isFalse();
    assertThat(isRefused(t -> scan(t, range("z", "z")), putting("z"))).isFalse();
  }

  @Test
  default void cursorHasReadOnlyAsFarAsItWent() {
    put(store(), "k1", "1", "k3", "3", "k5", "5");
    KeyRange all = KeyRange.prefix(bytes("k"));
    Consumer<Transaction> opened = next(all, ScanOptions.ASCENDING, 0);
    Consumer<Transaction> up = next(all, ScanOptions.ASCENDING, 2);
    Consumer<Transaction> down = next(all, ScanOptions.DESCENDING, 2);
    assertThat(isRefused(opened, putting("k3"))).isFalse();
    for (Consumer<Transaction> twoUp :
        List.of(up, next(all, ScanOptions.ASCENDING.withMaxEntries(2), 9))) {
      assertThat(isRefused(twoUp, putting("k0"))).isTrue();
      assertThat(isRefused(twoUp, putting("k3"))).isTrue();
      assertThat(isRefused(twoUp, putting("k3x"))).isFalse();
      assertThat(isRefused(twoUp, putting("k5"))).isFalse();
    }
    assertThat(isRefused(down, putting("k9"))).isTrue();
    assertThat(isRefused(down, putting("k3"))).isTrue();
    assertThat(isRefused(down, putting("k2"))).isFalse();
    assertThat(isRefused(down, putting("k1"))).isFalse();
  }

  @Test
  default void keysOnlyScanReadsAsMuch() {
    put(store(), "k1", "1", "k3", "3");
    ScanOptions keysOnly = ScanOptions.ASCENDING.withKeysOnly(true);
    Consumer<Transaction> one = next(KeyRange.prefix(bytes("k")), keysOnly, 1);
    assertThat(isRefused(one, putting("k1"))).isTrue();
    assertThat(isRefused(one, putting("k3"))).isFalse();
  }

  @Test
  default void seekReadsFromItsTargetToWhatItFinds() {
    put(store(), "k1", "1", "k3", "3", "k5", "5", "k7", "7");
    for (boolean descending : new boolean[] {false, true}) {
      Consumer<Transaction> seek =
          transaction -> {
            try (Cursor cursor =
                transaction.scan(
                    KeyRange.prefix(bytes("k")),
                    ScanOptions.ASCENDING.withDescending(descending))) {
              assertThat(cursor.seek(bytes("k4"))).isTrue();
            }
          };
      String found = descending ? "k3" : "k5";
      assertThat(isRefused(seek, putting(found))).isTrue();
      assertThat(isRefused(seek, putting("k4"))).isTrue();
      assertThat(isRefused(seek, putting(descending ? "k5" : "k3"))).isFalse();
      assertThat(isRefused(seek, putting("k1"))).isFalse();
      assertThat(isRefused(seek, putting("k7"))).isFalse();
    }
  }

  @Test
  default void turningACursorReadsBothWays() {
    put(store(), "k1", "1", "k3", "3", "k5", "5", "k7", "7");
    Consumer<Transaction> turn =
        transaction -> {
          try (Cursor cursor = transaction.scan(KeyRange.prefix(bytes("k")))) {
            cursor.seek(bytes("k5"));
            cursor.previous();
            cursor.next();
          }
        };
    assertThat(isRefused(turn, putting("k4"))).isTrue();
    assertThat(isRefused(turn, putting("k3"))).isTrue();
    assertThat(isRefused(turn, putting("k5"))).isTrue();
    assertThat(isRefused(turn, putting("k2"))).isFalse();
    assertThat(isRefused(turn, putting("k6"))).isFalse();
  }

  @Test
  default void cursorThatIsStillOpenAtTheCommitCounts() {
    put(store(), "k1", "1", "k3", "3");
    Cursor[] open = new Cursor[1];
    Consumer<Transaction> read =
        transaction -> {
          open[0] = transaction.scan(KeyRange.prefix(bytes("k")));
          open[0].next();
        };
    assertThat(isRefused(read, putting("k1"))).isTrue();
    open[0].close();
    assertThat(isRefused(read, putting("k3"))).isFalse();
    open[0].close();
  }

  @Test
  default void scanOverOwnWritesReadsAsFarAsItWent() {
    put(store(), "k5", "5");
    Consumer<Transaction> read =
        transaction -> {
          transaction.put(bytes("k2"), bytes("own"));
          next(KeyRange.prefix(bytes("k")), ScanOptions.ASCENDING, 1).accept(transaction);
        };
    assertThat(isRefused(read, putting("k1"))).isTrue();
    assertThat(isRefused(read, putting("k3"))).isFalse();
    assertThat(isRefused(read, putting("k5"))).isFalse();
  }

  @Test
  default void rangeDeleteClaimsButReadsNothingMore() {
    put(store(), "r1", "1");
    Consumer<Transaction> delete = t -> t.deleteRange(range("r0", "r9"));
    assertThat(isRefused(delete, putting("r5"))).as("the claim").isTrue();
    assertThat(isRefused(delete, putting("r9"))).isFalse();
  }

  @Test
  default void moreReadsThanAreRememberedOneByOneAreStillValidated() {
    assumeTrue(store().properties().serializable());
    WriteBatch batch = new WriteBatch();
    int count = 25_000;
    String key = "n" + "-".repeat(200) + "%06d";
    for (int i = 0; i < count; i++) {
      batch.put(bytes(String.format(key, 2 * i)), bytes("1"));
    }
    store().write(batch, Durability.ASYNC);
    Consumer<Transaction> read =
        transaction -> {
          for (int i = 0; i < count; i++) {
            transaction.get(bytes(String.format(key, 2 * (i * 7919L % count))));
          }
        };
    assertThat(isRefused(read, putting("m"))).isFalse();
    assertThat(isRefused(read, putting(String.format(key, count)))).isTrue();
  }

  // Time

  @Test
  default void entryThatExpiresBeforeTheCommitRefusesIt() {
    long expiry = clock().millis() + 100;
    try (Transaction writer = store().begin()) {
      writer.put(bytes("e/a"), bytes("1"), expiry);
      writer.put(bytes("e/b"), bytes("1"), expiry + 1000);
      writer.commit();
    }
    List<Consumer<Transaction>> reads =
        List.of(
            t -> get(t, "e/a"),
            t -> scan(t, KeyRange.prefix(bytes("e/a"))),
            t -> scan(t, KeyRange.all(), ScanOptions.DESCENDING.withKeysOnly(true)),
            t -> t.putIfAbsent(bytes("e/a"), bytes("2")));
    for (Consumer<Transaction> read : reads) {
      clock().set(expiry - 1);
      assertThat(isRefused(read, t -> {})).isFalse();
    }
    try (Transaction reader = beginSerializable();
        Transaction other = beginSerializable();
        Transaction readOnly = beginSerializable()) {
      for (Consumer<Transaction> read : reads) {
        read.accept(reader);
        read.accept(readOnly);
      }
      get(other, "e/b");
      clock().set(expiry);
      reader.put(bytes("x"), bytes("1"));
      other.put(bytes("y"), bytes("1"));
      assertFails(ErrorCode.CONFLICT, reader::commit);
      other.commit();
      readOnly.commit();
    }
  }

  @Test
  default void entryThatHadExpiredBeforeItWasReadDoesNotMatter() {
    try (Transaction writer = store().begin()) {
      writer.put(bytes("e/a"), bytes("1"), clock().millis() + 100);
      writer.commit();
    }
    clock().advance(100);
    Consumer<Transaction> read = t -> assertThat(get(t, "e/a")).isNull();
    assertThat(isRefused(read.andThen(t -> scan(t, KeyRange.all())), t -> {})).isFalse();
  }

  @Test
  default void ownEntryMayExpireBeforeTheCommit() {
    try (Transaction transaction = beginSerializable()) {
      transaction.put(bytes("e/a"), bytes("1"), transaction.instantMillis() + 10);
      assertThat(get(transaction, "e/a")).isEqualTo("1");
      assertThat(scan(transaction, KeyRange.prefix(bytes("e/")))).isEqualTo("e/a=1");
      clock().advance(10);
      transaction.commit();
    }
    assertThat(get(store(), "e/a")).isNull();
  }
}
