package io.ppdb.lsm.tree;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.table.SsTable;
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
    return seekToFirstFrom(0);
  }

  @Override
  public boolean seekToLast() {
    return seekToLastFrom(files.length - 1);
  }

  @Override
  public boolean seek(byte[] key, long version) {
    int at = Tree.firstEndingBehind(files, key);
    if (!open(at)) {
      return false;
    }
    return current().seek(key, version) || seekToFirstFrom(at + 1);
  }

  @Override
  public boolean seekBefore(byte[] key) {
    int at = Math.min(Tree.firstEndingBehind(files, key), files.length - 1);
    if (!open(at)) {
      return false;
    }
    return current().seekBefore(key) || seekToLastFrom(at - 1);
  }

  @Override
  public boolean next() {
    return current().next() || seekToFirstFrom(index + 1);
  }

  @Override
  public boolean previous() {
    return current().previous() || seekToLastFrom(index - 1);
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    for (TableFile file : files) {
      if (file.meta().properties().deletedBounds() != null) {
        try (EntryCursor of = table(file).cursor(fillCache)) {
          of.addTombstones(all);
        }
      }
    }
  }

  /** A table may have no entries, but only range tombstones. */
  private boolean seekToFirstFrom(int first) {
    for (int i = first; open(i); i++) {
      if (current().seekToFirst()) {
        return true;
      }
    }
    return false;
  }

  private boolean seekToLastFrom(int last) {
    for (int i = last; open(i); i--) {
      if (current().seekToLast()) {
        return true;
      }
    }
    return false;
  }

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
      cursor = table(files[newIndex]).cursor(fillCache);
      index = newIndex;
    }
    return true;
  }

  private static SsTable table(TableFile file) {
    try {
      return file.table();
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "cannot open a table: " + e, e);
    }
  }
}
