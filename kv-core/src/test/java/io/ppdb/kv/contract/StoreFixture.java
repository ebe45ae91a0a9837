package io.ppdb.kv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;

/**
 * What the cases of the contract run on.
 *
 * <p>Keys that begin with {@code c/} are mergeable, those with {@code e/} expirable, all others
 * plain.
 */
interface StoreFixture {
  /** The store of this test, empty when it begins. */
  KeyValueStore store();

  /** The clock of {@link #store}. */
  ManualClock clock();

  /** Another store, empty; closed after the test. */
  KeyValueStore another(StoreOptions options);

  /**
   * Whether only those are refused who have to be. An engine of which that is not true may refuse
   * any commit that claims something, so that it is tried again.
   */
  default boolean isExact() {
    return true;
  }

  /** Whether the version that a view shows is always that of the newest commit, and not later. */
  default boolean showsVersionsOfCommits() {
    return true;
  }

  /** Whether commits have their times from the clock that the store was opened with. */
  default boolean hasTicksOfItsClock() {
    return true;
  }

  /**
   * How often to do what is usually done {@code count} times: fewer times where each one is slow.
   */
  default int times(int count) {
    return count;
  }

  /** Commits a transaction that nobody conflicts with; it may only be refused needlessly. */
  default void commitUnlessInexact(Transaction transaction) {
    try {
      transaction.commit();
    } catch (PpdbException e) {
      if (isExact() || e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
    }
  }

  /** Fails unless {@code view}, which was opened after the commit of a version, shows just that. */
  default void assertShows(ReadView view, long version) {
    assertThat(view.version()).isGreaterThanOrEqualTo(version);
    if (showsVersionsOfCommits()) {
      assertThat(view.version()).isEqualTo(version);
    }
  }
}
