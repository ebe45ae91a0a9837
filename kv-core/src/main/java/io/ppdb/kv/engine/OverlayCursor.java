package io.ppdb.kv.engine;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.WriteBuffer.Write;

/**
 * What a transaction sees: its own writes over what its snapshot shows.
 *
 * <p>Going up, both inputs stand on their least key that is not less than the current one, going
 * down on their greatest that is not greater. A change of direction searches both again.
 */
final class OverlayCursor implements OrderedCursor {
  private final OrderedCursor base;
  private final WriteBufferCursor own;
  private final long instantMillis;
  private final boolean keysOnly;

  private final Slice key = new Slice();

  /** The value, if it is not simply that of {@link #base}, which may be costly to read. */
  private final Slice ownValue = new Slice();

  private boolean isBaseValue;

  /** Whether {@link #ownValue} has still to be read. */
  private boolean isUnread;

  private int valueLength;
  private long expiryMillis;
  private boolean valid;
  private boolean ascending;

  /** Which inputs stand on the current key. */
  private boolean onBase;

  private boolean onOwn;

  OverlayCursor(OrderedCursor base, WriteBufferCursor own, long instantMillis, boolean keysOnly) {
    this.base = base;
    this.own = own;
    this.instantMillis = instantMillis;
    this.keysOnly = keysOnly;
  }

  @Override
  public boolean first() {
    base.first();
    own.first();
    return ascend();
  }

  @Override
  public boolean last() {
    base.last();
    own.last();
    return descend();
  }

  @Override
  public boolean ceiling(byte[] from) {
    base.ceiling(from);
    own.ceiling(from);
    return ascend();
  }

  @Override
  public boolean floor(byte[] from) {
    base.floor(from);
    own.floor(from);
    return descend();
  }

  @Override
  public boolean higher() {
    if (!ascending) {
      byte[] from = key.toByteArray();
      onBase = base.ceiling(from) && base.key().compareTo(from) == 0;
      onOwn = own.ceiling(from) && key.compareTo(own.key()) == 0;
    }
    if (onBase) {
      base.higher();
    }
    if (onOwn) {
      own.higher();
    }
    return ascend();
  }

  @Override
  public boolean lower() {
    if (ascending) {
      byte[] from = key.toByteArray();
      onBase = base.floor(from) && base.key().compareTo(from) == 0;
      onOwn = own.floor(from) && key.compareTo(own.key()) == 0;
    }
    if (onBase) {
      base.lower();
    }
    if (onOwn) {
      own.lower();
    }
    return descend();
  }

  private boolean ascend() {
    ascending = true;
    while (base.isValid() || own.isValid()) {
      int order = order();
      if (show(order <= 0, order >= 0)) {
        valid = true;
        return true;
      }
      own.higher();
      if (onBase) {
        base.higher();
      }
    }
    valid = false;
    return false;
  }

  private boolean descend() {
    ascending = false;
    while (base.isValid() || own.isValid()) {
      int order = order();
      boolean single = !base.isValid() || !own.isValid();
      if (show(single ? order <= 0 : order >= 0, single ? order >= 0 : order <= 0)) {
        valid = true;
        return true;
      }
      own.lower();
      if (onBase) {
        base.lower();
      }
    }
    valid = false;
    return false;
  }

  /** Compares the keys of base and own; an input that has ended counts as the greater one. */
  private int order() {
    if (!own.isValid()) {
      return -1;
    }
    return base.isValid() ? base.key().compareTo(own.key()) : 1;
  }

  /**
   * Shows the key that the given inputs stand on; false if an own delete or expired put hides it.
   */
  private boolean show(boolean atBase, boolean atOwn) {
    onBase = atBase;
    onOwn = atOwn;
    if (!atOwn) {
      key.set(base.key());
      isBaseValue = true;
      expiryMillis = base.expiryMillis();
      return true;
    }
    isBaseValue = false;
    isUnread = false;
    Write write = own.write();
    switch (write.kind) {
      case DELETE -> {
        return false;
      }
      case PUT -> {
        if (write.expiryMillis <= instantMillis) {
          return false;
        }
        isUnread = true;
        valueLength = write.valueLength();
        expiryMillis = write.expiryMillis;
      }
      case MERGE -> {
        expiryMillis = Limits.NO_EXPIRY;
        if (!keysOnly) {
          byte[] below = atBase ? base.value().toByteArray() : null;
          byte[] folded = write.operator().apply(below, own.value());
          ownValue.set(folded, 0, folded.length);
          valueLength = folded.length;
        }
      }
    }
    key.set(own.key(), 0, own.key().length);
    return true;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public Slice key() {
    return key;
  }

  @Override
  public Slice value() {
    if (isBaseValue) {
      return base.value();
    }
    if (isUnread) {
      byte[] value = own.value();
      ownValue.set(value, 0, value.length);
      isUnread = false;
    }
    return ownValue;
  }

  @Override
  public int valueLength() {
    return isBaseValue ? base.valueLength() : valueLength;
  }

  @Override
  public long expiryMillis() {
    return expiryMillis;
  }

  @Override
  public boolean isOwn() {
    return onOwn;
  }

  @Override
  public void close() {
    valid = false;
    base.close();
  }
}
