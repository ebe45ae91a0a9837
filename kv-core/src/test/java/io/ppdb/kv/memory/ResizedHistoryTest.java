package io.ppdb.kv.memory;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The histories once more, while a hash ring grows and shrinks and is rewritten all the time. */
class ResizedHistoryTest extends HistoryContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    MemoryStore store = new MemoryStore(options, MemoryOptions.hash(3));
    Thread thread = new Thread(() -> resize(store), "resize");
    thread.setDaemon(true);
    thread.start();
    return store;
  }

  @Override
  protected int historyCount() {
    return 40;
  }

  private static void resize(MemoryStore store) {
    Random random = new Random(1);
    try {
      while (true) {
        store.sizeInBytes(); // fails when the store is closed
        if (random.nextInt(3) == 0) {
          store.resize(1 + random.nextInt(5));
        } else {
          store.shards().rewrite(random.nextInt(5));
        }
        LockSupport.parkNanos(50_000);
      }
    } catch (PpdbException closed) {
      // The history is over.
    }
  }
}
