package io.ppdb.kv.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaddedCounterTest {
  @Test
  void sumIsWhatWasAdded() {
    PaddedCounter counter = new PaddedCounter();
    counter.increment();
    counter.add(41);
    counter.add(-2);
    assertThat(counter.sum()).isEqualTo(40);
    assertThat(counter).hasToString("40");
  }

  @Test
  void sumIsExactWhenAllThreadsAreDone() {
    long seed = Threads.seed();
    PaddedCounter counter = new PaddedCounter();
    int threads = 6;
    long[] expected = new long[threads];
    Threads.run(
        threads,
        thread -> {
          Random random = new Random(seed + thread);
          long added = 0;
          for (int i = 0; i < 100_000; i++) {
            int delta = random.nextInt(2001) - 1000;
            counter.add(delta);
            added += delta;
          }
          expected[thread] = added;
        });
    long sum = 0;
    for (long part : expected) {
      sum += part;
    }
    assertThat(counter.sum()).as("seed %d", seed).isEqualTo(sum);
  }

  @Test
  void sumHasWhatWasAddedBeforeItAndNothingThatWasNot() {
    PaddedCounter counter = new PaddedCounter();
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger running = new AtomicInteger(3);
    int increments = 50_000;
    Threads.run(
        4,
        thread -> {
          if (thread > 0) {
            for (int i = 0; i < increments; i++) {
              counter.increment();
            }
            if (running.decrementAndGet() == 0) {
              done.set(true);
            }
            return;
          }
          long last = 0;
          while (!done.get()) {
            long now = counter.sum();
            assertThat(now).isBetween(last, 3L * increments);
            last = now;
          }
        });
    assertThat(counter.sum()).isEqualTo(3L * increments);
  }
}
