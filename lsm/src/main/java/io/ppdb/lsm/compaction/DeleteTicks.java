package io.ppdb.lsm.compaction;

import io.ppdb.kv.Limits;
import io.ppdb.lsm.table.TableGarbage;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.tree.TableFile;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * When deletes were made, by what the tables that they come from say of the oldest of theirs: of
 * those that are not younger, the last. A delete that was a put has been one since the first of
 * them expired at the latest.
 */
public final class DeleteTicks implements LongUnaryOperator {
  private final List<TableFile> inputs;

  public DeleteTicks(List<TableFile> inputs) {
    this.inputs = inputs;
  }

  /** The smallest version of a delete in a table; 0 if it has none. */
  static long oldestVersion(TableProperties table) {
    if (table.garbage().oldestDeleteVersion() > 0) {
      return table.garbage().oldestDeleteVersion();
    }
    // Of a program that made no forecasts: since ever.
    return table.tombstoneCount() > 0 || table.rangeTombstoneCount() > 0 ? table.minVersion() : 0;
  }

  @Override
  public long applyAsLong(long version) {
    long latest = -1;
    long firstExpiry = Limits.NO_EXPIRY;
    for (TableFile input : inputs) {
      TableProperties table = input.meta().properties();
      TableGarbage garbage = table.garbage();
      long oldest = oldestVersion(table);
      if (oldest > 0 && oldest <= version) {
        latest = Math.max(latest, garbage.oldestDeleteMillis());
      }
      firstExpiry = Math.min(firstExpiry, table.minExpiryMillis());
    }
    if (latest >= 0) {
      return latest;
    }
    return firstExpiry == Limits.NO_EXPIRY ? 0 : firstExpiry;
  }
}
