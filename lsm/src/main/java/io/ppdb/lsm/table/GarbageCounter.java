package io.ppdb.lsm.table;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.RangeTombstones;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts the garbage of a table while its entries are written, in their order. Not thread-safe.
 */
public final class GarbageCounter {
  private final Horizons.Walk horizons;
  private final LongUnaryOperator tickOf;
  private final @Nullable RangeTombstones tombstones;
  private final ForecastBuilder superseded = new ForecastBuilder();
  private final ForecastBuilder expiring = new ForecastBuilder();
  private long oldestDeleteVersion = Long.MAX_VALUE;

  // Of the key at hand.
  private long newerVersion = Long.MAX_VALUE;
  private Horizon horizon = new Horizon(Long.MIN_VALUE, Long.MIN_VALUE);

  /** The newest range tombstone over it; 0 if there is none. */
  private long deletedVersion;

  /**
   * A counter for one table.
   *
   * @param horizons that the table is written by
   * @param tickOf gives for the version of a delete a tick not after its own
   * @param tombstones what range tombstones will be in the table; null if none
   */
  public GarbageCounter(
      Horizons horizons, LongUnaryOperator tickOf, @Nullable RangeTombstones tombstones) {
    this.horizons = horizons.walk();
    this.tickOf = tickOf;
    this.tombstones = tombstones;
  }

  /** Counts an entry. */
  void add(Slice entryKey, boolean isNewKey, long version, EntryKind kind, long expiry, long raw) {
    if (isNewKey) {
      begin(entryKey);
    }
    long superseding = newerVersion;
    if (deletedVersion > version && superseding == Long.MAX_VALUE) {
      superseding = deletedVersion;
    }
    if (superseding != Long.MAX_VALUE) {
      if (superseding > horizon.version()) {
        superseded.add(superseding, raw);
      }
    } else if (expiry != Limits.NO_EXPIRY && expiry > Math.max(0, horizon.instantMillis())) {
      expiring.add(expiry, raw);
    }
    if (kind == EntryKind.DELETE) {
      oldestDeleteVersion = Math.min(oldestDeleteVersion, version);
    }
    newerVersion = version;
  }

  private void begin(Slice entryKey) {
    horizon = horizons.of(entryKey);
    newerVersion = Long.MAX_VALUE;
    if (tombstones != null) {
      deletedVersion = tombstones.newest(entryKey.toByteArray(), Long.MAX_VALUE);
    }
  }

  /**
   * What the table has.
   *
   * @param own its range tombstones; null if it has none
   */
  public TableGarbage finish(@Nullable RangeTombstones own) {
    long oldest =
        own == null ? oldestDeleteVersion : Math.min(oldestDeleteVersion, own.minVersion());
    return oldest == Long.MAX_VALUE
        ? new TableGarbage(0, 0, superseded.build(), expiring.build())
        : new TableGarbage(
            oldest, Math.max(0, tickOf.applyAsLong(oldest)), superseded.build(), expiring.build());
  }
}
