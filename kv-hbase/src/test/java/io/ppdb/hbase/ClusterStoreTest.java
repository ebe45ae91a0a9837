package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.TransactionOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Making stores on a cluster and opening them; and what fails then, in so many words. */
@Tag("cluster")
class ClusterStoreTest {
  private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

  private final KeyValueEngine engine = KeyValueEngine.named("hbase", getClass().getClassLoader());

  private static void assertFails(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  private KeyValueStore open(String location) {
    return engine.open(location, StoreOptions.DEFAULT);
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aStoreIsMadeOnceAndHasTheRegionsAskedFor() {
    String location = RunningCluster.location("made");
    assertFails(
        () -> open(location), ErrorCode.INVALID_ARGUMENT, "no store 'made'", "cluster init");
    assertThat(engine.create(location, 3)).contains("made:data", "made:meta");
    // Three for the objects and three for the change log.
    assertThat(RunningCluster.regionCount("made:data")).isEqualTo(6);
    assertThat(engine.create(location, 5)).isEmpty();
    try (KeyValueStore first = open(location);
        KeyValueStore second = open(location)) {
      first.transact(
          transaction -> {
            transaction.put(KEY, KEY);
            return true;
          });
      assertThat(second.get(KEY)).isEqualTo(KEY);
    }
  }

  @Test
  void statisticsAreCountedWhileThatIsCheapAndKeptWhereItIsNot() {
    try (KeyValueStore store = RunningCluster.open("counted", StoreOptions.DEFAULT)) {
      put(store, 0, 900);
      assertThat(store.statistics(KeyRange.all()))
          .isEqualTo(new RangeStatistics(900, 900 * (4 + 4)));
      put(store, 900, 3_000);
      KeyRange all = KeyRange.all();
      assertThat(store.statistics(all)).isEqualTo(new RangeStatistics(3_000, 3_000 * (4 + 4)));
      put(store, 3_000, 12_000);
      put(store, 12_000, 21_500);
      assertThat(store.statistics(all).entryCount()).isEqualTo(3_000);
      KeyRange same = KeyRange.of(bytes(0), null);
      assertThat(store.statistics(same).entryCount()).isBetween(20_000L, 2_000_000L);
      assertThat(store.statistics(KeyRange.of(bytes(7), bytes(17))).entryCount()).isEqualTo(10);
    }
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static void put(KeyValueStore store, int from, int to) {
    store.transact(
        transaction -> {
          for (int i = from; i < to; i++) {
            transaction.put(bytes(i), bytes(i));
          }
          return true;
        });
  }

  @Test
  void whatOnlyLocalEnginesHaveIsRefusedByName() {
    try (KeyValueStore store = RunningCluster.open("local", StoreOptions.DEFAULT)) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> store.begin(TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE)),
              () -> store.snapshotAt(1),
              () -> store.snapshotAt(Instant.EPOCH),
              () -> store.checkpoint(Path.of("nowhere")))) {
        assertFails(call, ErrorCode.NOT_SUPPORTED, "hbase");
      }
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void anOracleThatIsNotThereIsNamedSoon() {
    String location = RunningCluster.location("nowhere");
    String store = location.substring(0, location.indexOf('?'));
    engine.create(store, 1);
    assertFails(
        () -> open(store + "?oracle=localhost:1"),
        ErrorCode.UNAVAILABLE,
        "cannot reach the timestamp oracle at localhost:1");
    assertFails(
        () -> open(store + "?oracle=localhost"), ErrorCode.UNAVAILABLE, "expected HOST:PORT");
    assertFails(() -> open(store), ErrorCode.UNAVAILABLE, "has published its address", "?oracle=");
    // Something listens there, but it is not the oracle.
    String zooKeeper = store.substring("hbase://".length(), store.lastIndexOf('/'));
    assertFails(
        () -> open(store + "?oracle=" + zooKeeper), ErrorCode.UNAVAILABLE, "timestamp oracle");
  }
}
