package io.ppdb.kv;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The retry loop behind {@link KeyValueStore#transact}. */
final class Retry {
  private static final int MAX_ATTEMPTS = 64;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Retry() {}

  static <T> T transact(
      KeyValueStore store, TransactionOptions options, Function<Transaction, T> work) {
    Limits.checkNotNull(work, "work");
    long pauseNanos = FIRST_PAUSE_NANOS;
    for (int attempt = 1; ; attempt++) {
      try (Transaction transaction = store.begin(options)) {
        T result = work.apply(transaction);
        transaction.commit();
        return result;
      } catch (PpdbException e) {
        if (!e.isRetryable() || attempt == MAX_ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pauseNanos) + 1);
      pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
    }
  }
}
