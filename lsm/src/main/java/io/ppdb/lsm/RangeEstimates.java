package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.LiveCount;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.tree.TableRun;
import io.ppdb.lsm.tree.Tree;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How many keys of a range a view opened now would show: counted where tables have few entries of
 * it, else what all sources have, times the share that is alive at places spread over the range.
 *
 * <p>What was found is given again while the tree and the active memtable are the same and few
 * entries have come. Why, and how far off it may be: {@code docs/design/estimates.md}. Thread-safe;
 * who asks for the same range at the same time does the same work.
 */
final class RangeEstimates {
  /** A range of which tables have no more than this is counted. */
  static final long MAX_COUNTED_ENTRIES = 16 << 10;

  private static final int PLACE_COUNT = 16;
  private static final int ENTRIES_AT_PLACE = 256;

  /** What takes less to count is not given again when anything has changed. */
  private static final int MIN_REMEMBERED_ENTRIES = 1_000;

  private static final int MAX_REMEMBERED = 1_024;
  private static final long MAX_AGE_MILLIS = 500;

  private final EngineContext context;
  private final LiveState live;
  private final Function<KeyRange, EntryCursor> cursors;

  /** Of the present read state, or one before. */
  private volatile Found found = new Found(null, null);

  /**
   * What was found.
   *
   * @param deleted what hid ranges in the active memtable: another object with each that is deleted
   * @param entryCount how many entries the active memtable had
   * @param slack how many may come until this holds no more
   */
  private record Known(
      RangeStatistics statistics,
      @Nullable RangeTombstones deleted,
      long entryCount,
      long slack,
      long instantMillis) {
    boolean holds(ReadState now, long nowMillis) {
      return now.active().tombstones() == deleted
          && now.active().entryCount() - entryCount <= slack
          && nowMillis - instantMillis <= MAX_AGE_MILLIS;
    }
  }

  /** What was found in one state, whose memtable and tables this does not keep from going. */
  private static final class Found {
    final ConcurrentHashMap<KeyRange, Known> byRange = new ConcurrentHashMap<>();
    private final WeakReference<@Nullable Tree> tree;
    private final WeakReference<@Nullable Memtable> active;

    Found(@Nullable Tree tree, @Nullable Memtable active) {
      this.tree = new WeakReference<>(tree);
      this.active = new WeakReference<>(active);
    }

    boolean isOf(ReadState state) {
      return tree.refersTo(state.tree()) && active.refersTo(state.active());
    }
  }

  /**
   * Estimates of a store.
   *
   * @param cursors over all entries of a range
   */
  RangeEstimates(EngineContext context, LiveState live, Function<KeyRange, EntryCursor> cursors) {
    this.context = context;
    this.live = live;
    this.cursors = cursors;
  }

  RangeStatistics of(KeyRange range) throws IOException {
    if (range.isEmpty()) {
      return new RangeStatistics(0, 0);
    }
    long nowMillis = context.ticks().nextMillis();
    ReadState state = live.acquire();
    try {
      Found all = found;
      if (!all.isOf(state) || all.byRange.size() >= MAX_REMEMBERED) {
        all = new Found(state.tree(), state.active());
        found = all;
      }
      Known known = all.byRange.get(range);
      if (known == null || !known.holds(state, nowMillis)) {
        known = find(range, state, nowMillis);
        all.byRange.put(range, known);
      }
      return known.statistics;
    } finally {
      state.tree().release();
    }
  }

  private Known find(KeyRange range, ReadState state, long nowMillis) throws IOException {
    RangeTombstones deleted = state.active().tombstones();
    long entryCount = state.active().entryCount();
    RangeStatistics inTables = inTables(range, state);
    TableRun largest = state.tree().largestRun(range);
    try (EntryCursor cursor = cursors.apply(range)) {
      LiveCount count = new LiveCount(cursor, range.end(), nowMillis);
      RangeStatistics statistics;
      if (inTables.entryCount() <= MAX_COUNTED_ENTRIES || largest == null) {
        count.addKeys(range.start());
        statistics = new RangeStatistics(count.liveCount(), count.liveBytes());
      } else {
        sample(largest.dividingKeys(range, PLACE_COUNT), count);
        statistics = aliveOf(plus(inTables, inMemtables(range, state)), count);
      }
      long slack = count.entryCount() < MIN_REMEMBERED_ENTRIES ? 0 : count.entryCount() / 10;
      return new Known(statistics, deleted, entryCount, slack, nowMillis);
    }
  }

  private static void sample(List<byte[]> places, LiveCount count) {
    for (byte[] place : places) {
      count.add(place, ENTRIES_AT_PLACE);
    }
  }

  private static RangeStatistics aliveOf(RangeStatistics all, LiveCount sample) {
    if (sample.entryCount() == 0) {
      return all;
    }
    double countShare = (double) sample.liveCount() / sample.entryCount();
    double bytesShare = (double) sample.liveBytes() / sample.entryBytes();
    return new RangeStatistics(
        Math.round(all.entryCount() * countShare), Math.round(all.sizeInBytes() * bytesShare));
  }

  private static RangeStatistics inTables(KeyRange range, ReadState state) throws IOException {
    RangeStatistics sum = state.tree().statistics(range);
    for (FrozenMemtable frozen : state.frozen()) {
      TableRun load = frozen.load();
      sum = load == null ? sum : plus(sum, load.statistics(range));
    }
    return sum;
  }

  private static RangeStatistics inMemtables(KeyRange range, ReadState state) {
    RangeStatistics sum = state.active().statistics(range);
    for (FrozenMemtable frozen : state.frozen()) {
      sum = plus(sum, frozen.memtable().statistics(range));
    }
    return sum;
  }

  private static RangeStatistics plus(RangeStatistics a, RangeStatistics b) {
    return new RangeStatistics(a.entryCount() + b.entryCount(), a.sizeInBytes() + b.sizeInBytes());
  }
}
