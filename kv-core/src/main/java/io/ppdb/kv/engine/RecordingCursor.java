package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor that tells a {@link ReadSet} what it really covered: from where each move began to where
 * it ended, both included, and not the whole range that was asked for.
 *
 * <p>Moves that go on in one direction are a <em>run</em>. A run is known by where it began and
 * where the cursor stands, so that a long scan costs nothing per entry; it is recorded when the
 * cursor turns, jumps or is closed, or when the transaction commits.
 */
final class RecordingCursor implements OrderedCursor {
  private enum Run {
    NONE,
    UP,
    DOWN
  }

  private final OrderedCursor cursor;
  private final KeyRange range;
  private final ReadSet reads;
  private Run run = Run.NONE;

  /** Upwards the first key of the run, downwards the first key above it, null without any bound. */
  private byte @Nullable [] from;

  RecordingCursor(OrderedCursor cursor, KeyRange range, ReadSet reads) {
    this.cursor = cursor;
    this.range = range;
    this.reads = reads;
    reads.opened(this);
  }

  @Override
  public boolean first() {
    beginRun(Run.UP, range.start().clone());
    return moved(cursor.first());
  }

  @Override
  public boolean last() {
    beginRun(Run.DOWN, copyOf(range.end()));
    return moved(cursor.last());
  }

  @Override
  public boolean ceiling(byte[] key) {
    byte[] start = range.start();
    beginRun(Run.UP, Arrays.compareUnsigned(key, start) < 0 ? start.clone() : key.clone());
    return moved(cursor.ceiling(key));
  }

  @Override
  public boolean floor(byte[] key) {
    beginRun(Run.DOWN, range.isBeforeEnd(key) ? successor(key) : copyOf(range.end()));
    return moved(cursor.floor(key));
  }

  @Override
  public boolean higher() {
    if (run != Run.UP) {
      beginRun(Run.UP, cursor.key().toByteArray());
    }
    return moved(cursor.higher());
  }

  @Override
  public boolean lower() {
    if (run != Run.DOWN) {
      beginRun(Run.DOWN, successor(cursor.key().toByteArray()));
    }
    return moved(cursor.lower());
  }

  private boolean moved(boolean found) {
    if (found && !cursor.isOwn()) {
      reads.sawExpiry(cursor.expiryMillis());
    }
    return found;
  }

  private void beginRun(Run direction, byte @Nullable [] newFrom) {
    endRun();
    run = direction;
    from = newFrom;
  }

  /** Records the run under way, which ends where the cursor stands. */
  void endRun() {
    boolean found = cursor.isValid();
    byte[] start = range.start();
    switch (run) {
      case NONE -> {}
      case UP -> {
        byte[] end = found ? successor(cursor.key().toByteArray()) : copyOf(range.end());
        reads.add(KeyRange.between(from == null ? start : from, end));
      }
      case DOWN ->
          reads.add(KeyRange.between(found ? cursor.key().toByteArray() : start.clone(), from));
    }
    run = Run.NONE;
  }

  private static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static byte @Nullable [] copyOf(byte @Nullable [] key) {
    return key == null ? null : key.clone();
  }

  @Override
  public boolean isValid() {
    return cursor.isValid();
  }

  @Override
  public Slice key() {
    return cursor.key();
  }

  @Override
  public Slice value() {
    return cursor.value();
  }

  @Override
  public int valueLength() {
    return cursor.valueLength();
  }

  @Override
  public long expiryMillis() {
    return cursor.expiryMillis();
  }

  @Override
  public boolean isOwn() {
    return cursor.isOwn();
  }

  @Override
  public void close() {
    endRun();
    reads.closed(this);
    cursor.close();
  }
}
