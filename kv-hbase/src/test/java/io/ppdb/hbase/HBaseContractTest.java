package io.ppdb.hbase;

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
    return RunningCluster.openEmpty("contract" + openedCount.incrementAndGet(), options);
  }

  /** A requirement or a deleted range may refuse others who do not conflict with it. */
  @Override
  public boolean renews() {
    return false;
  }

  @Override
  public boolean isExact() {
    return false;
  }

  /** The oracle counts views as well as commits. */
  @Override
  public boolean showsVersionsOfCommits() {
    return false;
  }

  /** A commit takes milliseconds here. */
  @Override
  public int times(int count) {
    return Math.max(1, count / 8);
  }
}
