package io.ppdb.kv.contract;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;

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
}
