package io.ppdb.kv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories of concurrent clients, judged by the oracle; an engine's test extends this class
 * and says how a store is opened. {@code -Dppdb.seed=} replays one seed.
 */
public abstract class HistoryContract {
  private static final long FIRST_SEED = 1;

  /** Opens a new, empty store; the caller closes it. */
  protected abstract KeyValueStore open(StoreOptions options);

  /** How many times more than usual is tried: {@code -Pfull} says. */
  private static int effort() {
    return Integer.getInteger("ppdb.effort", 1);
  }

  /** How many histories of each kind are tried. */
  protected int historyCount() {
    return 120;
  }

  /** Workloads with invariants, eight threads; and as many clients taken in turn by one. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LIST_APPEND_JUDGED_TOO_STRICTLY")
  void workloadKeepsItsInvariant(Workloads.Kind kind) {
    Long given = Long.getLong("ppdb.seed");
    int count = given == null ? Math.max(1, historyCount() * effort() / 40) : 1;
    for (int i = 0; i < count; i++) {
      long seed = given == null ? FIRST_SEED + i : given;
      try (KeyValueStore store = open(options(new ManualClock(), i))) {
        assertNone(seed, Workloads.interleaved(store, kind, seed, 8, 3000));
      }
      try (KeyValueStore store = open(options(new ManualClock(), i))) {
        assertNone(seed, Workloads.threaded(store, kind, seed, 8, 500));
      }
    }
  }

  @Test
  void everyInterleavedHistoryIsOneOfTheOracle() {
    Long given = Long.getLong("ppdb.seed");
    int count = given == null ? historyCount() * effort() : 1;
    for (int i = 0; i < count; i++) {
      long seed = given == null ? FIRST_SEED + i : given;
      ManualClock clock = new ManualClock();
      try (KeyValueStore store = open(options(clock, i))) {
        assertNone(seed, Histories.interleaved(store, clock, seed, 1500));
      }
    }
  }

  @Test
  void everyThreadedHistoryIsOneOfTheOracle() {
    Long given = Long.getLong("ppdb.seed");
    int count = given == null ? Math.max(1, historyCount() * effort() / 4) : 1;
    for (int i = 0; i < count; i++) {
      long seed = given == null ? FIRST_SEED + i : given;
      ManualClock clock = new ManualClock();
      try (KeyValueStore store = open(options(clock, i))) {
        assertNone(seed, Histories.threaded(store, clock, seed, 2 + i % 7, 400));
      }
    }
  }

  /** Every other store has memtables so small that entries move about all the time. */
  private static StoreOptions options(ManualClock clock, int index) {
    return StoreOptions.DEFAULT
        .withClock(clock)
        .withMemtableBytes(index % 2 == 0 ? 16 << 10 : 1 << 20)
        .withBlockCacheBytes(1 << 20);
  }

  private static void assertNone(long seed, List<String> violations) {
    assertThat(violations)
        .as("replay with -Dppdb.seed=%d; %d violations", seed, violations.size())
        .isEmpty();
  }
}
