package io.ppdb.kv.memory;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.RangeTombstones;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of consecutive range shards, one shard after another.
 *
 * <p>A shard's cursor may also meet keys of other shards (memtables are shared while keys are being
 * moved), so each is kept within its own range.
 */
final class ShardCursor implements EntryCursor {
  private final RangeRouting routing;
  private final List<Shard> shards;
  private final int first;
  private final int last;

  /** The shard that {@link #current} reads. */
  private int shard = -1;

  private @Nullable EntryCursor current;
  private boolean valid;

  ShardCursor(RangeRouting routing, List<Shard> shards, int first, int last) {
    this.routing = routing;
    this.shards = shards;
    this.first = first;
    this.last = last;
  }

  @Override
  public boolean seekToFirst() {
    return forwardFrom(first);
  }

  @Override
  public boolean seekToLast() {
    return backwardFrom(last);
  }

  @Override
  public boolean seek(byte[] key, long version) {
    int at = routing.shardOf(key);
    if (at < first) {
      return forwardFrom(first);
    }
    if (at > last) {
      return invalid();
    }
    return (open(at).seek(key, version) && isBeforeEnd(at)) ? found() : forwardFrom(at + 1);
  }

  @Override
  public boolean seekBefore(byte[] key) {
    int at = routing.shardOf(key);
    if (at > last) {
      return backwardFrom(last);
    }
    if (at < first) {
      return invalid();
    }
    return (open(at).seekBefore(key) && isAfterStart(at)) ? found() : backwardFrom(at - 1);
  }

  @Override
  public boolean next() {
    return (cursor().next() && isBeforeEnd(shard)) ? found() : forwardFrom(shard + 1);
  }

  @Override
  public boolean nextKey() {
    return (cursor().nextKey() && isBeforeEnd(shard)) ? found() : forwardFrom(shard + 1);
  }

  @Override
  public boolean previous() {
    return (cursor().previous() && isAfterStart(shard)) ? found() : backwardFrom(shard - 1);
  }

  private boolean forwardFrom(int from) {
    for (int at = from; at <= last; at++) {
      if (open(at).seek(routing.starts()[at], Long.MAX_VALUE) && isBeforeEnd(at)) {
        return found();
      }
    }
    return invalid();
  }

  private boolean backwardFrom(int from) {
    for (int at = from; at >= first; at--) {
      byte[] end = routing.range(at).end();
      EntryCursor cursor = open(at);
      if ((end == null ? cursor.seekToLast() : cursor.seekBefore(end)) && isAfterStart(at)) {
        return found();
      }
    }
    return invalid();
  }

  private EntryCursor open(int at) {
    EntryCursor cursor = current;
    if (cursor == null || shard != at) {
      close();
      cursor = shards.get(at).cursor();
      current = cursor;
      shard = at;
    }
    return cursor;
  }

  private boolean isBeforeEnd(int at) {
    byte[] end = routing.range(at).end();
    return end == null || cursorAnywhere().key().compareTo(end) < 0;
  }

  private boolean isAfterStart(int at) {
    Slice key = cursorAnywhere().key();
    byte[] start = routing.starts()[at];
    return Arrays.compareUnsigned(
            key.array(), key.offset(), key.offset() + key.length(), start, 0, start.length)
        >= 0;
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    for (int i = first; i <= last; i++) {
      all.addAll(shards.get(i).tombstones());
    }
  }

  private boolean found() {
    valid = true;
    return true;
  }

  private boolean invalid() {
    valid = false;
    return false;
  }

  private EntryCursor cursorAnywhere() {
    EntryCursor cursor = current;
    if (cursor == null) {
      throw new IllegalStateException("the cursor has not been positioned");
    }
    return cursor;
  }

  private EntryCursor cursor() {
    if (!valid) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return cursorAnywhere();
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public Slice key() {
    return cursor().key();
  }

  @Override
  public long version() {
    return cursor().version();
  }

  @Override
  public EntryKind kind() {
    return cursor().kind();
  }

  @Override
  public int operatorId() {
    return cursor().operatorId();
  }

  @Override
  public long expiryMillis() {
    return cursor().expiryMillis();
  }

  @Override
  public Slice value() {
    return cursor().value();
  }

  @Override
  public boolean offer(PointLookup lookup) {
    return cursor().offer(lookup);
  }

  @Override
  public void close() {
    valid = false;
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
