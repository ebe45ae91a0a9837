package io.ppdb.kv.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many users something has; the last one to go disposes of it, and it does so exactly once.
 *
 * <p>Begins at one: the maker's use. Zero is final. Who has a use may pass on another with {@link
 * #retain}; who only has a reference, and so races with the last release, asks with {@link
 * #tryRetain}. What a user did before its release happens before the disposal. Thread-safe.
 */
public final class ReferenceCount {
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(ReferenceCount.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int count = 1;

  /** Counts one more user; fails if the last one has gone, for then the caller was none. */
  public void retain() {
    if (!tryRetain()) {
      throw new IllegalStateException("retained after its last user released it");
    }
  }

  /** Counts one more user; false, and nothing else, if the last one has gone. */
  public boolean tryRetain() {
    int now = count;
    while (now != 0) {
      int seen = (int) COUNT.compareAndExchange(this, now, Math.addExact(now, 1));
      if (seen == now) {
        return true;
      }
      now = seen;
    }
    return false;
  }

  /** Takes one user off; true if it was the last, and the caller has to dispose of the thing. */
  public boolean release() {
    int now = count;
    while (now != 0) {
      int seen = (int) COUNT.compareAndExchange(this, now, now - 1);
      if (seen == now) {
        return now == 1;
      }
      now = seen;
    }
    throw new IllegalStateException("released more often than it was retained");
  }

  /** How many users there were a moment ago. */
  public int count() {
    return count;
  }
}
