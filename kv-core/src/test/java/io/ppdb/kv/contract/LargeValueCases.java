package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values of all sizes, read in every way: an engine may keep the large ones elsewhere. */
interface LargeValueCases extends StoreFixture {
  /** Around 16 KiB, where engines may begin to treat values as large. */
  List<Integer> SIZES = List.of(0, 1, 4095, 16383, 16384, 16385, 65536, 1 << 20);

  private static byte[] key(int size) {
    return bytes(String.format("size %07d", size));
  }

  private static byte[] value(int size, long seed) {
    byte[] value = new byte[size];
    new Random(size * 31L + seed).nextBytes(value);
    return value;
  }

  private static void fill(KeyValueStore store, long seed) {
    for (int size : SIZES) {
      store.write(new WriteBatch().put(key(size), value(size, seed)), Durability.ASYNC);
    }
  }

  private static void put(KeyValueStore store, String key, byte[] value) {
    store.write(new WriteBatch().put(bytes(key), value), Durability.ASYNC);
  }

  private static ValueLease lease(ReadView view, String key) {
    ValueLease lease = view.lease(bytes(key));
    if (lease == null) {
      throw new AssertionError(key + " is absent");
    }
    return lease;
  }

  private static byte @Nullable [] leased(ReadView view, byte[] key) {
    try (ValueLease lease = view.lease(key)) {
      if (lease == null) {
        return null;
      }
      ByteBuffer buffer = lease.buffer();
      assertThat(buffer.remaining()).isEqualTo(lease.length());
      byte[] copy = new byte[lease.length()];
      buffer.get(copy);
      return copy;
    }
  }

  @Test
  default void valuesOfEverySizeAreReadByGetLeaseAndScan() {
    fill(store(), 1);
    try (Snapshot snapshot = store().snapshot();
        Cursor up = snapshot.scan(KeyRange.prefix(bytes("size")));
        Cursor down = snapshot.scan(KeyRange.prefix(bytes("size")), ScanOptions.DESCENDING)) {
      for (int i = 0; i < SIZES.size(); i++) {
        int size = SIZES.get(i);
        byte[] expected = value(size, 1);
        assertThat(snapshot.get(key(size))).as("%d", size).isEqualTo(expected);
        assertThat(leased(snapshot, key(size))).as("%d", size).isEqualTo(expected);
        assertThat(store().get(key(size))).as("%d", size).isEqualTo(expected);
        assertThat(up.next()).isTrue();
        assertThat(up.value().toByteArray()).as("%d", size).isEqualTo(expected);
        assertThat(up.value().toByteArray()).as("%d again", size).isEqualTo(expected);
        int last = SIZES.get(SIZES.size() - 1 - i);
        assertThat(down.next()).isTrue();
        assertThat(down.value().toByteArray()).as("%d", last).isEqualTo(value(last, 1));
      }
      assertThat(up.previous()).isTrue();
      assertThat(up.value().length()).isEqualTo(SIZES.get(SIZES.size() - 2));
      assertThat(up.seek(key(16384))).isTrue();
      assertThat(up.value().toByteArray()).isEqualTo(value(16384, 1));
    }
  }

  @Test
  default void snapshotKeepsLargeValuesThatAreOverwrittenAndDeleted() {
    fill(store(), 1);
    try (Snapshot before = store().snapshot()) {
      fill(store(), 2);
      store().write(new WriteBatch().delete(key(16384)), Durability.ASYNC);
      for (int size : SIZES) {
        assertThat(before.get(key(size))).as("%d", size).isEqualTo(value(size, 1));
      }
    }
    assertThat(store().get(key(65536))).isEqualTo(value(65536, 2));
    assertThat(store().get(key(16384))).isNull();
  }

  @Test
  default void limitInBytesCountsLargeValues() {
    fill(store(), 1);
    ScanOptions limited = ScanOptions.ASCENDING.withMaxBytes(20_000);
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.prefix(bytes("size")), limited)) {
      int count = 0;
      while (cursor.next()) {
        count++;
      }
      assertThat(count).isEqualTo(4); // 0 + 1 + 4095 + 16383, and the keys
    }
  }

  @Test
  default void keysOnlyScanShowsKeysOfLargeValues() {
    fill(store(), 1);
    ScanOptions keysOnly = ScanOptions.ASCENDING.withKeysOnly(true);
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.prefix(bytes("size")), keysOnly)) {
      for (int size : SIZES) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key().toByteArray()).isEqualTo(key(size));
        assertThat(cursor.value().length()).isZero();
      }
    }
  }

  @Test
  default void statisticsCountLargeValues() {
    fill(store(), 1);
    long expected = 0;
    for (int size : SIZES) {
      expected += size;
    }
    assertThat(store().statistics(KeyRange.prefix(bytes("size"))).sizeInBytes())
        .isGreaterThanOrEqualTo(expected);
  }

  @Test
  default void ownLargeWritesAreSeenOverStoredOnes() {
    fill(store(), 1);
    try (Transaction transaction = store().begin()) {
      transaction.put(key(16384), value(16384, 9));
      transaction.put(bytes("size own"), value(70_000, 9));
      assertThat(transaction.get(key(16384))).isEqualTo(value(16384, 9));
      assertThat(leased(transaction, key(16384))).isEqualTo(value(16384, 9));
      assertThat(leased(transaction, key(65536))).isEqualTo(value(65536, 1));
      assertThat(leased(transaction, bytes("none"))).isNull();
      try (Cursor cursor = transaction.scan(KeyRange.prefix(bytes("size")))) {
        for (int size : SIZES) {
          assertThat(cursor.next()).isTrue();
          byte[] expected = value(size, size == 16384 ? 9 : 1);
          assertThat(cursor.value().toByteArray()).as("%d", size).isEqualTo(expected);
        }
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.value().length()).isEqualTo(70_000);
      }
      transaction.commit();
    }
    assertThat(store().get(bytes("size own"))).isEqualTo(value(70_000, 9));
  }

  @Test
  default void mergesFoldOntoAValueThatIsReadOnlyThen() {
    byte[] key = bytes("later a counter");
    store().write(new WriteBatch().put(key, MergeOperators.encodeLong(40)), Durability.ASYNC);
    RangePolicy policy = store().policy(key).withUse(RangePolicy.Use.MERGEABLE);
    store().setPolicy(KeyRange.prefix(key), policy);
    for (int i = 0; i < 2; i++) {
      store()
          .write(
              new WriteBatch().merge(MergeOperators.LONG_ADD, key, MergeOperators.encodeLong(1)),
              Durability.ASYNC);
    }
    byte[] expected = MergeOperators.encodeLong(42);
    assertThat(store().get(key)).isEqualTo(expected);
    try (Snapshot snapshot = store().snapshot();
        Cursor up = snapshot.scan(KeyRange.prefix(key));
        Cursor down = snapshot.scan(KeyRange.prefix(key), ScanOptions.DESCENDING)) {
      assertThat(leased(snapshot, key)).isEqualTo(expected);
      assertThat(up.next()).isTrue();
      assertThat(up.value().toByteArray()).isEqualTo(expected);
      assertThat(down.next()).isTrue();
      assertThat(down.value().toByteArray()).isEqualTo(expected);
    }
  }

  @Test
  default void largeValuesExpire() {
    byte[] key = bytes("e/large");
    try (Transaction transaction = store().begin()) {
      transaction.put(key, value(50_000, 1), clock().millis() + 1000);
      transaction.commit();
    }
    assertThat(store().get(key)).isEqualTo(value(50_000, 1));
    clock().advance(2000);
    assertThat(store().get(key)).isNull();
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(leased(snapshot, key)).isNull();
    }
  }

  @Test
  default void leaseIsReadOnlyAndFailsWhenClosed() {
    put(store(), "a", value(100_000, 1));
    try (Snapshot snapshot = store().snapshot()) {
      ValueLease lease = lease(snapshot, "a");
      ByteBuffer buffer = lease.buffer();
      assertThat(buffer.isReadOnly()).isTrue();
      assertThatThrownBy(() -> buffer.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
      buffer.position(10);
      assertThat(lease.buffer().position()).isZero();
      lease.close();
      lease.close();
      assertThatThrownBy(lease::buffer)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }
  }

  @Test
  default void leaseOutlivesItsViewAndItsKey() {
    byte[] expected = value(100_000, 1);
    put(store(), "a", expected);
    ValueLease lease;
    try (Snapshot snapshot = store().snapshot()) {
      lease = lease(snapshot, "a");
    }
    try (lease) {
      put(store(), "a", value(100_000, 2));
      store().write(new WriteBatch().delete(bytes("a")), Durability.ASYNC);
      store().dropRange(KeyRange.prefix(bytes("a")));
      byte[] copy = new byte[lease.length()];
      lease.buffer().get(copy);
      assertThat(Arrays.equals(copy, expected)).isTrue();
    }
  }

  @Test
  default void leaseOfAClosedSnapshotFails() {
    put(store(), "a", value(100_000, 1));
    Snapshot snapshot = store().snapshot();
    snapshot.close();
    assertThatThrownBy(() -> snapshot.lease(bytes("a")))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }
}
