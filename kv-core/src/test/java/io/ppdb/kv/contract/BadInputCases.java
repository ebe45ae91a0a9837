package io.ppdb.kv.contract;

import static io.ppdb.kv.ErrorCode.CLOSED;
import static io.ppdb.kv.ErrorCode.INVALID_ARGUMENT;
import static io.ppdb.kv.ErrorCode.INVALID_SAVEPOINT;
import static io.ppdb.kv.ErrorCode.INVALID_STATE;
import static io.ppdb.kv.ErrorCode.KEY_TOO_LARGE;
import static io.ppdb.kv.ErrorCode.VALUE_TOO_LARGE;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every method of the contract with every bad argument, and in every state that it does not work
 * in: each answers a typed error that says what it was given and what is allowed, and changes
 * nothing.
 *
 * <p>Reads take keys of any length: one that is too long to be stored is absent.
 */
interface BadInputCases extends StoreFixture {
  byte[] KEY = bytes("k");
  byte[] MERGED = bytes("c/k");
  byte[] VALUE = bytes("v");

  /** A call, the error that it fails with, and what that says. */
  record Row<T>(String call, ErrorCode code, String[] says, Consumer<T> action) {
    void fails(T subject) {
      PpdbException failure =
          catchThrowableOfType(PpdbException.class, () -> action.accept(subject));
      assertThat(failure).as(call).isNotNull();
      assertThat(failure.code()).as("%s: %s", call, failure.getMessage()).isEqualTo(code);
      for (String said : says) {
        assertThat(failure).as(call).hasMessageContaining(said);
      }
    }
  }

  /** Rows of one kind of subject. */
  final class Table<T> {
    private final List<Row<T>> rows = new ArrayList<>();

    Table<T> row(String call, ErrorCode code, Consumer<T> action, String... says) {
      rows.add(new Row<>(call, code, says, action));
      return this;
    }

    Table<T> isNull(String call, Consumer<T> action) {
      return row(call, INVALID_ARGUMENT, action, "null");
    }

    Table<T> tooLongKey(String call, Consumer<T> action) {
      return row(
          call,
          KEY_TOO_LARGE,
          action,
          " " + (Limits.MAX_KEY_BYTES + 1),
          " " + Limits.MAX_KEY_BYTES);
    }

    Table<T> tooLongValue(String call, Consumer<T> action) {
      return row(
          call,
          VALUE_TOO_LARGE,
          action,
          " " + (Limits.MAX_VALUE_BYTES + 1),
          " " + Limits.MAX_VALUE_BYTES);
    }

    List<DynamicTest> tests(Consumer<Row<T>> each) {
      return rows.stream()
          .map(row -> DynamicTest.dynamicTest(row.call, () -> each.accept(row)))
          .toList();
    }
  }

  private static byte[] longKey() {
    return new byte[Limits.MAX_KEY_BYTES + 1];
  }

  private static byte[] longValue() {
    return new byte[Limits.MAX_VALUE_BYTES + 1];
  }

  /** What nobody is to pass. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    @Nullable T nothing = null;
    return nothing;
  }

  private static List<byte[]> keyAndNothing() {
    return Arrays.asList(KEY, BadInputCases.<byte[]>nothing());
  }

  private static <T extends ReadView> Table<T> reads() {
    return new Table<T>()
        .isNull("get(null)", view -> view.get(nothing()))
        .isNull("getAll(null)", view -> view.getAll(nothing()))
        .isNull("getAll(key, null)", view -> view.getAll(keyAndNothing()))
        .isNull("scan(null)", view -> view.scan(nothing()))
        .isNull("scan(range, null)", view -> view.scan(KeyRange.all(), nothing()));
  }

  @TestFactory
  default List<DynamicTest> ofATransaction() {
    return BadInputCases.<Transaction>reads()
        .isNull("put(null, value)", t -> t.put(nothing(), VALUE))
        .isNull("put(key, null)", t -> t.put(KEY, nothing()))
        .tooLongKey("put(long, value)", t -> t.put(longKey(), VALUE))
        .tooLongValue("put(key, long)", t -> t.put(KEY, longValue()))
        .row("put(key, value, 1)", INVALID_ARGUMENT, t -> t.put(KEY, VALUE, 1), "PLAIN")
        .isNull("putIfAbsent(null, value)", t -> t.putIfAbsent(nothing(), VALUE))
        .isNull("putIfAbsent(key, null)", t -> t.putIfAbsent(KEY, nothing()))
        .tooLongKey("putIfAbsent(long, value)", t -> t.putIfAbsent(longKey(), VALUE))
        .tooLongValue("putIfAbsent(key, long)", t -> t.putIfAbsent(KEY, longValue()))
        .isNull("delete(null)", t -> t.delete(nothing()))
        .tooLongKey("delete(long)", t -> t.delete(longKey()))
        .isNull("deleteRange(null)", t -> t.deleteRange(nothing()))
        .isNull("merge(null, key, operand)", t -> t.merge(nothing(), MERGED, VALUE))
        .isNull("merge(add, null, 1)", t -> t.merge(MergeOperators.LONG_ADD, nothing(), VALUE))
        .isNull("merge(add, key, null)", t -> t.merge(MergeOperators.LONG_ADD, MERGED, nothing()))
        .tooLongKey("merge(add, long, 1)", t -> t.merge(MergeOperators.LONG_ADD, longKey(), VALUE))
        .tooLongValue(
            "merge(add, key, long)", t -> t.merge(MergeOperators.LONG_ADD, MERGED, longValue()))
        .row(
            "merge(add, plain key, 1)",
            INVALID_ARGUMENT,
            t -> t.merge(MergeOperators.LONG_ADD, KEY, VALUE),
            "PLAIN")
        .isNull("guard(null)", t -> t.guard(nothing()))
        .tooLongKey("guard(long)", t -> t.guard(longKey()))
        .isNull("lockForUpdate(null)", t -> t.lockForUpdate(nothing()))
        .tooLongKey("lockForUpdate(long)", t -> t.lockForUpdate(longKey()))
        .isNull("requireUnchanged(null)", t -> t.requireUnchanged(nothing()))
        .tooLongKey("requireUnchanged(long)", t -> t.requireUnchanged(longKey()))
        .row("rollbackTo(null)", INVALID_SAVEPOINT, t -> t.rollbackTo(nothing()))
        .row("release(null)", INVALID_SAVEPOINT, t -> t.release(nothing()))
        .tests(
            row -> {
              try (Transaction transaction = store().begin()) {
                row.fails(transaction);
                assertThat(transaction.hasClaims()).isFalse();
                transaction.put(bytes("own"), VALUE);
                row.fails(transaction);
                assertThat(scan(transaction, KeyRange.all())).isEqualTo("own=v");
                transaction.commit();
              }
              assertThat(scan(store(), KeyRange.all())).isEqualTo("own=v");
              store().write(new WriteBatch().delete(bytes("own")), Durability.ASYNC);
            });
  }

  @TestFactory
  default List<DynamicTest> ofASnapshot() {
    store().write(new WriteBatch().put(KEY, VALUE), Durability.ASYNC);
    return BadInputCases.<Snapshot>reads()
        .tests(
            row -> {
              try (Snapshot snapshot = store().snapshot()) {
                row.fails(snapshot);
                assertThat(snapshot.get(KEY)).isEqualTo(VALUE);
              }
            });
  }

  @TestFactory
  default List<DynamicTest> ofACursor() {
    store().write(new WriteBatch().put(KEY, VALUE), Durability.ASYNC);
    return new Table<Cursor>()
        .isNull("seek(null)", cursor -> cursor.seek(nothing()))
        .tests(
            row -> {
              for (boolean own : new boolean[] {false, true}) {
                try (ReadView view = own ? store().begin() : store().snapshot();
                    Cursor cursor = view.scan(KeyRange.all())) {
                  assertThat(cursor.next()).isTrue();
                  row.fails(cursor);
                  assertThat(cursor.value().toByteArray()).isEqualTo(VALUE);
                  assertThat(view.get(KEY)).isEqualTo(VALUE);
                }
              }
            });
  }

  @TestFactory
  default List<DynamicTest> ofABatch() {
    return new Table<WriteBatch>()
        .isNull("put(null, value)", batch -> batch.put(nothing(), VALUE))
        .isNull("put(key, null)", batch -> batch.put(KEY, nothing()))
        .tooLongKey("put(long, value)", batch -> batch.put(longKey(), VALUE))
        .tooLongValue("put(key, long)", batch -> batch.put(KEY, longValue()))
        .isNull("delete(null)", batch -> batch.delete(nothing()))
        .tooLongKey("delete(long)", batch -> batch.delete(longKey()))
        .isNull("merge(null, key, 1)", batch -> batch.merge(nothing(), MERGED, VALUE))
        .isNull(
            "merge(add, null, 1)", batch -> batch.merge(MergeOperators.LONG_ADD, nothing(), VALUE))
        .isNull(
            "merge(add, key, null)",
            batch -> batch.merge(MergeOperators.LONG_ADD, MERGED, nothing()))
        .tooLongKey(
            "merge(add, long, 1)", batch -> batch.merge(MergeOperators.LONG_ADD, longKey(), VALUE))
        .tooLongValue(
            "merge(add, key, long)",
            batch -> batch.merge(MergeOperators.LONG_ADD, MERGED, longValue()))
        .isNull("requireUnchanged(null, 0)", batch -> batch.requireUnchanged(nothing(), 0))
        .tooLongKey("requireUnchanged(long, 0)", batch -> batch.requireUnchanged(longKey(), 0))
        .tests(
            row -> {
              WriteBatch batch = new WriteBatch().put(KEY, VALUE);
              row.fails(batch);
              assertThat(batch.writes()).hasSize(1);
              assertThat(batch.requirements()).isEmpty();
              assertThat(batch.sizeInBytes()).isEqualTo(2);
              store().write(batch, Durability.ASYNC);
              assertThat(scan(store(), KeyRange.all())).isEqualTo("k=v");
            });
  }

  @TestFactory
  default List<DynamicTest> ofAStore() {
    WriteBatch expiring = new WriteBatch().put(bytes("a"), VALUE).put(KEY, VALUE, 1);
    WriteBatch merging =
        new WriteBatch().put(bytes("a"), VALUE).merge(MergeOperators.LONG_ADD, KEY, VALUE);
    return new Table<KeyValueStore>()
        .isNull("begin(null)", store -> store.begin(nothing()))
        .isNull("get(null)", store -> store.get(nothing()))
        .isNull("write(null, ASYNC)", store -> store.write(nothing(), Durability.ASYNC))
        .isNull("write(batch, null)", store -> store.write(new WriteBatch().delete(KEY), nothing()))
        .row(
            "write(put with expiry)",
            INVALID_ARGUMENT,
            store -> store.write(expiring, Durability.ASYNC),
            "PLAIN")
        .row(
            "write(merge of a plain key)",
            INVALID_ARGUMENT,
            store -> store.write(merging, Durability.ASYNC),
            "PLAIN")
        .isNull("setPolicy(null, policy)", store -> store.setPolicy(nothing(), RangePolicy.DEFAULT))
        .isNull("setPolicy(range, null)", store -> store.setPolicy(KeyRange.all(), nothing()))
        .isNull("policy(null)", store -> store.policy(nothing()))
        .isNull("dropRange(null)", store -> store.dropRange(nothing()))
        .isNull("checkpoint(null)", store -> store.checkpoint(nothing()))
        .isNull("statistics(null)", store -> store.statistics(nothing()))
        .isNull("transact(null)", store -> store.transact(nothing()))
        .isNull("transact(null, work)", store -> store.transact(nothing(), transaction -> 1))
        .tests(
            row -> {
              RangePolicy policy = store().policy(KEY);
              store().write(new WriteBatch().put(KEY, VALUE), Durability.ASYNC);
              row.fails(store());
              assertThat(scan(store(), KeyRange.all())).isEqualTo("k=v");
              assertThat(store().policy(KEY)).isEqualTo(policy);
            });
  }

  @TestFactory
  default List<DynamicTest> ofRangesAndOptions() {
    StoreOptions options = StoreOptions.DEFAULT;
    RangePolicy policy = RangePolicy.DEFAULT;
    return new Table<String>()
        .row(
            "range [b, a)",
            INVALID_ARGUMENT,
            none -> KeyRange.of(bytes("b"), bytes("a")),
            "62",
            "61",
            "start is after its end")
        .isNull("range [null, a)", none -> KeyRange.of(nothing(), bytes("a")))
        .isNull("prefix(null)", none -> KeyRange.prefix(nothing()))
        .isNull("single(null)", none -> KeyRange.single(nothing()))
        .isNull("withHistory(null)", none -> policy.withHistory(nothing()))
        .row(
            "withHistory(-1 s)",
            INVALID_ARGUMENT,
            none -> policy.withHistory(Duration.ofSeconds(-1)),
            "PT-1S",
            "at least 0")
        .isNull("withUse(null)", none -> policy.withUse(nothing()))
        .isNull("withPlacement(null)", none -> policy.withPlacement(nothing()))
        .isNull("withEviction(null)", none -> policy.withEviction(nothing()))
        .isNull("withMergeOperators(null)", none -> options.withMergeOperators(nothing()))
        .isNull("withClock(null)", none -> options.withClock(nothing()))
        .row("memtableBytes 0", INVALID_ARGUMENT, none -> options.withMemtableBytes(0), "0", "1")
        .row(
            "blockCacheBytes -1",
            INVALID_ARGUMENT,
            none -> options.withBlockCacheBytes(-1),
            "-1",
            "less than 0")
        .row(
            "changeLogBytes -1",
            INVALID_ARGUMENT,
            none -> options.withChangeLogBytes(-1),
            "-1",
            "less than 0")
        .isNull("withIsolation(null)", none -> TransactionOptions.DEFAULT.withIsolation(nothing()))
        .isNull("withOrigin(null)", none -> TransactionOptions.DEFAULT.withOrigin(nothing()))
        .isNull(
            "withDurability(null)", none -> TransactionOptions.DEFAULT.withDurability(nothing()))
        .tests(row -> row.fails(""));
  }

  private static <T extends ReadView> Table<T> everyRead(ErrorCode code) {
    return new Table<T>()
        .row("get", code, view -> view.get(KEY))
        .row("getAll", code, view -> view.getAll(List.of(KEY)))
        .row("scan", code, view -> view.scan(KeyRange.all()))
        .row("version", code, ReadView::version)
        .row("instantMillis", code, ReadView::instantMillis);
  }

  private static Table<Transaction> everyCall(ErrorCode code) {
    return BadInputCases.<Transaction>everyRead(code)
        .row("put", code, t -> t.put(KEY, VALUE))
        .row("putIfAbsent", code, t -> t.putIfAbsent(KEY, VALUE))
        .row("delete", code, t -> t.delete(KEY))
        .row("deleteRange", code, t -> t.deleteRange(KeyRange.all()))
        .row("merge", code, t -> t.merge(MergeOperators.LONG_ADD, MERGED, VALUE))
        .row("guard", code, t -> t.guard(KEY))
        .row("lockForUpdate", code, t -> t.lockForUpdate(KEY))
        .row("requireUnchanged", code, t -> t.requireUnchanged(KEY))
        .row("savepoint", code, Transaction::savepoint)
        .row("rollbackTo", code, t -> t.rollbackTo(nothing()))
        .row("release", code, t -> t.release(nothing()))
        .row("commit", code, Transaction::commit);
  }

  private static Table<Cursor> everyMove() {
    return new Table<Cursor>()
        .row("next", CLOSED, Cursor::next)
        .row("previous", CLOSED, Cursor::previous)
        .row("seek", CLOSED, cursor -> cursor.seek(KEY))
        .row("key", CLOSED, Cursor::key)
        .row("value", CLOSED, Cursor::value)
        .row("expiryMillis", CLOSED, Cursor::expiryMillis);
  }

  @TestFactory
  default List<DynamicTest> afterTheTransactionHasEnded() {
    return everyCall(INVALID_STATE)
        .tests(
            row -> {
              for (boolean commits : new boolean[] {true, false}) {
                Transaction transaction = store().begin();
                transaction.put(bytes("a"), VALUE);
                if (commits) {
                  transaction.commit();
                } else {
                  transaction.rollback();
                }
                row.fails(transaction);
                transaction.close();
              }
              assertThat(scan(store(), KeyRange.all())).isEqualTo("a=v");
            });
  }

  @TestFactory
  default List<DynamicTest> afterTheSnapshotIsClosed() {
    return BadInputCases.<Snapshot>everyRead(CLOSED)
        .tests(
            row -> {
              Snapshot snapshot = store().snapshot();
              snapshot.close();
              row.fails(snapshot);
            });
  }

  @TestFactory
  default List<DynamicTest> afterTheCursorIsClosed() {
    store().write(new WriteBatch().put(KEY, VALUE), Durability.ASYNC);
    return everyMove()
        .tests(
            row -> {
              try (Snapshot snapshot = store().snapshot()) {
                Cursor cursor = snapshot.scan(KeyRange.all());
                assertThat(cursor.next()).isTrue();
                cursor.close();
                row.fails(cursor);
                assertThat(cursor.isValid()).isFalse();
              }
            });
  }

  /** Each table on a store of its own, which is closed with what is open in it. */
  @Test
  default void afterTheStoreIsClosed() {
    KeyValueStore store = store();
    store.write(new WriteBatch().put(KEY, VALUE), Durability.ASYNC);
    Transaction transaction = store.begin();
    transaction.put(bytes("a"), VALUE);
    Snapshot snapshot = store.snapshot();
    Cursor cursor = snapshot.scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    store.close();
    everyCall(CLOSED).rows.forEach(row -> row.fails(transaction));
    BadInputCases.<Snapshot>everyRead(CLOSED).rows.forEach(row -> row.fails(snapshot));
    everyMove().rows.forEach(row -> row.fails(cursor));
    new Table<KeyValueStore>()
        .row("begin", CLOSED, KeyValueStore::begin)
        .row("snapshot", CLOSED, KeyValueStore::snapshot)
        .row("get", CLOSED, closed -> closed.get(KEY))
        .row("snapshotAt(version)", CLOSED, closed -> closed.snapshotAt(0))
        .row("snapshotAt(instant)", CLOSED, closed -> closed.snapshotAt(Instant.EPOCH))
        .row("write", CLOSED, closed -> closed.write(new WriteBatch(), Durability.ASYNC))
        .row("changes", CLOSED, closed -> closed.changes(0))
        .row("policy", CLOSED, closed -> closed.policy(KEY))
        .row("setPolicy", CLOSED, closed -> closed.setPolicy(KeyRange.all(), RangePolicy.DEFAULT))
        .row("dropRange", CLOSED, closed -> closed.dropRange(KeyRange.all()))
        .row("checkpoint", CLOSED, closed -> closed.checkpoint(nothing()))
        .row("statistics", CLOSED, closed -> closed.statistics(KeyRange.all()))
        .row("transact", CLOSED, closed -> closed.transact(work -> 1))
        .rows
        .forEach(row -> row.fails(store));
    cursor.close();
    snapshot.close();
    transaction.close();
  }

  @Test
  default void keyThatIsTooLongToBeStoredIsAbsent() {
    assertThat(store().get(longKey())).isNull();
    try (Transaction transaction = store().begin();
        Cursor cursor = transaction.scan(KeyRange.all())) {
      assertThat(transaction.get(longKey())).isNull();
      assertThat(Objects.requireNonNull(transaction.getAll(List.of(longKey()))).get(0)).isNull();
      assertThat(cursor.seek(longKey())).isFalse();
    }
  }
}
