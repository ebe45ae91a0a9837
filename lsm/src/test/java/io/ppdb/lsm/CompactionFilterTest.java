package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionFilter;
import io.ppdb.lsm.vfs.MemVfs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** What filters give up goes like what expires: no view changes, and nothing older comes back. */
class CompactionFilterTest {
  private static final Duration HISTORY = Duration.ofMinutes(10);

  private final MemVfs disk = MemDirectory.fresh();
  private final ManualClock clock = new ManualClock();

  /** A filter of the keys from "s" to "t". */
  private record Filter(String name, BiPredicate<String, String> keeps)
      implements CompactionFilter {
    @Override
    public KeyRange range() {
      return KeyRange.of(bytes("s"), bytes("t"));
    }

    @Override
    public boolean keeps(Slice key, Slice value, long expiryMillis) {
      return keeps.test(text(key.toByteArray()), text(value.toByteArray()));
    }
  }

  private static final CompactionFilter NOTHING_OVER =
      new Filter("sessions", (key, value) -> !value.startsWith("over"));

  private LsmStore open(CompactionFilter filter) {
    LsmOptions options =
        LsmOptions.of(StoreOptions.DEFAULT.withClock(clock))
            .withVfs(disk)
            .withBlobs(new BlobOptions(64, 1 << 20))
            .withCompactionFilters(List.of(filter));
    LsmStore store = LsmStore.open(MemDirectory.PATH, options);
    store.setPolicy(
        KeyRange.all(),
        RangePolicy.DEFAULT.withHistory(HISTORY).withUse(RangePolicy.Use.EXPIRABLE));
    return store;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static void put(LsmStore store, String key, String value) {
    store.write(new WriteBatch().put(bytes(key), bytes(value)), Durability.ASYNC);
  }

  private void pass(Duration duration) {
    clock.advance(duration.toMillis());
  }

  @Test
  void whatIsGivenUpGoesFromLaterViewsOnly() {
    try (LsmStore store = open(NOTHING_OVER)) {
      put(store, "s1", "over");
      put(store, "s2", "active");
      put(store, "x1", "over");
      long then = clock.millis();
      pass(Duration.ofSeconds(1));
      try (Snapshot open = store.snapshot()) {
        store.compact();
        assertThat(open.get(bytes("s1"))).isEqualTo(bytes("over"));
        pass(Duration.ofMinutes(3));
        assertThat(open.get(bytes("s1"))).as("a view never changes").isEqualTo(bytes("over"));
        assertThat(store.get(bytes("s1"))).isNull();
        assertThat(store.get(bytes("s2"))).isEqualTo(bytes("active"));
        assertThat(store.get(bytes("x1"))).as("another range").isEqualTo(bytes("over"));
      }
      try (Snapshot past = store.snapshotAt(java.time.Instant.ofEpochMilli(then))) {
        assertThat(past.get(bytes("s1"))).as("history").isEqualTo(bytes("over"));
      }
      pass(HISTORY);
      store.compact();
      assertThat(store.statistics().entryCount()).as("s2 and x1").isEqualTo(2);
    }
  }

  @Test
  void nothingOlderComesBack() {
    try (LsmStore store = open(NOTHING_OVER)) {
      put(store, "s1", "older");
      store.compact();
      put(store, "s1", "over");
      store.compact();
      pass(Duration.ofMinutes(3));
      assertThat(store.get(bytes("s1"))).isNull();
      pass(HISTORY.multipliedBy(2));
      store.compact();
      assertThat(store.get(bytes("s1"))).isNull();
      put(store, "s1", "active");
      store.compact();
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes("active"));
    }
    try (LsmStore store = open(NOTHING_OVER)) {
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes("active"));
    }
  }

  @Test
  void onlyTheNewestOfAKeyIsAskedAbout() {
    try (LsmStore store = open(new Filter("once", (key, value) -> !value.equals("over-1")))) {
      put(store, "s1", "over-1");
      pass(Duration.ofSeconds(1));
      long then = clock.millis();
      pass(Duration.ofSeconds(1));
      put(store, "s1", "active");
      store.compact();
      pass(Duration.ofMinutes(3));
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes("active"));
      try (Snapshot past = store.snapshotAt(java.time.Instant.ofEpochMilli(then))) {
        assertThat(past.get(bytes("s1"))).isEqualTo(bytes("over-1"));
      }
    }
  }

  @Test
  void valuesInBlobFilesAreShown() {
    String large = "over" + "x".repeat(200);
    try (LsmStore store = open(NOTHING_OVER)) {
      put(store, "s1", large);
      store.compact();
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes(large));
      pass(Duration.ofMinutes(3));
      assertThat(store.get(bytes("s1"))).isNull();
    }
  }

  @Test
  void theChangeLogHasNothingOfIt() {
    try (LsmStore store = open(NOTHING_OVER)) {
      put(store, "s1", "over");
      store.compact();
      pass(Duration.ofMinutes(3));
      put(store, "s2", "active");
      int count = 0;
      try (ChangeCursor changes = store.changes(0)) {
        while (changes.poll() != null) {
          count++;
        }
      }
      assertThat(count).isEqualTo(2);
    }
  }

  @Test
  void rangesThatDoNotExpireAreNotAskedAbout() {
    try (LsmStore store = open(NOTHING_OVER)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT);
      put(store, "s1", "over");
      store.compact();
      pass(Duration.ofHours(1));
      store.compact();
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes("over"));
    }
  }

  /** Else the value would be gone for a view that has seen it. */
  @Test
  void aCompactionThatTakesLongerThanTheDelayIsDoneAgain() {
    int[] asked = {0};
    Filter slow =
        new Filter(
            "slow",
            (key, value) -> {
              if (asked[0]++ == 0) {
                clock.advance(Duration.ofMinutes(5).toMillis());
              }
              return false;
            });
    try (LsmStore store = open(slow)) {
      put(store, "s1", "over");
      store.compact();
      assertThat(asked[0]).isEqualTo(2);
      try (Snapshot open = store.snapshot()) {
        assertThat(open.get(bytes("s1"))).isEqualTo(bytes("over"));
        pass(Duration.ofMinutes(5));
        assertThat(open.get(bytes("s1"))).isEqualTo(bytes("over"));
        assertThat(store.get(bytes("s1"))).isNull();
      }
    }
  }

  @Test
  void aFilterThatThrowsIsNamedWithTheKey() {
    Filter broken =
        new Filter(
            "broken",
            (key, value) -> {
              throw new IllegalStateException("no idea");
            });
    try (LsmStore store = open(broken)) {
      put(store, "s1", "over");
      assertThatThrownBy(store::compact)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
          .hasMessageContaining("compaction filter broken failed at key")
          .hasMessageContaining("s1")
          .hasMessageContaining("no idea");
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes("over"));
      store.verify();
    }
    try (LsmStore store = open(NOTHING_OVER)) {
      assertThat(store.get(bytes("s1"))).isEqualTo(bytes("over"));
    }
  }
}
