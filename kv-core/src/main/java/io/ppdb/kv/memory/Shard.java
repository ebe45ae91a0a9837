package io.ppdb.kv.memory;

import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.MergingEntryCursor;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.RangeTombstones;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of the keys: what takes writes now, and what it took before.
 *
 * <p>Of one key the frozen memtables only have entries that are older than those in the active one,
 * and each only such that are older than those in the frozen ones before it. A frozen memtable may
 * be shared with other shards while keys are being moved; then it also has keys of theirs.
 *
 * @param active takes the entries of commits
 * @param frozen newest first; they do not change any more once their appliers are done
 */
record Shard(Memtable active, List<Memtable> frozen) {
  static Shard empty() {
    return new Shard(new Memtable(), List.of());
  }

  void insert(Entry entry) {
    if (active.add(entry)) {
      for (Memtable memtable : frozen) {
        long useless = memtable.supersede(entry.key());
        if (useless >= 0) {
          active.addGarbage(useless);
          return;
        }
      }
    }
  }

  /** About what the newest entry of {@code key} takes; 0 if there is none, or a tombstone. */
  long newestSize(byte[] key) {
    long deletedVersion = 0;
    for (RangeTombstones deleted : tombstones()) {
      deletedVersion = Math.max(deletedVersion, deleted.newest(key, Long.MAX_VALUE));
    }
    long size = active.newestSize(key, deletedVersion);
    for (int i = 0; size < 0 && i < frozen.size(); i++) {
      size = frozen.get(i).newestSize(key, deletedVersion);
    }
    return Math.max(0, size);
  }

  void find(byte[] key, long version, PointLookup lookup) {
    if (active.find(key, version, lookup)) {
      return;
    }
    for (Memtable memtable : frozen) {
      if (memtable.find(key, version, lookup)) {
        return;
      }
    }
  }

  /** The range tombstones of all memtables. */
  List<RangeTombstones> tombstones() {
    List<RangeTombstones> all = new ArrayList<>(0);
    for (Memtable memtable : memtables()) {
      RangeTombstones deleted = memtable.tombstones();
      if (deleted != null) {
        all.add(deleted);
      }
    }
    return all;
  }

  /** Counts, as garbage, what range tombstones hide. */
  void countDeleted() {
    List<RangeTombstones> all = tombstones();
    if (!all.isEmpty()) {
      for (Memtable memtable : memtables()) {
        memtable.countDeleted(all);
      }
    }
  }

  EntryCursor cursor() {
    return MergingEntryCursor.of(cursors());
  }

  private List<EntryCursor> cursors() {
    List<EntryCursor> cursors = new ArrayList<>(1 + frozen.size());
    cursors.add(active.cursor());
    for (Memtable memtable : frozen) {
      cursors.add(memtable.cursor());
    }
    return cursors;
  }

  long sizeInBytes() {
    long size = active.sizeInBytes();
    for (Memtable memtable : frozen) {
      size += memtable.sizeInBytes();
    }
    return size;
  }

  /** Of {@link #sizeInBytes}, about what no view of now needs. */
  long garbageBytes(Horizon horizon) {
    long size = active.garbageBytes(horizon.instantMillis());
    for (Memtable memtable : frozen) {
      size += memtable.garbageBytes(horizon.instantMillis());
    }
    return Math.min(size, sizeInBytes());
  }

  /** Of {@link #garbageBytes}, about what rewriting would drop now. */
  long reclaimableBytes(Horizon horizon) {
    long size = active.reclaimableBytes(horizon);
    for (Memtable memtable : frozen) {
      size += memtable.reclaimableBytes(horizon);
    }
    return Math.min(size, sizeInBytes());
  }

  /** Of {@link #garbageBytes}, about what has expired. */
  long expiredBytes(Horizon horizon) {
    long size = active.expiredBytes(horizon.instantMillis());
    for (Memtable memtable : frozen) {
      size += memtable.expiredBytes(horizon.instantMillis());
    }
    return size;
  }

  /** All memtables, newest first. */
  List<Memtable> memtables() {
    List<Memtable> all = new ArrayList<>(1 + frozen.size());
    all.add(active);
    all.addAll(frozen);
    return all;
  }
}
