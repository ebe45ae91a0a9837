package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.kv.contract.Workloads;
import io.ppdb.kv.contract.Workloads.Kind;
import io.ppdb.kv.engine.MutantStore.Bug;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Proof of the workloads: each bug breaks the invariants that are there to catch it. */
class WorkloadMutantsTest {
  private static final int MAX_HISTORIES = 20;

  @ParameterizedTest
  @CsvSource({
    "BANK, SKIP_VALIDATION",
    "BANK, PRUNE_THE_WINDOW_EARLY",
    "BANK, PUBLISH_BEFORE_APPLY",
    "BANK, COLLECT_PAST_THE_HORIZON",
    "BANK_SERIALIZABLE, IGNORE_READS",
    "LIST_APPEND, SKIP_VALIDATION",
    "LIST_APPEND, PRUNE_THE_WINDOW_EARLY",
    "LIST_APPEND, PUBLISH_BEFORE_APPLY",
    "LIST_APPEND_SERIALIZABLE, IGNORE_READS",
    "LIST_APPEND_JUDGED_TOO_STRICTLY, NONE",
    "FOREIGN_KEYS, IGNORE_GUARDS",
    "FOREIGN_KEYS, IGNORE_LOCKS",
    "SCHEMA_EPOCHS, IGNORE_REQUIREMENTS",
  })
  void workloadCatches(Kind kind, Bug bug) {
    for (long seed = 1; seed <= MAX_HISTORIES; seed++) {
      if (!violations(kind, bug, seed).isEmpty()) {
        return;
      }
    }
    throw new AssertionError(MAX_HISTORIES + " histories of " + kind + " did not show " + bug);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LIST_APPEND_JUDGED_TOO_STRICTLY")
  void workloadFindsNothingInTheSameStoreWithoutABug(Kind kind) {
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(violations(kind, Bug.NONE, seed)).as("seed " + seed).isEmpty();
    }
  }

  private static List<String> violations(Kind kind, Bug bug, long seed) {
    StoreOptions options = StoreOptions.DEFAULT.withClock(new ManualClock());
    try (MutantStore store = MutantStore.open(options, bug)) {
      return Workloads.interleaved(store, kind, seed, 8, 2000);
    }
  }
}
