package io.ppdb.bench.memory;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.PointLookup;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * PPDB's memtable as an ordered map. It does more than one: every put is a version of its own, and
 * a point read gives the caller a copy of the value.
 */
final class MemtableMap implements OrderedMap {
  private static final OperatorRegistry NO_OPERATORS = new OperatorRegistry(List.of());

  private final Memtable memtable = new Memtable();
  private final AtomicLong version = new AtomicLong();

  @Override
  public void put(byte[] key, byte[] value) {
    memtable.insert(Entry.put(key, value, Limits.NO_EXPIRY).withVersion(version.incrementAndGet()));
  }

  @Override
  public long get(byte[] key) {
    PointLookup lookup = new PointLookup(NO_OPERATORS, 0);
    memtable.find(key, Long.MAX_VALUE, lookup);
    byte[] value = lookup.value();
    return value == null ? 0 : Digests.ofValue(value, 0, value.length);
  }

  @Override
  public long scan(byte[] start, int entryCount) {
    long digest = 0;
    try (EntryCursor cursor = memtable.cursor()) {
      boolean valid = cursor.seek(start, Long.MAX_VALUE);
      for (int i = 0; i < entryCount && valid; i++) {
        Slice key = cursor.key();
        Slice value = cursor.value();
        long valueDigest = Digests.ofValue(value.array(), value.offset(), value.length());
        digest = Digests.add(digest, key.array(), key.offset(), valueDigest);
        valid = cursor.nextKey();
      }
    }
    return digest;
  }
}
