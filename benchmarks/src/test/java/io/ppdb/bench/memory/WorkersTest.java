package io.ppdb.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.bench.Measurement;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void allPassesOfAllThreadsAreCounted() throws Exception {
    AtomicLong passes = new AtomicLong();
    try (Workers workers = new Workers(3)) {
      Measurement measured = workers.measure(5, 7, (thread, pass) -> passes.incrementAndGet() & 0);

      assertThat(measured.operationCount()).isEqualTo(7 * passes.get());
      assertThat(measured.wallNanos()).isGreaterThanOrEqualTo(5_000_000);
    }
  }

  @Test
  void theChecksumDoesNotDependOnHowLongARoundIs() throws Exception {
    try (Workers workers = new Workers(2)) {
      Workers.Pass work = (thread, pass) -> 10L * thread + pass;

      String shortest = workers.measure(0, 1, work).checksum();

      assertThat(workers.measure(20, 1, work).checksum()).isEqualTo(shortest).isNotEqualTo("0");
    }
  }

  @Test
  void threadsWorkAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    try (Workers workers = new Workers(2)) {
      assertThat(workers.once((thread, pass) -> both.await())).isEqualTo(0 + 1);
    }
  }

  @Test
  void aFailureOfAnyThreadIsTold() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(
              () ->
                  workers.once(
                      (thread, pass) -> {
                        if (thread == 1) {
                          throw new IllegalStateException("broken");
                        }
                        return 0;
                      }))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("broken");
    }
  }
}
