package io.ppdb.lsm.compaction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs the pieces of a compaction at the same time, one of them in the caller's thread. */
public final class Pieces {
  /** One piece. */
  public interface Piece {
    /** Does the work, and leaves off soon when {@code others} has failed. */
    void run(Failure others) throws IOException;
  }

  /** Whether a piece has failed, and why. */
  public static final class Failure {
    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    private Failure() {}

    /** Whether what is still under way is in vain. */
    public boolean isKnown() {
      return first.get() != null;
    }

    private void add(Throwable failure) {
      Throwable known = first.compareAndExchange(null, failure);
      if (known != null && known != failure) {
        known.addSuppressed(failure);
      }
    }
  }

  private Pieces() {}

  /**
   * Runs all pieces, and returns when none is under way any more.
   *
   * @throws IOException if a piece does; or what else the first one has failed with
   */
  public static void runAll(List<? extends Piece> pieces) throws IOException {
    Failure failure = new Failure();
    List<Thread> threads = new ArrayList<>();
    for (Piece piece : pieces.subList(1, pieces.size())) {
      Thread thread = new Thread(() -> run(piece, failure), "ppdb-subcompaction");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    run(pieces.get(0), failure);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow(failure.first.get());
  }

  /** Errors too: whoever waits for the piece is told. */
  private static void run(Piece piece, Failure failure) {
    try {
      piece.run(failure);
    } catch (Throwable e) {
      failure.add(e);
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
