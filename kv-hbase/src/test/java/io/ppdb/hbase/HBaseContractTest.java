package io.ppdb.hbase;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.KeyValueStoreContract;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;

/** The contract on a cluster of three region servers, whose stores are emptied and used again. */
@Tag("cluster")
class HBaseContractTest extends KeyValueStoreContract {
  private final AtomicInteger openedCount = new AtomicInteger();

  @Override
  protected KeyValueStore open(StoreOptions options) {
    KeyValueStore store = RunningCluster.open("contract" + openedCount.incrementAndGet(), options);
    store.transact(
        transaction -> {
          transaction.deleteRange(KeyRange.all());
          return true;
        });
    return store;
  }
}
