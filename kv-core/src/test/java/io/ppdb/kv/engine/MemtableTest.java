package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtableTest {
  private static final OperatorRegistry OPERATORS = new OperatorRegistry(MergeOperators.builtIn());

  private final Memtable memtable = new Memtable();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void put(String key, long version, long expiryMillis) {
    insert(Entry.put(bytes(key), MergeOperators.encodeLong(version), expiryMillis), version);
  }

  private void put(String key, long version) {
    put(key, version, Limits.NO_EXPIRY);
  }

  private void delete(String key, long version) {
    insert(Entry.delete(bytes(key)), version);
  }

  private void add(String key, long version, long amount) {
    insert(Entry.merge(bytes(key), MergeOperators.encodeLong(amount), 1), version);
  }

  private void insert(Entry entry, long version) {
    memtable.reserve(Memtable.sizeOf(entry));
    memtable.insert(entry.withVersion(version));
    memtable.applied();
  }

  private @Nullable Long find(String key, long version, long instantMillis) {
    PointLookup lookup = new PointLookup(OPERATORS, instantMillis);
    memtable.find(bytes(key), version, lookup);
    byte[] value = lookup.value();
    return value == null ? null : MergeOperators.decodeLong(value);
  }

  private void collect(String key, long horizonVersion, long horizonMillis) {
    memtable.collect(bytes(key), horizonVersion, horizonMillis, OPERATORS);
  }

  @Test
  void entriesMayArriveInAnyVersionOrder() {
    for (long version : new long[] {5, 1, 9, 3, 7}) {
      put("a", version);
    }
    for (long version = 1; version <= 9; version++) {
      assertThat(find("a", version, 0)).isEqualTo(version % 2 == 1 ? version : version - 1);
    }
    assertThat(find("a", 0, 0)).isNull();
  }

  @Test
  void collectKeepsWhatTheHorizonSeesAndAllAbove() {
    for (long version = 1; version <= 9; version += 2) {
      put("a", version);
    }
    collect("a", 6, 0);
    assertThat(memtable.entryCount()).isEqualTo(3);
    assertThat(find("a", 6, 0)).isEqualTo(5);
    assertThat(find("a", 8, 0)).isEqualTo(7);
    assertThat(find("a", 4, 0)).isNull();
  }

  @Test
  void collectRemovesATombstoneOnlyWithAllBelowIt() {
    put("a", 1);
    delete("a", 3);
    put("a", 5);
    collect("a", 2, 0);
    assertThat(find("a", 3, 0)).isNull();
    assertThat(find("a", 2, 0)).isEqualTo(1);
    collect("a", 4, 0);
    assertThat(memtable.entryCount()).isEqualTo(1);
    assertThat(find("a", 4, 0)).isNull();
    assertThat(find("a", 5, 0)).isEqualTo(5);
  }

  @Test
  void collectedKeyLeavesNothingAndMayComeBack() {
    put("a", 1);
    delete("a", 2);
    collect("a", 2, 0);
    assertThat(memtable.isEmpty()).isTrue();
    assertThat(memtable.sizeInBytes()).isZero();
    put("a", 3);
    assertThat(find("a", 3, 0)).isEqualTo(3);
  }

  @Test
  void collectFoldsOperandsBelowTheHorizon() {
    put("a", 1);
    add("a", 2, 10);
    add("a", 3, 100);
    add("a", 4, 1000);
    collect("a", 3, 0);
    assertThat(memtable.entryCount()).isEqualTo(2);
    assertThat(find("a", 3, 0)).isEqualTo(111);
    assertThat(find("a", 4, 0)).isEqualTo(1111);
    add("b", 5, 7);
    collect("b", 5, 0);
    add("b", 6, 1);
    assertThat(find("b", 6, 0)).isEqualTo(8);
  }

  @Test
  void collectRemovesAnExpiredEntryOnlyOnceTheHorizonsInstantPassedIt() {
    put("a", 1);
    put("a", 2, 1000);
    collect("a", 2, 999);
    assertThat(find("a", 2, 999)).isEqualTo(2);
    collect("a", 2, 1000);
    assertThat(memtable.isEmpty()).isTrue();
  }

  @Test
  void cursorKeepsItsPlaceWhileEntriesAreCollected() {
    for (long version = 1; version <= 4; version++) {
      put("a", version);
    }
    put("b", 5);
    try (EntryCursor cursor = memtable.cursor()) {
      assertThat(cursor.seek(bytes("a"), 2)).isTrue();
      collect("a", 4, 0);
      assertThat(cursor.version()).isEqualTo(2);
      assertThat(cursor.previous()).isTrue();
      assertThat(cursor.version()).isEqualTo(4);
      assertThat(cursor.next()).isTrue();
      assertThat(new String(cursor.key().toByteArray(), StandardCharsets.UTF_8)).isEqualTo("b");
    }
  }

  @Test
  void backwardCursorStillSeesATombstoneThatIsCollectedMeanwhile() {
    put("a", 1);
    delete("a", 2);
    put("b", 3);
    try (EntryCursor cursor = memtable.cursor()) {
      assertThat(cursor.seekBefore(bytes("b"))).isTrue();
      assertThat(cursor.version()).isEqualTo(1);
      collect("a", 3, 0);
      assertThat(cursor.previous()).isTrue();
      assertThat(cursor.kind()).isEqualTo(EntryKind.DELETE);
      assertThat(cursor.previous()).isFalse();
    }
  }

  @Test
  void sizeIsWhatTheEntriesCost() {
    put("abc", 1);
    assertThat(memtable.sizeInBytes()).isEqualTo(3 + 8 + Memtable.ENTRY_OVERHEAD_BYTES);
    assertThat(memtable.entryCount()).isEqualTo(1);
  }
}
