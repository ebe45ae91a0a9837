package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.Retention;
import io.ppdb.lsm.compaction.TableBuilder;
import io.ppdb.lsm.events.FlushEvent;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import java.io.IOException;
import java.util.List;

/**
 * Makes a table of level 0 out of a memtable.
 *
 * <p>The memtable is complete when all who commit to it are done, and may be in a table when its
 * part of the log is synced: else a commit could survive that an earlier one, not yet durable, does
 * not.
 */
final class Flusher {
  /** A size that no table reaches: all goes into one. */
  static final long ONE_TABLE = Long.MAX_VALUE;

  private final LsmOptions options;
  private final EngineContext context;
  private final LiveState live;

  Flusher(LsmOptions options, EngineContext context, LiveState live) {
    this.options = options;
    this.context = context;
    this.live = live;
  }

  /**
   * Adds to {@code edit} the tables that have what is in {@code memtable}, whose versions are all
   * published, and the times that are in its part of the log only.
   */
  void flush(Memtable memtable, ManifestEdit edit) throws IOException {
    Horizons horizons = context.horizons();
    if (!memtable.isEmpty()) {
      writeTables(memtable, horizons, edit);
    }
    edit.tickMillis(context.ticks().nextMillis());
    edit.times(live.timesToAdd(context.times())).horizons(horizons);
  }

  private void writeTables(Memtable memtable, Horizons horizons, ManifestEdit edit)
      throws IOException {
    FlushEvent event = new FlushEvent();
    event.begin();
    try (TableBuilder builder =
            new TableBuilder(
                options.vfs(),
                live.source().directory(),
                live::newFileNumber,
                0,
                options.tableFormat(0, false, context.policies()),
                ONE_TABLE);
        EntryCursor cursor = memtable.cursor()) {
      Retention retention = new Retention(horizons, context.operators(), key -> false, cursor);
      builder.forecastGarbage(horizons, context.times()::timeOf);
      builder.addAll(cursor, KeyRange.all(), retention, range -> false, () -> false);
      List<TableMeta> tables = builder.finish();
      tables.forEach(edit::addTable);
      event.memtableBytes = memtable.sizeInBytes();
      event.tableBytes = tables.stream().mapToLong(TableMeta::sizeInBytes).sum();
      event.commit();
    }
  }
}
