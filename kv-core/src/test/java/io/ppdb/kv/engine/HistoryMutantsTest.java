package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.Histories;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.kv.engine.MutantStore.Bug;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proof of the history checker: it finds each seeded bug, and nothing where there is none. */
class HistoryMutantsTest {
  private static final int MAX_HISTORIES = 20;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void checkerCatches(Bug bug) {
    for (long seed = 1; seed <= MAX_HISTORIES; seed++) {
      if (!violations(bug, seed).isEmpty()) {
        return;
      }
    }
    throw new AssertionError(MAX_HISTORIES + " histories did not show " + bug);
  }

  @Test
  void checkerFindsNothingInTheSameStoreWithoutABug() {
    for (long seed = 1; seed <= MAX_HISTORIES; seed++) {
      assertThat(violations(Bug.NONE, seed)).as("seed " + seed).isEmpty();
    }
  }

  private static List<String> violations(Bug bug, long seed) {
    ManualClock clock = new ManualClock();
    try (MutantStore store = MutantStore.open(StoreOptions.DEFAULT.withClock(clock), bug)) {
      return Histories.interleaved(store, clock, seed, 1500);
    }
  }
}
