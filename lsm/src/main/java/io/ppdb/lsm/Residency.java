package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy.Placement;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the blocks of ranges whose placement is MEMORY in memory, by a thread of its own: when the
 * store is opened, when tables are made, and when policies change. Until it has come by, and beyond
 * the limit for pinned blocks, reads go to the disk and to the caches.
 *
 * <p>Thread-safe.
 */
final class Residency implements Closeable {
  private static final System.Logger LOGGER = System.getLogger(Residency.class.getName());

  /** Room may come when a table goes that somebody still read, which nobody is told of. */
  private static final long POLL_MILLIS = TimeUnit.SECONDS.toMillis(60);

  private final EngineContext context;
  private final LiveState live;
  private final Worker worker;

  /** What policies ask for. */
  private volatile Wanted wanted = new Wanted(false, List.of());

  /** Whether not all that should be pinned is; written by the worker. */
  private volatile boolean isOverLimit;

  /**
   * What policies ask for.
   *
   * @param anyTiered whether a range is TIERED
   * @param inMemory the ranges that are MEMORY
   */
  private record Wanted(boolean anyTiered, List<KeyRange> inMemory) {}

  Residency(EngineContext context, LiveState live) {
    this.context = context;
    this.live = live;
    this.worker = new Worker("ppdb-residency", POLL_MILLIS, this::step, Residency::failed);
  }

  void start() {
    policiesChanged();
    worker.start();
    live.onTreeChange(this::treeChanged);
  }

  /** To be called when policies have changed. */
  synchronized void policiesChanged() {
    boolean anyTiered = false;
    List<KeyRange> inMemory = new ArrayList<>();
    for (PolicyMap.Assignment assignment : context.policies().assignments()) {
      Placement placement = assignment.policy().placement();
      anyTiered |= placement == Placement.TIERED;
      if (placement == Placement.MEMORY) {
        inMemory.add(assignment.range());
      }
    }
    wanted = new Wanted(anyTiered, List.copyOf(inMemory));
    worker.signal();
  }

  private void treeChanged() {
    if (!wanted.inMemory.isEmpty()) {
      worker.signal();
    }
  }

  /** Whether what is read of {@code key} is to be kept by itself. */
  boolean isTiered(byte[] key) {
    Wanted now = wanted;
    boolean overflows = isOverLimit;
    if (!now.anyTiered && !overflows) {
      return false;
    }
    Placement placement = context.policies().get(key).placement();
    return placement == Placement.TIERED || (overflows && placement == Placement.MEMORY);
  }

  /** Whether not all that should be in memory has room there. */
  boolean isOverLimit() {
    return isOverLimit;
  }

  private boolean step() {
    List<KeyRange> ranges = wanted.inMemory;
    Tree tree = live.acquire().tree();
    try {
      boolean fits = true;
      for (TableFile file : tree.tables()) {
        if (worker.isStopped()) {
          return false;
        }
        fits &= pin(file, ranges);
      }
      if (!fits && !isOverLimit) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "ranges placed in memory are larger than pinnedBytes, {0}: what is over is read as if"
                + " it were TIERED",
            live.source().cache().pinnedBudgetBytes());
      }
      isOverLimit = !fits;
    } finally {
      tree.release();
    }
    return false;
  }

  /** Pins of a table what lies in {@code ranges}, and nothing else; false if there is no room. */
  private static boolean pin(TableFile file, List<KeyRange> ranges) {
    try {
      return file.pin(ranges);
    } catch (IOException | PpdbException e) {
      // Whoever reads the table is told.
      LOGGER.log(System.Logger.Level.WARNING, "cannot bring into memory: " + file.path(), e);
      return true;
    }
  }

  private static void failed(Throwable e) {
    LOGGER.log(System.Logger.Level.ERROR, "nothing is brought into memory any more", e);
  }

  @Override
  public void close() {
    worker.stop();
  }
}
