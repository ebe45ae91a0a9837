package io.ppdb.kv.engine;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.sync.LeakDetector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in the {@link ChangeLog}. Not thread-safe. */
final class LogCursor implements ChangeCursor {
  private final LeakDetector.Opening opening;
  private final LocalStore store;
  private final ChangeLog log;

  /** After the last commit that was given, or where the cursor began. */
  private final ChangeLog.Place place;

  /** The position to name when it is too old: every commit up to it was seen. */
  private long position;

  private boolean closed;

  LogCursor(LocalStore store, ChangeLog log, long fromVersion) {
    this.store = store;
    this.log = log;
    this.place = log.after(fromVersion);
    this.position = fromVersion;
    this.opening = LeakDetector.opened("change cursor");
  }

  @Override
  public @Nullable Commit poll() {
    store.checkOpen();
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the change cursor is closed");
    }
    ChangeLog.Logged next = log.next(place, position);
    if (next == null) {
      return null;
    }
    List<WriteBatch.Write> writes = new ArrayList<>(next.entries().length);
    for (Entry entry : next.entries()) {
      writes.add(write(entry));
    }
    position = next.version();
    return new Commit(
        next.version(),
        next.timeMillis(),
        next.origin(),
        ranges(next.deletedRanges()),
        Collections.unmodifiableList(writes));
  }

  private static List<KeyRange> ranges(KeyRange[] ranges) {
    List<KeyRange> copies = new ArrayList<>(ranges.length);
    for (KeyRange range : ranges) {
      byte[] end = range.end();
      copies.add(KeyRange.of(range.start().clone(), end == null ? null : end.clone()));
    }
    return Collections.unmodifiableList(copies);
  }

  /** A copy, because the arrays of the entry may be those that are stored. */
  private WriteBatch.Write write(Entry entry) {
    return new WriteBatch.Write(
        switch (entry.kind()) {
          case PUT -> WriteBatch.Kind.PUT;
          case DELETE -> WriteBatch.Kind.DELETE;
          case MERGE -> WriteBatch.Kind.MERGE;
          case BLOB -> throw new IllegalStateException("the change log has a handle");
        },
        entry.key().clone(),
        entry.value().clone(),
        entry.expiryMillis(),
        entry.kind() == EntryKind.MERGE ? store.operators().get(entry.operatorId()) : null);
  }

  @Override
  public void close() {
    closed = true;
    opening.closed();
  }
}
