package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.entry;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.rest;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import org.junit.jupiter.api.Test;

/** Seeks in both directions. */
interface SeekCases extends StoreFixture {
  @Test
  default void seekFindsTheKeyItself() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.seek(bytes("b"))).isTrue();
      assertThat(entry(cursor)).isEqualTo("b=2");
      assertThat(rest(cursor)).isEqualTo("c=3");
    }
  }

  @Test
  default void seekAscendingFindsTheNextGreaterKey() {
    put(store(), "a", "1", "c", "3");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.seek(bytes("b"))).isTrue();
      assertThat(entry(cursor)).isEqualTo("c=3");
      assertThat(cursor.previous()).isTrue();
      assertThat(entry(cursor)).isEqualTo("a=1");
    }
  }

  @Test
  default void seekDescendingFindsTheNextSmallerKey() {
    put(store(), "a", "1", "c", "3", "e", "5");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
      assertThat(cursor.seek(bytes("d"))).isTrue();
      assertThat(entry(cursor)).isEqualTo("c=3");
      assertThat(cursor.seek(bytes("e"))).isTrue();
      assertThat(rest(cursor)).isEqualTo("c=3 a=1");
    }
  }

  @Test
  default void seekBeyondTheLastEntryEndsTheCursor() {
    put(store(), "a", "1", "b", "2");
    try (Snapshot snapshot = store().snapshot();
        Cursor up = snapshot.scan(KeyRange.all());
        Cursor down = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
      assertThat(up.seek(bytes("c"))).isFalse();
      assertThat(up.isValid()).isFalse();
      assertThat(up.next()).isFalse();
      assertThat(up.previous()).isTrue();
      assertThat(entry(up)).isEqualTo("b=2");
      assertThat(down.seek(bytes("A"))).isFalse();
      assertThat(down.previous()).isTrue();
      assertThat(entry(down)).isEqualTo("a=1");
    }
  }

  @Test
  default void seekStaysWithinTheRange() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Snapshot snapshot = store().snapshot();
        Cursor up = snapshot.scan(range("b", "d"));
        Cursor down = snapshot.scan(range("b", "d"), ScanOptions.DESCENDING)) {
      assertThat(up.seek(bytes("a"))).isTrue();
      assertThat(entry(up)).isEqualTo("b=2");
      assertThat(up.seek(bytes("d"))).isFalse();
      assertThat(down.seek(bytes("d"))).isTrue();
      assertThat(entry(down)).isEqualTo("c=3");
      assertThat(down.seek(bytes("a"))).isFalse();
    }
  }

  @Test
  default void seekPassesOverDeletedKeys() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Snapshot hold = store().snapshot()) {
      delete(store(), "b");
      try (Snapshot snapshot = store().snapshot();
          Cursor up = snapshot.scan(KeyRange.all());
          Cursor down = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING);
          Cursor held = hold.scan(KeyRange.all())) {
        assertThat(up.seek(bytes("b"))).isTrue();
        assertThat(entry(up)).isEqualTo("c=3");
        assertThat(down.seek(bytes("b"))).isTrue();
        assertThat(entry(down)).isEqualTo("a=1");
        assertThat(held.seek(bytes("b"))).isTrue();
        assertThat(entry(held)).isEqualTo("b=2");
      }
    }
  }

  @Test
  default void seekGoesBothForwardAndBack() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.seek(bytes("d"))).isTrue();
      assertThat(cursor.seek(bytes("b"))).isTrue();
      assertThat(entry(cursor)).isEqualTo("b=2");
      assertThat(cursor.seek(bytes(""))).isTrue();
      assertThat(entry(cursor)).isEqualTo("a=1");
      assertThat(cursor.previous()).isFalse();
    }
  }

  @Test
  default void seekDoesNotCountAgainstTheLimits() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING.withMaxEntries(2))) {
      assertThat(cursor.seek(bytes("b"))).isTrue();
      assertThat(rest(cursor)).isEqualTo("c=3 d=4");
      assertThat(cursor.seek(bytes("a"))).isTrue();
      assertThat(cursor.next()).as("the limits count what next delivers in all").isFalse();
    }
  }
}
