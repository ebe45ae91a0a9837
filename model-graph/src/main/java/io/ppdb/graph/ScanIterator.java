package io.ppdb.graph;

import java.util.NoSuchElementException;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * An iterator over a scan that has to be closed; it closes itself at the end.
 *
 * <p>A closed scan may already serve somebody else, so it is closed once and not touched again.
 */
abstract class ScanIterator<T> implements CloseableIterator<T> {
  private @Nullable T next;
  private boolean done;

  /** The next element, or null at the end, where the scan closes by itself. */
  abstract @Nullable T fetch();

  abstract void closeScan();

  @Override
  public final void close() {
    next = null;
    if (!done) {
      done = true;
      closeScan();
    }
  }

  @Override
  public final boolean hasNext() {
    if (next == null && !done) {
      next = fetch();
      done = next == null;
    }
    return next != null;
  }

  @Override
  public final T next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    T element = next;
    next = null;
    return element;
  }
}
