package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of several cursors as one.
 *
 * <p>A binary heap of the valid cursors: least entry on top while it goes forward, greatest while
 * it goes backward. A change of direction puts every other cursor on the far side of the current
 * entry, by a seek each. No (key, version) may occur in two cursors. Owns its cursors.
 */
public final class MergingEntryCursor implements EntryCursor {
  private final EntryCursor[] cursors;

  /** The valid cursors as a heap in {@code [0, heapSize)}; the current one is at 0. */
  private final EntryCursor[] heap;

  private int heapSize;
  private boolean forward = true;

  private MergingEntryCursor(EntryCursor[] cursors) {
    this.cursors = cursors;
    this.heap = new EntryCursor[cursors.length];
  }

  /** The merge of {@code cursors}; of a single one, that cursor itself. */
  public static EntryCursor of(List<EntryCursor> cursors) {
    return cursors.size() == 1
        ? cursors.get(0)
        : new MergingEntryCursor(cursors.toArray(EntryCursor[]::new));
  }

  @Override
  public boolean seekToFirst() {
    forward = true;
    heapSize = 0;
    for (EntryCursor cursor : cursors) {
      addIf(cursor.seekToFirst(), cursor);
    }
    return heapify();
  }

  @Override
  public boolean seekToLast() {
    forward = false;
    heapSize = 0;
    for (EntryCursor cursor : cursors) {
      addIf(cursor.seekToLast(), cursor);
    }
    return heapify();
  }

  @Override
  public boolean seek(byte[] key, long version) {
    forward = true;
    heapSize = 0;
    for (EntryCursor cursor : cursors) {
      addIf(cursor.seek(key, version), cursor);
    }
    return heapify();
  }

  @Override
  public boolean seekBefore(byte[] key) {
    forward = false;
    heapSize = 0;
    for (EntryCursor cursor : cursors) {
      addIf(cursor.seekBefore(key), cursor);
    }
    return heapify();
  }

  @Override
  public boolean next() {
    if (!forward) {
      turnForward();
    }
    return replaceTop(heap[0].next());
  }

  @Override
  public boolean nextKey() {
    if (!forward) {
      turnForward();
    }
    if (heapSize == 1) {
      return replaceTop(heap[0].nextKey());
    }
    byte[] key = heap[0].key().toByteArray();
    do {
      if (!replaceTop(heap[0].nextKey())) {
        return false;
      }
    } while (heap[0].key().compareTo(key) == 0);
    return true;
  }

  @Override
  public boolean previous() {
    if (forward) {
      turnBackward();
    }
    return replaceTop(heap[0].previous());
  }

  /** Puts all cursors but the current one on their first entry after the current one. */
  private void turnForward() {
    EntryCursor current = heap[0];
    byte[] key = current.key().toByteArray();
    long version = current.version();
    forward = true;
    heapSize = 0;
    for (EntryCursor cursor : cursors) {
      addIf(cursor == current || cursor.seek(key, version), cursor);
    }
    heapify();
    assert heap[0] == current;
  }

  /** Puts all cursors but the current one on their last entry before the current one. */
  private void turnBackward() {
    EntryCursor current = heap[0];
    byte[] key = current.key().toByteArray();
    long version = current.version();
    forward = false;
    heapSize = 0;
    for (EntryCursor cursor : cursors) {
      boolean valid =
          cursor == current
              || (cursor.seek(key, version) ? cursor.previous() : cursor.seekToLast());
      addIf(valid, cursor);
    }
    heapify();
    assert heap[0] == current;
  }

  private void addIf(boolean valid, EntryCursor cursor) {
    if (valid) {
      heap[heapSize++] = cursor;
    }
  }

  private boolean heapify() {
    for (int i = (heapSize >>> 1) - 1; i >= 0; i--) {
      siftDown(i);
    }
    return heapSize > 0;
  }

  /** Restores the heap after the top moved; drops the top if it is not valid any more. */
  private boolean replaceTop(boolean valid) {
    if (!valid) {
      heap[0] = heap[--heapSize];
      if (heapSize == 0) {
        return false;
      }
    }
    siftDown(0);
    return true;
  }

  private void siftDown(int start) {
    int parent = start;
    EntryCursor moving = heap[parent];
    for (int child; (child = 2 * parent + 1) < heapSize; parent = child) {
      if (child + 1 < heapSize && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], moving)) {
        break;
      }
      heap[parent] = heap[child];
    }
    heap[parent] = moving;
  }

  /** Whether {@code left} comes before {@code right} in the current direction. */
  private boolean before(EntryCursor left, EntryCursor right) {
    int order = left.key().compareTo(right.key());
    if (order == 0) {
      order = Long.compare(right.version(), left.version());
    }
    return forward ? order < 0 : order > 0;
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    for (EntryCursor cursor : cursors) {
      cursor.addTombstones(all);
    }
  }

  private EntryCursor top() {
    if (heapSize == 0) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return heap[0];
  }

  @Override
  public boolean isValid() {
    return heapSize > 0;
  }

  @Override
  public Slice key() {
    return top().key();
  }

  @Override
  public long version() {
    return top().version();
  }

  @Override
  public EntryKind kind() {
    return top().kind();
  }

  @Override
  public int operatorId() {
    return top().operatorId();
  }

  @Override
  public long expiryMillis() {
    return top().expiryMillis();
  }

  @Override
  public Slice value() {
    return top().value();
  }

  @Override
  public boolean offer(PointLookup lookup) {
    assert forward;
    // Of one key, what another cursor has is all newer or all older: the top stays the top.
    return top().offer(lookup);
  }

  /** Closes all cursors, also when one of them fails to. */
  @Override
  public void close() {
    heapSize = 0;
    RuntimeException failure = null;
    for (EntryCursor cursor : cursors) {
      failure = closeOne(cursor, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException closeOne(
      EntryCursor cursor, @Nullable RuntimeException earlier) {
    try {
      cursor.close();
      return earlier;
    } catch (RuntimeException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }
}
