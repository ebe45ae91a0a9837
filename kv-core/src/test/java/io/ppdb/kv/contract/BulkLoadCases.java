package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.add;
import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.commits;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.rest;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Bulk loads. */
interface BulkLoadCases extends StoreFixture {
  /** Loads keys, each with its value. */
  static long load(KeyValueStore store, String... keysAndValues) {
    try (BulkLoad load = store.bulkLoad()) {
      for (int i = 0; i < keysAndValues.length; i += 2) {
        load.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
      }
      return load.commit(Durability.SYNC);
    }
  }

  @Test
  default void loadBecomesVisibleAtOneVersion() {
    put(store(), "a", "0", "b", "0", "d", "0");
    try (Snapshot before = store().snapshot();
        BulkLoad load = store().bulkLoad()) {
      load.put(bytes("a"), bytes("1")).delete(bytes("b")).put(bytes("c"), bytes("3"));
      assertThat(scan(store(), KeyRange.all())).isEqualTo("a=0 b=0 d=0");
      long version = load.commit(Durability.SYNC);
      assertThat(version).isGreaterThan(before.version());
      assertThat(scan(before, KeyRange.all())).isEqualTo("a=0 b=0 d=0");
      assertThat(get(before, "b")).isEqualTo("0");
      try (Snapshot after = store().snapshot()) {
        assertShows(after, version);
        assertThat(scan(after, KeyRange.all())).isEqualTo("a=1 c=3 d=0");
        assertThat(scan(after, KeyRange.all(), ScanOptions.DESCENDING)).isEqualTo("d=0 c=3 a=1");
        assertThat(get(after, "a")).isEqualTo("1");
        assertThat(get(after, "b")).isNull();
      }
    }
  }

  @Test
  default void laterCommitsComeAfterTheLoadAndEarlierOnesBefore() {
    put(store(), "a", "before", "b", "before");
    load(store(), "a", "load", "b", "load", "c", "load");
    put(store(), "b", "after");
    delete(store(), "c");
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=load b=after");
    load(store(), "b", "again", "c", "again");
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=load b=again c=again");
    assertThat(store().get(bytes("b"))).isEqualTo(bytes("again"));
  }

  @Test
  default void loadThatIsClosedLeavesNothing() {
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("a"), bytes("1"));
    }
    assertThat(scan(store(), KeyRange.all())).isEmpty();
  }

  @Test
  default void emptyLoadIsNoCommit() {
    put(store(), "a", "1");
    long version = load(store());
    try (Snapshot snapshot = store().snapshot()) {
      assertShows(snapshot, version);
    }
  }

  @Test
  default void keysOfALoadHaveToRise() {
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("b"), bytes("1"));
      assertFails(ErrorCode.INVALID_ARGUMENT, () -> load.put(bytes("b"), bytes("2")));
      assertFails(ErrorCode.INVALID_ARGUMENT, () -> load.delete(bytes("a")));
      load.put(bytes("c"), bytes("3"));
      load.commit(Durability.ASYNC);
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("b=1 c=3");
  }

  @Test
  default void loadThatEndedTakesNoMore() {
    BulkLoad closed = store().bulkLoad();
    closed.put(bytes("a"), bytes("1"));
    closed.close();
    closed.close();
    assertFails(ErrorCode.INVALID_STATE, () -> closed.put(bytes("b"), bytes("1")));
    assertFails(ErrorCode.INVALID_STATE, () -> closed.commit(Durability.SYNC));
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("c"), bytes("1")).commit(Durability.SYNC);
      assertFails(ErrorCode.INVALID_STATE, () -> load.delete(bytes("d")));
      assertFails(ErrorCode.INVALID_STATE, () -> load.requireUnchanged(bytes("d"), 1));
      assertFails(ErrorCode.INVALID_STATE, () -> load.commit(Durability.SYNC));
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("c=1");
  }

  @Test
  default void loadOfAClosedStoreAnswersClosed() {
    KeyValueStore other = another(StoreOptions.DEFAULT);
    try (BulkLoad load = other.bulkLoad()) {
      load.put(bytes("a"), bytes("1"));
      other.close();
      assertFails(ErrorCode.CLOSED, () -> load.put(bytes("b"), bytes("1")));
      assertFails(ErrorCode.CLOSED, () -> load.commit(Durability.SYNC));
      assertFails(ErrorCode.CLOSED, other::bulkLoad);
    }
  }

  @Test
  default void badInputOfALoadIsRefusedWithoutEffect() {
    try (BulkLoad load = store().bulkLoad()) {
      assertFails(ErrorCode.KEY_TOO_LARGE, () -> load.put(new byte[1 << 20], bytes("1")));
      assertFails(ErrorCode.VALUE_TOO_LARGE, () -> load.put(bytes("a"), new byte[9 << 20]));
      assertFails(ErrorCode.INVALID_ARGUMENT, () -> load.put(bytes("a"), bytes("1"), 99));
      load.put(bytes("a"), bytes("1")).commit(Durability.ASYNC);
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1");
  }

  @Test
  default void arraysOfALoadMayBeChangedAfterTheCall() {
    byte[] key = bytes("a");
    byte[] value = bytes("1");
    try (BulkLoad load = store().bulkLoad()) {
      load.put(key, value);
      key[0] = 'b';
      value[0] = '2';
      load.put(key, value);
      key[0] = 'x';
      value[0] = '9';
      load.commit(Durability.ASYNC);
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1 b=2");
  }

  @Test
  default void loadedValueExpires() {
    long expiry = clock().millis() + 100;
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("e/a"), bytes("1"), expiry).put(bytes("e/b"), bytes("2"));
      load.commit(Durability.ASYNC);
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("e/a=1 e/b=2");
    clock().advance(100);
    assertThat(scan(store(), KeyRange.all())).isEqualTo("e/b=2");
  }

  @Test
  default void loadedValueThatAsksForNoExpiryGetsThatOfItsPolicy() {
    RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ZERO);
    store()
        .setPolicy(
            KeyRange.prefix(bytes("e/d")),
            policy.withUse(RangePolicy.Use.EXPIRABLE).withDefaultExpiry(Duration.ofMillis(50)));
    load(store(), "e/c", "1", "e/d", "2");
    clock().advance(50);
    assertThat(scan(store(), KeyRange.all())).isEqualTo("e/c=1");
  }

  @Test
  default void mergesFoldOntoALoadedValue() {
    add(store(), "c/a", 100);
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("c/a"), MergeOperators.encodeLong(5)).commit(Durability.ASYNC);
    }
    add(store(), "c/a", 2);
    assertThat(counter(store(), "c/a")).isEqualTo(7);
  }

  @Test
  default void rangeDeletesCoverWhatWasLoadedBeforeThem() {
    put(store(), "a", "0", "b", "0", "c", "0");
    store()
        .transact(
            transaction -> {
              transaction.deleteRange(range("a", "c"));
              return true;
            });
    load(store(), "b", "1", "c", "1", "d", "1");
    assertThat(scan(store(), KeyRange.all())).isEqualTo("b=1 c=1 d=1");
    store()
        .transact(
            transaction -> {
              transaction.deleteRange(range("c", "z"));
              return true;
            });
    assertThat(scan(store(), KeyRange.all())).isEqualTo("b=1");
    assertThat(get(store(), "d")).isNull();
  }

  @Test
  default void cursorThatIsOpenDoesNotSeeTheLoad() {
    put(store(), "a", "0", "c", "0");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      load(store(), "a", "1", "b", "1", "c", "1");
      assertThat(rest(cursor)).isEqualTo("c=0");
    }
  }

  /** Whether a transaction that began before a load of b and d, and does this, can commit. */
  private boolean commitsBeside(Isolation isolation, Consumer<Transaction> work) {
    try (Transaction transaction =
        store().begin(TransactionOptions.DEFAULT.withIsolation(isolation))) {
      work.accept(transaction);
      load(store(), "b", "load", "c/n", "load", "d", "load");
      return commits(transaction);
    }
  }

  @Test
  default void whoBeganBeforeTheLoadConflictsOnItsKeys() {
    Isolation snapshot = Isolation.SNAPSHOT;
    assertThat(commitsBeside(snapshot, t -> t.put(bytes("b"), bytes("1")))).isFalse();
    assertThat(commitsBeside(snapshot, t -> t.delete(bytes("d")))).isFalse();
    assertThat(commitsBeside(snapshot, t -> t.guard(bytes("d")))).isFalse();
    assertThat(commitsBeside(snapshot, t -> t.lockForUpdate(bytes("d")))).isFalse();
    assertThat(commitsBeside(snapshot, t -> t.deleteRange(range("a", "c")))).isFalse();
    byte[] one = MergeOperators.encodeLong(1);
    assertThat(commitsBeside(snapshot, t -> t.merge(MergeOperators.LONG_ADD, bytes("c/n"), one)))
        .isFalse();
    assertThat(
            commitsBeside(
                snapshot,
                t -> {
                  t.requireUnchanged(bytes("d"));
                  t.put(bytes("z"), bytes("1"));
                }))
        .isFalse();
    if (isExact()) {
      assertThat(commitsBeside(snapshot, t -> t.put(bytes("c"), bytes("1")))).isTrue();
      assertThat(commitsBeside(snapshot, t -> t.deleteRange(range("e", "z")))).isTrue();
    }
    assertThat(scan(store(), range("a", "b0"))).isEqualTo("b=load");
  }

  @Test
  default void serializableReadsOfLoadedKeysConflict() {
    assumeTrue(store().properties().serializable());
    Isolation serializable = Isolation.SERIALIZABLE;
    assertThat(
            commitsBeside(
                serializable,
                t -> {
                  t.get(bytes("d"));
                  t.put(bytes("z"), bytes("1"));
                }))
        .isFalse();
    assertThat(
            commitsBeside(
                serializable,
                t -> {
                  scan(t, range("c0", "e"));
                  t.put(bytes("z"), bytes("1"));
                }))
        .isFalse();
    assertThat(
            commitsBeside(
                serializable,
                t -> {
                  t.get(bytes("c"));
                  scan(t, range("e", "y"));
                  t.put(bytes("z"), bytes("1"));
                }))
        .isTrue();
  }

  private void loadMany(String tail) {
    try (BulkLoad load = store().bulkLoad()) {
      for (int i = 0; i < 12_000; i++) {
        load.put(bytes(String.format("k%05d", i) + tail), bytes("load"));
      }
      load.commit(Durability.ASYNC);
    }
  }

  /** Of more keys than are remembered one by one. */
  @Test
  default void largeLoadClaimsItsKeys() {
    String tail = "x".repeat(100);
    try (Transaction inside = store().begin();
        Transaction covering = store().begin();
        Transaction outside = store().begin();
        Transaction guard = store().begin()) {
      inside.put(bytes("k06000" + tail), bytes("1"));
      covering.deleteRange(range("k06000", "k06001"));
      outside.put(bytes("m"), bytes("1"));
      outside.deleteRange(range("m1", "n"));
      guard.guard(bytes("k11999" + tail));
      loadMany(tail);
      assertThat(commits(inside)).isFalse();
      assertThat(commits(covering)).isFalse();
      assertThat(commits(guard)).isFalse();
      assertThat(commits(outside) || !isExact()).isTrue();
    }
    assertThat(get(store(), "k06000" + tail)).isEqualTo("load");
  }

  @Test
  default void serializableReadsOfALargeLoadsKeysConflict() {
    assumeTrue(store().properties().serializable());
    String tail = "x".repeat(100);
    TransactionOptions serializable =
        TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE);
    try (Transaction reader = store().begin(serializable);
        Transaction readsOutside = store().begin(serializable)) {
      reader.get(bytes("k00000" + tail));
      reader.put(bytes("p"), bytes("1"));
      readsOutside.get(bytes("j"));
      scan(readsOutside, range("l", "z"));
      readsOutside.put(bytes("q"), bytes("2"));
      loadMany(tail);
      assertThat(commits(readsOutside)).isTrue();
      assertThat(commits(reader)).isFalse();
    }
  }

  @Test
  default void loadIsValidatedAgainstItsRequirementsOnly() {
    put(store(), "schema", "1");
    long version;
    try (Snapshot snapshot = store().snapshot()) {
      version = snapshot.version();
    }
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("a"), bytes("load"));
      put(store(), "a", "meanwhile");
      load.requireUnchanged(bytes("schema"), version).commit(Durability.ASYNC);
    }
    assertThat(get(store(), "a")).isEqualTo("load");
    put(store(), "schema", "2");
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("a"), bytes("2")).requireUnchanged(bytes("schema"), version);
      assertFails(ErrorCode.CONFLICT, () -> load.commit(Durability.ASYNC));
      assertFails(ErrorCode.INVALID_STATE, () -> load.commit(Durability.ASYNC));
    }
    assertThat(get(store(), "a")).isEqualTo("load");
  }

  @Test
  default void requirementsOfBatchesSeeLoads() {
    load(store(), "schema", "1");
    long version;
    try (Snapshot snapshot = store().snapshot()) {
      version = snapshot.version();
    }
    load(store(), "schema", "2");
    for (int i = 0; i < 300; i++) {
      put(store(), "other", "" + i);
    }
    assertFails(
        ErrorCode.CONFLICT,
        () ->
            store()
                .write(
                    new WriteBatch()
                        .put(bytes("a"), bytes("1"))
                        .requireUnchanged(bytes("schema"), version),
                    Durability.ASYNC));
  }

  @Test
  default void largeValuesAreLoaded() {
    byte[] large = new byte[1 << 20];
    large[77] = 7;
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("a"), large).put(bytes("b"), bytes("small"));
      load.put(bytes("d"), large).commit(Durability.SYNC);
    }
    assertThat(store().get(bytes("d"))).isEqualTo(large);
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value().toByteArray()).isEqualTo(large);
      assertThat(cursor.next()).isTrue();
      assertThat(Texts.entry(cursor)).isEqualTo("b=small");
    }
  }

  @Test
  default void manyEntriesAreLoaded() {
    put(store(), "05000", "before", "19999x", "before");
    try (BulkLoad load = store().bulkLoad()) {
      for (int i = 0; i < 20_000; i++) {
        load.put(bytes(String.format("%05d", i)), bytes("" + i));
      }
      load.commit(Durability.ASYNC);
    }
    put(store(), "00007", "after");
    try (Snapshot snapshot = store().snapshot();
        Cursor up = snapshot.scan(KeyRange.all());
        Cursor down = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
      for (int i = 0; i < 20_000; i++) {
        assertThat(up.next()).isTrue();
        assertThat(Texts.text(up.value())).isEqualTo(i == 7 ? "after" : "" + i);
      }
      assertThat(rest(up)).isEqualTo("19999x=before");
      assertThat(down.next()).isTrue();
      for (int i = 19_999; i >= 0; i--) {
        assertThat(down.next()).isTrue();
        assertThat(Texts.text(down.value())).isEqualTo(i == 7 ? "after" : "" + i);
      }
      assertThat(get(snapshot, "12345")).isEqualTo("12345");
      assertThat(get(snapshot, "12345x")).isNull();
    }
  }
}
