package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.archive.SealedSegment;
import io.ppdb.lsm.archive.WalArchive;
import io.ppdb.lsm.events.ArchiveEvent;
import io.ppdb.lsm.manifest.LogFiles;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Offers segments of the log to the archive, by a thread of its own, in their order: each when its
 * commits are in tables, and the rest when the store is closed. What the archive has not taken is
 * not given up. If it fails it is asked again, after pauses that grow; if what it has not taken
 * outgrows a bound, commits are refused until it does.
 *
 * <p>Thread-safe. The thread, and after its end who closes the store, are the only ones that offer.
 */
final class LogArchiver {
  private static final System.Logger LOGGER = System.getLogger(LogArchiver.class.getName());
  private static final long POLL_MILLIS = 100;
  private static final long MAX_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LsmOptions options;
  private final LiveState live;
  private final @Nullable WalArchive archive;
  private final Worker worker;

  /** The archive has all segments up to this number. */
  private volatile long archivedThrough;

  /** Why commits are refused; null while they are not. */
  private volatile @Nullable String refusal;

  // Of the thread that offers.
  private long pauseNanos;
  private long resumeNanos;

  LogArchiver(LsmOptions options, LiveState live) {
    this.options = options;
    this.live = live;
    this.archive = options.walArchive();
    this.worker =
        new Worker(
            "ppdb-archive",
            POLL_MILLIS,
            this::step,
            e -> LOGGER.log(System.Logger.Level.ERROR, "nothing is archived any more", e));
  }

  void start() {
    if (archive != null) {
      resumeNanos = System.nanoTime();
      worker.start();
      worker.signal();
    }
  }

  /** Tells that a segment may have ended. */
  void signal() {
    if (archive != null) {
      worker.signal();
    }
  }

  /** Whether the archive has segment {@code number}, or there is none to have it. */
  boolean mayGiveUp(long number) {
    return archive == null || number <= archivedThrough;
  }

  /** Fails with UNAVAILABLE if too much waits for the archive. */
  void checkRoom() {
    String why = refusal;
    if (why != null) {
      throw new PpdbException(ErrorCode.UNAVAILABLE, why);
    }
  }

  private boolean step() {
    WalArchive target = archive;
    if (target == null) {
      return false;
    }
    LogFiles log = live.log();
    long afterVersion = log.changesFrom();
    for (KeptSegment segment : log.kept()) {
      if (segment.number() > archivedThrough) {
        if (worker.isStopped() || System.nanoTime() - resumeNanos < 0) {
          break;
        }
        if (!offer(target, segment.number(), afterVersion)) {
          break;
        }
      }
      afterVersion = segment.lastVersion();
    }
    checkBound(log);
    return false;
  }

  private void checkBound(LogFiles log) {
    long bytes = 0;
    for (KeptSegment segment : log.kept()) {
      bytes += mayGiveUp(segment.number()) ? 0 : segment.endOffset();
    }
    refusal =
        bytes <= options.maxUnarchivedBytes()
            ? null
            : "the archive of the log has not taken "
                + bytes
                + " bytes, more than maxUnarchivedBytes, "
                + options.maxUnarchivedBytes();
  }

  /** Offers a segment; false if it was not taken. */
  private boolean offer(WalArchive target, long number, long afterVersion) {
    ArchiveEvent event = new ArchiveEvent();
    event.segmentNumber = number;
    event.begin();
    try {
      SealedSegment segment = read(number, afterVersion);
      if (segment != null) {
        event.bytes = segment.lengthInBytes();
        target.archive(segment);
      }
      archivedThrough = number;
      pauseNanos = 0;
      return true;
    } catch (IOException | RuntimeException e) {
      event.failure = String.valueOf(e);
      pauseNanos = Math.min(MAX_PAUSE_NANOS, Math.max(2 * pauseNanos, POLL_MILLIS * 1_000_000));
      resumeNanos = System.nanoTime() + pauseNanos;
      LOGGER.log(
          System.Logger.Level.WARNING,
          "log segment " + number + " is not archived yet, and kept for that",
          e);
      return false;
    } finally {
      event.commit();
    }
  }

  /** Reads a segment, so that no damage is archived; null if it has no commits. */
  private @Nullable SealedSegment read(long number, long afterVersion) throws IOException {
    Path directory = live.source().directory();
    Path path = directory.resolve(WalSegments.fileName(number));
    long[] lastVersion = {-1};
    TreeSet<String> others = new TreeSet<>();
    WalReader.Outcome outcome =
        new WalReader(options.vfs(), path, number)
            .read(
                commit -> {
                  lastVersion[0] = commit.version();
                  CommitFiles.addNames(commit, path, others);
                });
    List<Path> otherFiles = new ArrayList<>();
    others.forEach(name -> otherFiles.add(directory.resolve(name)));
    return outcome.recordCount() == 0
        ? null
        : new SealedSegment(
            path,
            live.logId(),
            number,
            afterVersion,
            lastVersion[0],
            outcome.endOffset(),
            otherFiles);
  }

  /** Ends the thread. */
  void stop() {
    if (archive != null) {
      worker.stop();
    }
  }

  /** Offers once what is left, when all segments are sealed and the thread has ended. */
  void archiveRest() {
    WalArchive target = archive;
    if (target == null) {
      return;
    }
    LogFiles log = live.log();
    long afterVersion = log.changesFrom();
    for (KeptSegment segment : log.kept()) {
      if (segment.number() > archivedThrough && !offer(target, segment.number(), afterVersion)) {
        return;
      }
      afterVersion = segment.lastVersion();
    }
    for (long number : log.needed()) {
      long last = lastVersion(number, afterVersion);
      if (!offer(target, number, afterVersion)) {
        return;
      }
      afterVersion = last;
    }
  }

  /** The version of the last commit of a segment, or {@code otherwise} if it has none. */
  private long lastVersion(long number, long otherwise) {
    try {
      SealedSegment segment = read(number, otherwise);
      return segment == null ? otherwise : segment.lastVersion();
    } catch (IOException | RuntimeException e) {
      return otherwise; // whoever offers it says so
    }
  }
}
