package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.WriteBuffer.KeyState;
import io.ppdb.kv.engine.WriteBuffer.Write;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The own writes of a range that were made up to one sequence number, tombstones included.
 *
 * <p>Every move is a search by key, so writes may be added meanwhile.
 */
final class WriteBufferCursor {
  private final WriteBuffer buffer;
  private final TreeMap<byte[], KeyState> keys;
  private final KeyRange range;
  private final long sequence;
  private byte @Nullable [] key;
  private @Nullable Write write;

  WriteBufferCursor(WriteBuffer buffer, KeyRange range, long sequence) {
    this.buffer = buffer;
    this.keys = buffer.keys;
    this.range = range;
    this.sequence = sequence;
  }

  boolean first() {
    return ceiling(range.start());
  }

  boolean last() {
    byte[] end = range.end();
    return settleDown(end == null ? keys.lastEntry() : keys.lowerEntry(end));
  }

  boolean ceiling(byte[] from) {
    byte[] start = range.start();
    return settleUp(keys.ceilingEntry(Arrays.compareUnsigned(from, start) < 0 ? start : from));
  }

  boolean floor(byte[] from) {
    return range.isBeforeEnd(from) ? settleDown(keys.floorEntry(from)) : last();
  }

  boolean higher() {
    return settleUp(keys.higherEntry(key()));
  }

  boolean lower() {
    return settleDown(keys.lowerEntry(key()));
  }

  private boolean settleUp(Map.@Nullable Entry<byte[], KeyState> from) {
    Map.Entry<byte[], KeyState> at = from;
    while (at != null && range.isBeforeEnd(at.getKey())) {
      if (show(at)) {
        return true;
      }
      at = keys.higherEntry(at.getKey());
    }
    return end();
  }

  private boolean settleDown(Map.@Nullable Entry<byte[], KeyState> from) {
    Map.Entry<byte[], KeyState> at = from;
    while (at != null && Arrays.compareUnsigned(at.getKey(), range.start()) >= 0) {
      if (show(at)) {
        return true;
      }
      at = keys.lowerEntry(at.getKey());
    }
    return end();
  }

  private boolean show(Map.Entry<byte[], KeyState> at) {
    key = at.getKey();
    write = at.getValue().at(sequence);
    return write != null;
  }

  private boolean end() {
    key = null;
    write = null;
    return false;
  }

  boolean isValid() {
    return write != null;
  }

  byte[] key() {
    byte[] bytes = key;
    if (bytes == null) {
      throw new IllegalStateException("the cursor is not on a write");
    }
    return bytes;
  }

  Write write() {
    Write shown = write;
    if (shown == null) {
      throw new IllegalStateException("the cursor is not on a write");
    }
    return shown;
  }

  /** The value of {@link #write}, or its operand; not to be changed. */
  byte[] value() {
    return buffer.value(write());
  }
}
