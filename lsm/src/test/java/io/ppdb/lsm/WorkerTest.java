package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerTest {
  /** Else commits would wait for ever for a flush that nobody does. */
  @Test
  void anErrorEndsTheWorkAndIsReported() throws Exception {
    CompletableFuture<Throwable> reported = new CompletableFuture<>();
    OutOfMemoryError error = new OutOfMemoryError("in a test");
    Worker worker =
        new Worker(
            "ppdb-test-worker",
            60_000,
            () -> {
              throw error;
            },
            reported::complete);
    worker.start();
    worker.signal();
    assertThat(reported.get(60, TimeUnit.SECONDS)).isSameAs(error);
    worker.stop();
  }
}
