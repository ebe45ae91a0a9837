package io.ppdb.lsm.tree;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.RangeTombstones;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of several tables of one level, which lie side by side. Only one of them is open at a
 * time. Whoever uses it keeps the tables from going.
 */
public final class LevelCursor implements EntryCursor {
  private final TableFile[] files;
  private final boolean fillCache;

  private int index;
  private @Nullable EntryCursor cursor;

  /** A cursor over {@code files}, which are sorted and share no key. */
  public LevelCursor(List<TableFile> files, boolean fillCache) {
    this.files = files.toArray(TableFile[]::new);
    this.fillCache = fillCache;
  }

  @Override
  public boolean seekToFirst() {
    return open(0) && current().seekToFirst();
  }

  @Override
  public boolean seekToLast() {
    return open(files.length - 1) && current().seekToLast();
  }

  @Override
  public boolean seek(byte[] key, long version) {
    int at = Tree.firstEndingAtOrAfter(files, key);
    if (!open(at)) {
      return false;
    }
    return current().seek(key, version) || (open(at + 1) && current().seekToFirst());
  }

  @Override
  public boolean seekBefore(byte[] key) {
    int at = Math.min(Tree.firstEndingAtOrAfter(files, key), files.length - 1);
    if (!open(at)) {
      return false;
    }
    return current().seekBefore(key) || (open(at - 1) && current().seekToLast());
  }

  @Override
  public boolean next() {
    return current().next() || (open(index + 1) && current().seekToFirst());
  }

  @Override
  public boolean previous() {
    return current().previous() || (open(index - 1) && current().seekToLast());
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {}

  @Override
  public boolean isValid() {
    return cursor != null && cursor.isValid();
  }

  @Override
  public Slice key() {
    return current().key();
  }

  @Override
  public long version() {
    return current().version();
  }

  @Override
  public EntryKind kind() {
    return current().kind();
  }

  @Override
  public int operatorId() {
    return current().operatorId();
  }

  @Override
  public long expiryMillis() {
    return current().expiryMillis();
  }

  @Override
  public Slice value() {
    return current().value();
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }

  private EntryCursor current() {
    EntryCursor open = cursor;
    if (open == null) {
      throw new IllegalStateException("cursor stands on no entry");
    }
    return open;
  }

  /** Goes to a table; false, and not valid, if there is none of this index. */
  private boolean open(int newIndex) {
    if (newIndex < 0 || newIndex >= files.length) {
      close();
      return false;
    }
    if (cursor == null || newIndex != index) {
      close();
      try {
        cursor = files[newIndex].table().cursor(fillCache);
      } catch (IOException e) {
        throw new PpdbException(ErrorCode.IO_ERROR, "cannot open a table: " + e, e);
      }
      index = newIndex;
    }
    return true;
  }
}
