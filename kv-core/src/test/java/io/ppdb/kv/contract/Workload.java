package io.ppdb.kv.contract;

import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Transaction;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Transactions with a purpose, and an invariant that only holds if the store keeps its word. Plans
 * are made and run by many threads.
 */
interface Workload {
  /**
   * One transaction: between any two steps other clients may come.
   *
   * @param steps what it does; CONFLICT at any of them ends it
   * @param committed is told the version of the commit
   */
  record Plan(Isolation isolation, List<Consumer<Transaction>> steps, LongConsumer committed) {
    Plan(Isolation isolation, List<Consumer<Transaction>> steps) {
      this(isolation, steps, version -> {});
    }
  }

  /** Writes what the plans expect to find. */
  void setUp(KeyValueStore store);

  Plan plan(Random random);

  /** What is wrong with what was seen meanwhile, and with what is there in the end. */
  List<String> violations();
}
