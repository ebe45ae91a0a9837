package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.BulkLoadCases.load;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import java.time.Instant;
import java.util.Objects;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** Bulk loads in views of the past, and in the change log. */
interface BulkLoadPastCases extends StoreFixture {
  /** Without the ranges that have no history. */
  KeyRange PLAIN = Texts.range("a", "c.");

  @Test
  default void viewOfThePastShowsALoadFromItsVersionOn() {
    put(store(), "a", "0", "bb", "0");
    long before = store().bulkLoad().commit(Durability.ASYNC);
    long beforeMillis = clock().millis();
    clock().advance(10);
    long version = load(store(), "a", "1", "b", "1", "c", "1");
    long loadMillis = clock().millis();
    clock().advance(10);
    put(store(), "b", "2");
    delete(store(), "c");
    try (Snapshot past = store().snapshotAt(before)) {
      assertThat(scan(past, PLAIN)).isEqualTo("a=0 bb=0");
      assertThat(past.get(bytes("b"))).isNull();
    }
    try (Snapshot past = store().snapshotAt(version)) {
      assertThat(scan(past, PLAIN)).isEqualTo("a=1 b=1 bb=0 c=1");
      assertThat(Texts.get(past, "c")).isEqualTo("1");
    }
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(beforeMillis))) {
      assertThat(scan(past, PLAIN)).isEqualTo("a=0 bb=0");
    }
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(loadMillis))) {
      assertThat(scan(past, PLAIN)).isEqualTo("a=1 b=1 bb=0 c=1");
    }
    assertThat(scan(store(), PLAIN)).isEqualTo("a=1 b=2 bb=0");
  }

  /** The writes of the next commit, as {@code a=1 -b}. */
  private static String next(ChangeCursor changes) {
    StringJoiner joiner = new StringJoiner(" ");
    for (WriteBatch.Write write : Objects.requireNonNull(changes.poll()).writes()) {
      String key = Texts.text(write.key());
      joiner.add(
          write.kind() == WriteBatch.Kind.PUT
              ? key + "=" + Texts.text(write.value())
              : write.kind() + " " + key);
    }
    return joiner.toString();
  }

  @Test
  default void changeLogShowsALoadAsOneCommit() {
    put(store(), "a", "0");
    long before = store().bulkLoad().commit(Durability.ASYNC);
    long version;
    try (BulkLoad load = store().bulkLoad()) {
      load.put(bytes("a"), bytes("1")).delete(bytes("b")).put(bytes("c"), bytes(""));
      version = load.put(bytes("d"), new byte[100_000]).commit(Durability.ASYNC);
    }
    put(store(), "a", "2");
    try (ChangeCursor changes = store().changes(before)) {
      ChangeCursor.Commit commit = Objects.requireNonNull(changes.poll());
      assertThat(commit.version()).isEqualTo(version);
      assertThat(commit.timeMillis()).isEqualTo(clock().millis());
      assertThat(commit.origin()).isEqualTo(CommitOrigin.USER);
      assertThat(commit.deletedRanges()).isEmpty();
      assertThat(commit.writes())
          .extracting(write -> write.kind() + " " + Texts.text(write.key()))
          .containsExactly("PUT a", "DELETE b", "PUT c", "PUT d");
      assertThat(commit.writes().get(3).value()).isEqualTo(new byte[100_000]);
      assertThat(commit.writes().get(0).value()).isEqualTo(bytes("1"));
      assertThat(commit.writes()).hasSize(4);
      assertThat(next(changes)).isEqualTo("a=2");
      assertThat(changes.poll()).isNull();
    }
    try (ChangeCursor changes = store().changes(version)) {
      assertThat(next(changes)).isEqualTo("a=2");
    }
  }

  @Test
  default void changeCursorThatIsOpenGoesOnOverLoads() {
    try (ChangeCursor changes = store().changes(0)) {
      for (int round = 0; round < 3; round++) {
        put(store(), "a", "put" + round);
        load(store(), "a", "load" + round, "b", "x");
        load(store(), "c", "" + round);
        assertThat(next(changes)).isEqualTo("a=put" + round);
        assertThat(next(changes)).isEqualTo("a=load" + round + " b=x");
        assertThat(next(changes)).isEqualTo("c=" + round);
        assertThat(changes.poll()).isNull();
      }
    }
  }
}
