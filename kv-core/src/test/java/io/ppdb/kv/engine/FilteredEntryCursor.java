package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import java.util.List;
import java.util.function.Predicate;

/** Shows only some entries of another cursor. */
class FilteredEntryCursor implements EntryCursor {
  private final EntryCursor cursor;
  private final Predicate<EntryCursor> shown;

  FilteredEntryCursor(EntryCursor cursor, Predicate<EntryCursor> shown) {
    this.cursor = cursor;
    this.shown = shown;
  }

  private boolean up(boolean valid) {
    boolean now = valid;
    while (now && !shown.test(cursor)) {
      now = cursor.next();
    }
    return now;
  }

  private boolean down(boolean valid) {
    boolean now = valid;
    while (now && !shown.test(cursor)) {
      now = cursor.previous();
    }
    return now;
  }

  @Override
  public boolean seekToFirst() {
    return up(cursor.seekToFirst());
  }

  @Override
  public boolean seekToLast() {
    return down(cursor.seekToLast());
  }

  @Override
  public boolean seek(byte[] key, long version) {
    return up(cursor.seek(key, version));
  }

  @Override
  public boolean seekBefore(byte[] key) {
    return down(cursor.seekBefore(key));
  }

  @Override
  public boolean next() {
    return up(cursor.next());
  }

  @Override
  public boolean previous() {
    return down(cursor.previous());
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    cursor.addTombstones(all);
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
  public long version() {
    return cursor.version();
  }

  @Override
  public EntryKind kind() {
    return cursor.kind();
  }

  @Override
  public int operatorId() {
    return cursor.operatorId();
  }

  @Override
  public long expiryMillis() {
    return cursor.expiryMillis();
  }

  @Override
  public Slice value() {
    return cursor.value();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
