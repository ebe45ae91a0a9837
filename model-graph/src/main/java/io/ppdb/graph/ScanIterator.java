package io.ppdb.graph;

import java.util.NoSuchElementException;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** An iterator over something that has to be closed; it closes itself at the end. */
abstract class ScanIterator<T> implements CloseableIterator<T> {
  private @Nullable T next;
  private boolean done;

  /** The next element, or null at the end. */
  abstract @Nullable T fetch();

  @Override
  public abstract void close();

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
