package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import java.util.List;

/**
 * What another cursor shows outside of the ranges that a transaction has deleted.
 *
 * <p>A deleted range is passed over by one search, whatever it holds.
 */
final class UndeletedCursor implements OrderedCursor {
  private final OrderedCursor stored;
  private final RangeCover deleted;
  private boolean valid;

  /** Passes over the ranges deleted up to {@code sequence}. */
  UndeletedCursor(OrderedCursor stored, RangeTombstones deleted, long sequence) {
    this.stored = stored;
    this.deleted = new RangeCover(List.of(deleted), sequence);
  }

  @Override
  public boolean first() {
    return up(stored.first());
  }

  @Override
  public boolean last() {
    return down(stored.last());
  }

  @Override
  public boolean ceiling(byte[] key) {
    return up(stored.ceiling(key));
  }

  @Override
  public boolean floor(byte[] key) {
    return down(stored.floor(key));
  }

  @Override
  public boolean higher() {
    return up(stored.higher());
  }

  @Override
  public boolean lower() {
    return down(stored.lower());
  }

  private boolean up(boolean found) {
    valid = found;
    while (valid && deleted.at(stored.key()) > 0) {
      byte[] end = deleted.end();
      valid = end != null && stored.ceiling(end);
    }
    return valid;
  }

  private boolean down(boolean found) {
    valid = found;
    while (valid && deleted.at(stored.key()) > 0) {
      byte[] start = deleted.start();
      valid = stored.floor(start) && (stored.key().compareTo(start) < 0 || stored.lower());
    }
    return valid;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public Slice key() {
    return stored.key();
  }

  @Override
  public Slice value() {
    return stored.value();
  }

  @Override
  public int valueLength() {
    return stored.valueLength();
  }

  @Override
  public long expiryMillis() {
    return stored.expiryMillis();
  }

  @Override
  public void close() {
    valid = false;
    stored.close();
  }
}
