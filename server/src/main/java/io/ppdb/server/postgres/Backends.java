package io.ppdb.server.postgres;

import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The sessions by their numbers, so that another connection can cancel what they do. */
final class Backends {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * How a client names a session.
   *
   * @param processId its number
   * @param secret known to its client only
   */
  record Key(int processId, int secret) {}

  private final AtomicInteger lastProcessId = new AtomicInteger();
  private final ConcurrentHashMap<Key, Runnable> cancels = new ConcurrentHashMap<>();

  Key newKey() {
    return new Key(lastProcessId.incrementAndGet() & Integer.MAX_VALUE, RANDOM.nextInt());
  }

  void add(Key key, Runnable cancel) {
    cancels.put(key, cancel);
  }

  void remove(Key key) {
    cancels.remove(key);
  }

  /** Cancels what a session does; does nothing if there is none of this key. */
  void cancel(Key key) {
    Runnable cancel = cancels.get(key);
    if (cancel != null) {
      cancel.run();
    }
  }
}
