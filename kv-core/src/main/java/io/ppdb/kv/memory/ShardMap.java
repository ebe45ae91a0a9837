package io.ppdb.kv.memory;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.engine.Appliers;
import io.ppdb.kv.engine.CommitTarget;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.MergingEntryCursor;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.RangeTombstones;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The sharded memtable: all shards of a store at one time, and which keys are where.
 *
 * <p>Routing and shards never change; changing either means making another map. A commit is
 * assigned to the map that is current under the commit lock and goes there, also when it is applied
 * late.
 */
final class ShardMap implements CommitTarget {
  private final Routing routing;
  private final List<Shard> shards;
  private final Appliers appliers = new Appliers();

  ShardMap(Routing routing, List<Shard> shards) {
    assert routing.shardCount() == shards.size() : routing.shardCount() + " " + shards.size();
    this.routing = routing;
    this.shards = List.copyOf(shards);
  }

  Routing routing() {
    return routing;
  }

  List<Shard> shards() {
    return shards;
  }

  @Override
  public void reserve(long bytes) {
    appliers.reserve(bytes);
  }

  @Override
  public void insert(Entry entry) {
    shards.get(routing.shardOf(entry.key())).insert(entry);
  }

  /** Every shard with keys of the range has the tombstone; it may say more than its keys need. */
  @Override
  public void deleteRange(KeyRange range, long version) {
    for (int i = 0; i < shards.size(); i++) {
      if (!(routing instanceof RangeRouting ranges) || ranges.range(i).overlaps(range)) {
        shards.get(i).active().deleteRange(range, version);
      }
    }
  }

  @Override
  public void applied(long bytes) {
    appliers.applied(bytes);
  }

  @Override
  public void awaitAppliers() {
    appliers.await();
  }

  /** What commits under way will add. */
  long reservedBytes() {
    return appliers.reservedBytes();
  }

  void find(byte[] key, long version, PointLookup lookup) {
    shards.get(routing.shardOf(key)).find(key, version, lookup);
  }

  /** See {@link Shard#newestSize}. */
  long newestSize(byte[] key) {
    return shards.get(routing.shardOf(key)).newestSize(key);
  }

  /** All entries in order, for a caller that stays within {@code range}. */
  EntryCursor cursor(KeyRange range) {
    if (shards.size() == 1) {
      return shards.get(0).cursor();
    }
    if (routing instanceof RangeRouting ranges) {
      int first = ranges.shardOf(range.start());
      byte[] end = range.end();
      int last = end == null ? shards.size() - 1 : Math.max(first, ranges.shardOf(end));
      return first == last
          ? shards.get(first).cursor()
          : new ShardCursor(ranges, shards, first, last);
    }
    List<EntryCursor> cursors = new ArrayList<>();
    for (Memtable memtable : memtables()) {
      cursors.add(memtable.cursor());
    }
    return MergingEntryCursor.of(cursors);
  }

  /** What bounds all views of a shard's keys. */
  Horizon horizon(int shard, Horizons horizons) {
    return horizons.lowest(
        routing instanceof RangeRouting ranges ? ranges.range(shard) : KeyRange.all());
  }

  /** Of {@link #sizeInBytes}, about what rewriting would drop now. */
  long reclaimableBytes(Horizons horizons) {
    long size = 0;
    for (int i = 0; i < shards.size(); i++) {
      size += shards.get(i).reclaimableBytes(horizon(i, horizons));
    }
    return size;
  }

  /** Lets what range tombstones hide be counted as garbage; see {@link Memtable#countDeleted}. */
  void countDeleted() {
    shards.forEach(Shard::countDeleted);
  }

  /** Of {@link #sizeInBytes}, about what no view of now needs. */
  long garbageBytes(Horizons horizons) {
    long size = 0;
    for (int i = 0; i < shards.size(); i++) {
      size += shards.get(i).garbageBytes(horizon(i, horizons));
    }
    return size;
  }

  /** Every memtable once. */
  Set<Memtable> memtables() {
    Set<Memtable> all = new LinkedHashSet<>();
    for (Shard shard : shards) {
      all.addAll(shard.memtables());
    }
    return all;
  }

  RangeStatistics statistics(KeyRange range, Horizons horizons) {
    List<RangeTombstones> deleted = new ArrayList<>();
    for (Memtable memtable : memtables()) {
      RangeTombstones some = memtable.tombstones();
      if (some != null) {
        deleted.add(some);
      }
    }
    long entryCount = 0;
    long size = 0;
    for (Memtable memtable : memtables()) {
      RangeStatistics statistics = memtable.statistics(range, horizons, deleted);
      entryCount += statistics.entryCount();
      size += statistics.sizeInBytes();
    }
    return new RangeStatistics(entryCount, size);
  }

  long sizeInBytes() {
    long size = appliers.reservedBytes();
    for (Memtable memtable : memtables()) {
      size += memtable.sizeInBytes();
    }
    return size;
  }
}
