package io.ppdb.kv.engine;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.kv.sync.LeakDetector;
import org.jspecify.annotations.Nullable;

/**
 * The public cursor: gives an {@link OrderedCursor} a direction, limits and an end of life.
 *
 * <p>The limits bound what {@code next} delivers in all; {@code seek} and {@code previous} neither
 * count nor give back.
 */
final class ScanCursor implements Cursor {
  private static final Slice EMPTY = new Slice();

  private enum State {
    BEFORE_FIRST,
    ON,
    AFTER_LAST,
    /** The limit is reached: the inner cursor still stands on the last entry. */
    AFTER_LIMIT
  }

  private final LeakDetector.Opening opening = LeakDetector.opened("cursor");
  private final EngineView owner;
  private final OrderedCursor cursor;
  private final boolean descending;
  private final boolean keysOnly;
  private final long maxBytes;
  private long entriesLeft;
  private long deliveredBytes;
  private State state = State.BEFORE_FIRST;
  private @Nullable PpdbException ended;

  ScanCursor(EngineView owner, OrderedCursor cursor, ScanOptions options) {
    this.owner = owner;
    this.cursor = cursor;
    this.descending = options.descending();
    this.keysOnly = options.keysOnly();
    this.entriesLeft = options.maxEntries();
    this.maxBytes = options.maxBytes();
  }

  @Override
  public boolean next() {
    checkOpen();
    if (state == State.AFTER_LAST || state == State.AFTER_LIMIT) {
      return false;
    }
    if (entriesLeft <= 0 || deliveredBytes > maxBytes) {
      state = state == State.ON ? State.AFTER_LIMIT : State.AFTER_LAST;
      return false;
    }
    boolean found;
    try {
      if (state == State.BEFORE_FIRST) {
        found = descending ? cursor.last() : cursor.first();
      } else {
        found = descending ? cursor.lower() : cursor.higher();
      }
    } catch (RuntimeException e) {
      throw fail(e);
    }
    if (found) {
      entriesLeft--;
      deliveredBytes += cursor.key().length() + (keysOnly ? 0 : cursor.valueLength());
    }
    return moved(found, State.AFTER_LAST);
  }

  @Override
  public boolean previous() {
    checkOpen();
    if (state == State.BEFORE_FIRST) {
      return false;
    }
    if (state == State.AFTER_LIMIT) {
      state = State.ON;
      return true;
    }
    boolean found;
    try {
      if (state == State.AFTER_LAST) {
        found = descending ? cursor.first() : cursor.last();
      } else {
        found = descending ? cursor.higher() : cursor.lower();
      }
    } catch (RuntimeException e) {
      throw fail(e);
    }
    return moved(found, State.BEFORE_FIRST);
  }

  @Override
  public boolean seek(byte[] key) {
    checkOpen();
    Limits.checkNotNull(key, "key");
    try {
      return moved(descending ? cursor.floor(key) : cursor.ceiling(key), State.AFTER_LAST);
    } catch (RuntimeException e) {
      throw fail(e);
    }
  }

  private boolean moved(boolean found, State otherwise) {
    state = found ? State.ON : otherwise;
    return found;
  }

  @Override
  public boolean isValid() {
    return state == State.ON;
  }

  @Override
  public Slice key() {
    checkOnEntry();
    return cursor.key();
  }

  @Override
  public Slice value() {
    checkOnEntry();
    if (keysOnly) {
      return EMPTY;
    }
    try {
      return cursor.value();
    } catch (RuntimeException e) {
      throw fail(e);
    }
  }

  @Override
  public long expiryMillis() {
    checkOnEntry();
    return cursor.expiryMillis();
  }

  /** Ends the cursor: every further move throws {@code reason}. */
  void end(PpdbException reason) {
    if (ended == null) {
      ended = reason;
      state = State.AFTER_LAST;
      opening.closed();
      cursor.close();
    }
  }

  @Override
  public void close() {
    if (ended == null) {
      end(new PpdbException(ErrorCode.CLOSED, "the cursor is closed"));
      owner.forget(this);
    }
  }

  private RuntimeException fail(RuntimeException failure) {
    state = State.AFTER_LAST;
    return owner.failed(failure);
  }

  private void checkOpen() {
    if (ended != null) {
      throw ended.repeated();
    }
    owner.checkReadable();
  }

  private void checkOnEntry() {
    checkOpen();
    if (state != State.ON) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "the cursor is not on an entry");
    }
  }
}
