package io.ppdb.lsm;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.sync.LeakDetector;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.LogFiles;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.LogEnd;
import io.ppdb.lsm.wal.SegmentScan;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The change log: the log itself, read again from its segments, those kept and those in use.
 *
 * <p>It ends where the log is durable, so nobody is told of a commit that a power loss takes back:
 * if there is more that is published, it is synced first. Nothing keeps a segment from being given
 * up under a feed; it then finds no record, sees that the log begins later now, and says so.
 *
 * <p>Not thread-safe.
 */
final class LogFeed implements ChangeCursor {
  private final LeakDetector.Opening opening;
  private final EngineContext context;
  private final LiveState live;
  private final MemtableRotation rotation;
  private final Vfs vfs;
  private final Path directory;

  /** Read, and not given yet. */
  private final ArrayDeque<Commit> commits = new ArrayDeque<>();

  /** Every commit up to here was given, or is in {@link #commits}. */
  private long position;

  /** Null until there is something to read. */
  private @Nullable SegmentScan scan;

  /** The writes of the commit given last, if it was a load. */
  private @Nullable LoadedWrites given;

  private boolean closed;

  LogFeed(
      EngineContext context,
      LiveState live,
      MemtableRotation rotation,
      Vfs vfs,
      Path directory,
      long fromVersion) {
    this.context = context;
    this.live = live;
    this.rotation = rotation;
    this.vfs = vfs;
    this.directory = directory;
    this.position = fromVersion;
    checkPosition();
    this.opening = LeakDetector.opened("change cursor");
  }

  @Override
  public @Nullable Commit poll() {
    live.peek();
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the change cursor is closed");
    }
    closeGiven();
    if (commits.isEmpty()) {
      try {
        read();
      } catch (IOException e) {
        throw new PpdbException(ErrorCode.IO_ERROR, "cannot read the log: " + e.getMessage(), e);
      }
    }
    Commit commit = commits.poll();
    given = commit != null && commit.writes() instanceof LoadedWrites writes ? writes : null;
    return commit;
  }

  private void closeGiven() {
    if (given != null) {
      given.close();
      given = null;
    }
  }

  /** Reads on until there is a commit, or none that is published. */
  private void read() throws IOException {
    long published = context.publishedVersion();
    boolean synced = false;
    while (commits.isEmpty() && position < published) {
      checkPosition();
      LogEnd end = rotation.logEnd();
      SegmentScan segment = segment(live.log());
      try {
        if (segment.number() < end.segmentNumber()) {
          readEnded(segment, published);
          continue;
        }
        boolean isCurrent = segment.number() == end.segmentNumber();
        if (isCurrent && readCurrent(segment, end, published)) {
          continue;
        }
        if (!isCurrent || end.allSynced() || synced) {
          position = published; // what was published is in what was read
        } else if (context.isWritable()) {
          rotation.syncLog();
          synced = true;
        } else {
          return; // there is more that was published, but it may not survive
        }
      } catch (CorruptionException | NoSuchFileException e) {
        if (live.log().names(segment.number())) {
          throw e;
        }
        scan = null; // given up meanwhile; if it had more to give, the position is too old now
      }
    }
  }

  /** Reads on in the segment that is written to; false if all that is synced was read. */
  private boolean readCurrent(SegmentScan segment, LogEnd end, long published) throws IOException {
    return switch (segment.next(end.syncedOffset(), position, published, this::add)) {
      case MORE -> true;
      case LATER -> {
        position = published;
        yield true;
      }
      case SEAL -> {
        goToNext(segment);
        yield true;
      }
      case NO_RECORD -> {
        if (segment.offset() < end.syncedOffset()) {
          throw damaged(segment);
        }
        yield false;
      }
    };
  }

  /** Reads on in a segment that is not written to any more. */
  private void readEnded(SegmentScan segment, long published) throws IOException {
    KeptSegment kept = live.log().kept(segment.number());
    long end = kept == null ? Long.MAX_VALUE : kept.endOffset();
    switch (segment.next(end, position, published, this::add)) {
      case MORE -> {}
      case LATER -> position = published;
      case SEAL -> goToNext(segment);
      case NO_RECORD -> {
        if (segment.offset() != end) {
          throw damaged(segment);
        }
        goToNext(segment);
      }
    }
  }

  private void goToNext(SegmentScan segment) {
    scan = open(live.log().segmentAfter(segment.number()));
  }

  private static CorruptionException damaged(SegmentScan segment) {
    return new CorruptionException(
        segment.path(), segment.offset(), "no intact record, though the log goes on");
  }

  private SegmentScan segment(LogFiles files) {
    SegmentScan current = scan;
    if (current == null) {
      current = open(files.segmentFor(position));
      scan = current;
    }
    return current;
  }

  private SegmentScan open(long number) {
    return new SegmentScan(vfs, directory.resolve(WalSegments.fileName(number)), number);
  }

  private void add(WalReader.Commit commit) {
    commits.add(
        new Commit(
            commit.version(),
            commit.timeMillis(),
            commit.origin(),
            List.of(commit.deletedRanges()),
            commit.tables() == null ? writes(commit) : loadedWrites()));
    position = commit.version();
  }

  private List<WriteBatch.Write> writes(WalReader.Commit commit) {
    List<WriteBatch.Write> writes = new ArrayList<>(commit.entries().length);
    for (Entry entry : commit.entries()) {
      writes.add(write(entry));
    }
    return Collections.unmodifiableList(writes);
  }

  /** The writes of the load that ends the segment. */
  private List<WriteBatch.Write> loadedWrites() {
    SegmentScan segment = segment(live.log());
    List<TableFile> tables = live.loggedFiles().retainLoad(segment.number());
    if (tables == null) {
      throw new CorruptionException(segment.path(), "the tables of its load are gone");
    }
    return new LoadedWrites(tables, this::write);
  }

  /** Nobody else has the arrays of an entry that was just read. */
  private WriteBatch.Write write(Entry entry) {
    return new WriteBatch.Write(
        switch (entry.kind()) {
          case PUT, BLOB -> WriteBatch.Kind.PUT;
          case DELETE -> WriteBatch.Kind.DELETE;
          case MERGE -> WriteBatch.Kind.MERGE;
        },
        entry.key(),
        entry.kind() == EntryKind.BLOB ? blob(entry.value()) : entry.value(),
        entry.expiryMillis(),
        entry.kind() == EntryKind.MERGE ? context.operators().get(entry.operatorId()) : null);
  }

  /** The value that a handle stands for; its file is kept as long as the segment is. */
  private byte[] blob(byte[] handle) {
    try {
      return live.source().blobs().read(BlobHandle.decode(new Slice(handle), directory));
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.IO_ERROR, "cannot read a large value: " + e.getMessage(), e);
    }
  }

  /** Fails with SNAPSHOT_TOO_OLD if the log begins later than this feed wants to go on. */
  private void checkPosition() {
    long oldest = live.log().changesFrom();
    if (position < oldest) {
      throw new PpdbException(
          ErrorCode.SNAPSHOT_TOO_OLD,
          "the change log no longer has the commits after version "
              + position
              + ": the oldest position it can be read from is "
              + oldest);
    }
  }

  @Override
  public void close() {
    closed = true;
    closeGiven();
    for (Commit commit : commits) {
      if (commit.writes() instanceof LoadedWrites writes) {
        writes.close();
      }
    }
    commits.clear();
    opening.closed();
  }
}
