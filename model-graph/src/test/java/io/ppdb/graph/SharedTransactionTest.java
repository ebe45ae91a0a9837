package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.junit.jupiter.api.Test;

class SharedTransactionTest {
  private static final int THREAD_COUNT = 4;
  private static final int VERTEX_COUNT = 300;

  @Test
  void threadsThatShareATransactionLoseNoChange() throws InterruptedException {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
        PpdbGraph graph = PpdbGraph.open(store)) {
      Graph shared = graph.tx().createThreadedTx();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREAD_COUNT; t++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    start.await();
                    Vertex before = shared.addVertex("n", -1);
                    for (int i = 1; i < VERTEX_COUNT; i++) {
                      Vertex vertex = shared.addVertex("n", i);
                      before.addEdge("next", vertex);
                      before = vertex;
                    }
                  } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
      shared.tx().commit();
      assertThat(graph.traversal().V().count().next()).isEqualTo(THREAD_COUNT * VERTEX_COUNT);
      assertThat(graph.traversal().E().count().next()).isEqualTo(THREAD_COUNT * (VERTEX_COUNT - 1));
      graph.tx().rollback();
    }
  }
}
