package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.engine.Retention;
import io.ppdb.lsm.compaction.TableBuilder;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The commits of a log on their way into tables: in a memtable, and whenever that is full in one
 * more table of level 0, so that a long log takes no more memory than a short one.
 *
 * <p>No manifest names the tables yet; if recovery fails they are deleted. Not thread-safe.
 */
final class ReplayedTables {
  private final LsmOptions options;
  private final Path directory;
  private final OperatorRegistry operators;
  private final PolicyMap policies;
  private final Horizons horizons;
  private final LongSupplier numbers;
  private final List<TableMeta> tables = new ArrayList<>();

  /** Those that were there before, named by the log. */
  private final List<TableMeta> loaded = new ArrayList<>();

  private Memtable memtable = new Memtable();
  private long replayedBytes;

  /**
   * Nothing yet.
   *
   * @param state what the manifest says
   */
  ReplayedTables(
      LsmOptions options,
      Path directory,
      OperatorRegistry operators,
      ManifestState state,
      LongSupplier numbers) {
    this.options = options;
    this.directory = directory;
    this.operators = operators;
    this.policies = state.policies();
    Horizons known = state.horizons();
    this.horizons = known == null ? Horizons.everywhere(new Horizon(0, Long.MIN_VALUE)) : known;
    this.numbers = numbers;
  }

  /** Where the next commit goes. */
  Memtable memtable() {
    return memtable;
  }

  /** The tables written so far. */
  List<TableMeta> tables() {
    return tables;
  }

  /** The tables of loads. */
  List<TableMeta> loaded() {
    return loaded;
  }

  /** Adds the tables of a load, which come behind all commits so far. */
  void load(List<TableMeta> loadTables) throws IOException {
    flush();
    loaded.addAll(loadTables);
  }

  /** What the commits took in memory, one after the other. */
  long replayedBytes() {
    return replayedBytes + memtable.sizeInBytes();
  }

  /** Makes a table of the memtable if that is full; between two commits. */
  void flushIfFull() throws IOException {
    if (memtable.sizeInBytes() >= options.store().memtableBytes()) {
      flush();
    }
  }

  private void flush() throws IOException {
    try (TableBuilder builder =
            new TableBuilder(
                options.vfs(),
                directory,
                numbers,
                0,
                options.tableFormat(0, false, policies),
                Flusher.ONE_TABLE);
        EntryCursor cursor = memtable.cursor()) {
      Retention retention = new Retention(horizons, operators, key -> false, cursor);
      builder.addAll(cursor, KeyRange.all(), retention, range -> false, () -> false);
      tables.addAll(builder.finish());
    }
    replayedBytes += memtable.sizeInBytes();
    memtable = memtable.next();
  }

  /** Deletes the tables that were written. */
  void discard() {
    for (TableMeta table : tables) {
      Path path = directory.resolve(table.fileName());
      try {
        options.vfs().delete(path);
      } catch (IOException e) {
        // Untidy, not harmful: the next opening deletes what the manifest does not name.
        System.getLogger(ReplayedTables.class.getName())
            .log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
      }
    }
  }
}
