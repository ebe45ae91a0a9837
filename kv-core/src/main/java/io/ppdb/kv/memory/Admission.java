package io.ppdb.kv.memory;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Horizons;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets commits in as far as there is memory for them.
 *
 * <p>Two bounds. Under a limit ({@link MemoryOptions#maxBytes}) a commit that does not fit waits
 * for {@link ShardMaintenance} to give memory back, and fails if that does not help; at once if
 * there is nothing to give back. And while there is more garbage than maintenance is meant to let
 * lie ({@link MemoryOptions#maxGarbageBytes}), commits wait for it, but never fail by it. No commit
 * waits longer than {@link #MAX_WAIT_MILLIS}, or {@link #MAX_LIMIT_WAIT_MILLIS} if it would fail.
 * Commits that only delete make room, so they do not wait for garbage and may exceed the limit by a
 * sixteenth; those of eviction are always let in.
 *
 * <p>Measuring walks over all shards, so it is not done for every commit: what was free when it was
 * last measured is a credit that commits use up. Those that race for the last of it may all get in,
 * so the limit can be passed by as many commits as there are threads. Thread-safe.
 */
final class Admission {
  static final long MAX_WAIT_MILLIS = 500;
  static final long MAX_LIMIT_WAIT_MILLIS = 5_000;

  /** Below this part of all memory garbage is not worth waiting for. */
  private static final int MIN_GARBAGE_PART = 16;

  /** What an entry may lose at the end of an arena's chunk, beside its own size. */
  private static final long MAX_LOST_BYTES = 64 << 10;

  /** More than any memory, and less than would overflow. */
  private static final long MAX_ROOM = Long.MAX_VALUE / 4;

  private final EngineContext context;
  private final Shards shards;
  private final MemoryOptions options;
  private final MemoryBudget budget;

  /** Null if there is no limit. */
  private final @Nullable Evictor evictor;

  /** What may be committed before it has to be measured again. */
  private final AtomicLong credit = new AtomicLong();

  private volatile Runnable wake = () -> {};

  /** How often memory was given back; guarded by the monitor. */
  private long givenBackCount;

  /** Guarded by the monitor. */
  private boolean closed;

  Admission(
      EngineContext context,
      Shards shards,
      MemoryOptions options,
      MemoryBudget budget,
      @Nullable Evictor evictor) {
    this.budget = budget;
    this.evictor = evictor;
    this.context = context;
    this.shards = shards;
    this.options = options;
  }

  /** Says how to call those who give memory back. */
  void callOnNeed(Runnable newWake) {
    wake = newWake;
  }

  /** Waits until there is room for a commit; outside of any lock. */
  void admit(Commit commit) {
    long bytes = commit.sizeInBytes();
    if (bytes <= credit.get() || commit.givesWay()) {
      return;
    }
    boolean deletes = onlyDeletes(commit);
    if (!deletes || (budget.isLimited() && bytes > credit.get() + budget.deleteBytes() / 2)) {
      awaitRoom(commit, deletes);
    }
  }

  /** Counts a commit that has got its version. */
  void took(Commit commit) {
    credit.addAndGet(-commit.sizeInBytes());
  }

  /** Tells those who wait that memory was given back. */
  synchronized void gaveBack() {
    givenBackCount++;
    notifyAll();
  }

  /** Sends those away who wait: nobody will give memory back any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private static boolean onlyDeletes(Commit commit) {
    for (Entry entry : commit.entries()) {
      if (entry.kind() != EntryKind.DELETE) {
        return false;
      }
    }
    return true;
  }

  private synchronized void awaitRoom(Commit commit, boolean deletes) {
    // Before it is measured: what only this view holds can be given back.
    context.readNoMore(commit);
    long bytes = commit.sizeInBytes();
    long startNanos = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        if (closed) {
          throw new PpdbException(ErrorCode.CLOSED, "the store is closed");
        }
        context.checkWritable(); // it may have lost who gives memory back
        Usage usage = measure();
        long room = usage.room + (deletes ? budget.deleteBytes() : 0);
        boolean fits = bytes + Math.min(bytes, MAX_LOST_BYTES) <= room;
        if (fits && (deletes || usage.garbageRoom > 0)) {
          return;
        }
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        long leftMillis = (fits ? MAX_WAIT_MILLIS : MAX_LIMIT_WAIT_MILLIS) - waitedMillis;
        boolean hopeless =
            !fits && !canEvict() && usage.reclaimable < usage.size / MIN_GARBAGE_PART;
        if (hopeless || leftMillis <= 0) {
          if (fits) {
            return;
          }
          throw exceeded(bytes, usage);
        }
        long seenCount = givenBackCount;
        wake.run();
        if (givenBackCount == seenCount) {
          try {
            wait(leftMillis);
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean canEvict() {
    return evictor != null && evictor.canEvict();
  }

  /**
   * How memory is used now.
   *
   * @param room what is left under the limit
   * @param garbageRoom how much more garbage may lie about
   */
  private record Usage(long size, long reclaimable, long room, long garbageRoom) {}

  private Usage measure() {
    ShardMap map = shards.current();
    map.countDeleted();
    long size = map.sizeInBytes();
    long reclaimable = map.reclaimableBytes(context.horizons());
    long room = budget.isLimited() ? Math.min(MAX_ROOM, budget.entryBytes() - size) : MAX_ROOM;
    long garbageRoom = Math.min(MAX_ROOM, options.maxGarbageBytes()) + size - 2 * reclaimable;
    credit.set(
        Math.min(room / 2, garbageRoom)); // half, because commits may take more than they say
    return new Usage(size, reclaimable, room, garbageRoom);
  }

  private PpdbException exceeded(long bytes, Usage usage) {
    Horizons horizons = context.horizons();
    long held = shards.current().garbageBytes(horizons) - usage.reclaimable;
    return new PpdbException(
        ErrorCode.MEMORY_LIMIT,
        "a commit of "
            + bytes
            + " bytes does not fit: the store takes "
            + usage.size
            + " of at most "
            + budget.maxBytes()
            + " bytes, and rewriting and eviction need "
            + (budget.maxBytes() - budget.entryBytes())
            + "; "
            + usage.reclaimable
            + " are garbage"
            + (held > 0
                ? ", " + held + " of them for open snapshots and history (" + horizons + ")"
                : ""));
  }
}
