package io.ppdb.kv.memory;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The histories once more, while shards are rewritten, split and joined all the time. */
class ReshapedHistoryTest extends HistoryContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    MemoryStore store = new MemoryStore(options);
    Thread thread = new Thread(() -> reshape(store), "reshape");
    thread.setDaemon(true);
    thread.start();
    return store;
  }

  private static void reshape(MemoryStore store) {
    Random random = new Random(1);
    try {
      while (true) {
        store.sizeInBytes(); // fails when the store is closed
        Shards shards = store.shards();
        int count = shards.current().shards().size();
        int shard = random.nextInt(count);
        switch (random.nextInt(3)) {
          case 0 -> shards.split(shard);
          case 1 -> shards.rewrite(shard);
          default -> {
            if (shard + 1 < count) {
              shards.join(shard);
            }
          }
        }
        LockSupport.parkNanos(50_000);
      }
    } catch (PpdbException closed) {
      // The history is over.
    }
  }
}
