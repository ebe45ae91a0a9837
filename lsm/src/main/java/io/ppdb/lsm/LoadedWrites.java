package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.lsm.tree.LevelCursor;
import io.ppdb.lsm.tree.TableFile;
import java.util.AbstractSequentialList;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * The writes of a load as a list that is read from its tables while it is walked; it cannot be
 * changed. A user of the tables until {@link #close}, and answers CLOSED afterwards. Not
 * thread-safe.
 */
final class LoadedWrites extends AbstractSequentialList<WriteBatch.Write> {
  private final List<TableFile> tables;
  private final Function<Entry, WriteBatch.Write> write;
  private final int size;
  private boolean closed;

  /**
   * The writes in {@code tables}, of each of which one use is taken over.
   *
   * @param write what an entry says
   */
  LoadedWrites(List<TableFile> tables, Function<Entry, WriteBatch.Write> write) {
    this.tables = tables;
    this.write = write;
    long count = 0;
    for (TableFile table : tables) {
      count += table.meta().properties().entryCount();
    }
    this.size = (int) Math.min(count, Integer.MAX_VALUE);
  }

  void close() {
    if (!closed) {
      closed = true;
      tables.forEach(TableFile::release);
    }
  }

  /** At most {@link Integer#MAX_VALUE}, as for every list. */
  @Override
  public int size() {
    return size;
  }

  @Override
  public ListIterator<WriteBatch.Write> listIterator(int index) {
    if (index < 0 || index > size) {
      throw new IndexOutOfBoundsException(index + " of " + size);
    }
    Walk walk = new Walk();
    for (int i = 0; i < index; i++) {
      walk.move(i);
    }
    walk.nextIndex = index;
    return walk;
  }

  /** A position between two writes. */
  private final class Walk implements ListIterator<WriteBatch.Write> {
    private final EntryCursor cursor = new LevelCursor(tables, false);

    /** The index of the entry that the cursor is on, -1 if it was not moved yet. */
    private int position = -1;

    private int nextIndex;

    @Override
    public boolean hasNext() {
      return nextIndex < size;
    }

    @Override
    public WriteBatch.Write next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      move(nextIndex);
      nextIndex++;
      return write.apply(Entry.copyOf(cursor));
    }

    @Override
    public boolean hasPrevious() {
      return nextIndex > 0;
    }

    @Override
    public WriteBatch.Write previous() {
      if (!hasPrevious()) {
        throw new NoSuchElementException();
      }
      nextIndex--;
      move(nextIndex);
      return write.apply(Entry.copyOf(cursor));
    }

    @Override
    public int nextIndex() {
      return nextIndex;
    }

    @Override
    public int previousIndex() {
      return nextIndex - 1;
    }

    /** Goes to the entry {@code index}, which is at most one away. */
    private void move(int index) {
      if (closed) {
        throw new PpdbException(
            ErrorCode.CLOSED, "the writes of a large commit can be read until the next poll");
      }
      boolean found =
          index == position
              || (index < position
                  ? cursor.previous()
                  : position < 0 ? cursor.seekToFirst() : cursor.next());
      if (!found) {
        throw new IllegalStateException("the tables of a load end before write " + index);
      }
      position = index;
    }

    @Override
    public void remove() {
      throw unchangeable();
    }

    @Override
    public void set(WriteBatch.Write other) {
      throw unchangeable();
    }

    @Override
    public void add(WriteBatch.Write other) {
      throw unchangeable();
    }

    private UnsupportedOperationException unchangeable() {
      return new UnsupportedOperationException("the writes of a commit cannot be changed");
    }
  }
}
