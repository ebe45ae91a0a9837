package io.ppdb.hbase.omid;

import io.ppdb.kv.PpdbException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the operands of keys folded that have many, in a thread of its own that ends when there is
 * nothing to do. What it does not come to is asked for again by the next who reads the key.
 * Thread-safe.
 */
final class Folder implements AutoCloseable {
  private static final int MAX_WAITING_KEYS = 1_000;

  private final Consumer<byte[]> fold;

  /** Keys in the order in which they were asked for; guarded by this, as the rest. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  private final Set<byte[]> known = new TreeSet<>(Arrays::compareUnsigned);
  private @Nullable Thread thread;
  private boolean closed;

  /**
   * Does nothing yet.
   *
   * @param fold folds the operands of a key; may fail
   */
  Folder(Consumer<byte[]> fold) {
    this.fold = fold;
  }

  /** Has the operands of {@code key} folded, some time. */
  synchronized void ask(byte[] key) {
    if (closed || waiting.size() == MAX_WAITING_KEYS || !known.add(key)) {
      return;
    }
    waiting.add(key);
    if (thread == null) {
      thread = new Thread(this::run, "ppdb-hbase-folder");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    for (byte[] key = next(); key != null; key = next()) {
      try {
        fold.accept(key);
      } catch (PpdbException e) {
        // Somebody was faster, or the cluster is away: the next who reads the key asks again.
      } finally {
        done(key);
      }
    }
  }

  private synchronized byte @Nullable [] next() {
    byte[] key = closed ? null : waiting.poll();
    if (key == null) {
      thread = null;
    }
    return key;
  }

  private synchronized void done(byte[] key) {
    known.remove(key);
  }

  /** Waits for what is being folded; the rest is left. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
