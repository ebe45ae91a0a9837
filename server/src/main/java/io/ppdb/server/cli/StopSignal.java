package io.ppdb.server.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Waits until the process is told to stop, by SIGTERM or SIGINT, and lets it end with exit code 0
 * once everything is closed.
 */
final class StopSignal {
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "ppdb-stop"));
  }

  private void stop() {
    told.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The JVM would exit with 128 and the signal's number, as if it had been killed.
    Runtime.getRuntime().halt(Program.EXIT_OK);
  }

  /** Returns when the signal has come. */
  void await() throws InterruptedException {
    told.await();
  }

  /** Everything is closed: the process may end. */
  void done() {
    closed.countDown();
  }
}
