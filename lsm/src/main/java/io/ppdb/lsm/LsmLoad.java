package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.ClaimedFiles;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.LoadWriter;
import io.ppdb.lsm.blob.BlobBatch;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.GarbageCounter;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.table.SsTableWriter;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One load: tables whose entries have no version, side by side, and blobs that they refer to.
 *
 * <p>The files are this object's until {@link #hasEntered}; from then on a record of the log may
 * name them, and only who knows that it does not may {@link #delete} them. Not thread-safe.
 */
final class LsmLoad implements LoadWriter {
  private static final Slice NO_VALUE = new Slice(new byte[0]);

  private final LsmOptions options;
  private final EngineContext context;
  private final LiveState live;
  private final LargeValues largeValues;
  private final List<TableMeta> tables = new ArrayList<>();

  /** Pins the blob files as long as no table does; null if there are no large values. */
  private @Nullable BlobBatch blobs;

  private @Nullable SsTableWriter writer;
  private long number;
  private boolean entered;

  LsmLoad(LsmOptions options, EngineContext context, LiveState live, LargeValues largeValues) {
    this.options = options;
    this.context = context;
    this.live = live;
    this.largeValues = largeValues;
  }

  @Override
  public void add(Entry entry) {
    Entry stored = largeValues.isLarge(entry) ? withHandle(entry) : entry;
    try {
      SsTableWriter open = writer;
      if (open != null && open.sizeInBytes() >= options.compaction().tableBytes()) {
        endTable(open);
        open = null;
      }
      if (open == null) {
        open = beginTable();
        writer = open;
      }
      open.add(
          new Slice(stored.key()),
          0,
          stored.kind(),
          stored.operatorId(),
          stored.expiryMillis(),
          stored.kind() == EntryKind.DELETE ? NO_VALUE : new Slice(stored.value()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Entry withHandle(Entry entry) {
    BlobBatch open = blobs;
    if (open == null) {
      open = largeValues.begin();
      blobs = open;
    }
    return largeValues.store(entry, open);
  }

  private SsTableWriter beginTable() throws IOException {
    live.peek(); // once the store is closed, its numbers are somebody else's
    number = live.newFileNumber();
    SsTableWriter begun =
        new SsTableWriter(
            options.vfs(), path(number), options.tableFormat(0, false, context.policies()));
    // Of one version, which comes later: nothing is superseded, and deletes are not older than now.
    long nowMillis = context.ticks().nextMillis();
    begun.forecastGarbage(new GarbageCounter(context.horizons(), version -> nowMillis, null));
    return begun;
  }

  private void endTable(SsTableWriter open) throws IOException {
    SsTableWriter.FinishedTable table = open.finish(null);
    writer = null;
    tables.add(new TableMeta(number, 0, table.sizeInBytes(), table.properties()));
  }

  @Override
  public void finish() {
    BlobBatch open = blobs;
    if (open != null) {
      largeValues.sync(open);
    }
    try {
      SsTableWriter last = writer;
      if (last != null) {
        endTable(last);
      }
      options.vfs().syncDirectory(live.source().directory());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public ClaimedFiles claims() {
    try {
      List<LoadClaims.Table> claimed = new ArrayList<>();
      for (TableMeta meta : tables) {
        try (SsTable table = SsTable.open(options.vfs(), path(meta.number()), new BlockCache(0))) {
          claimed.add(new LoadClaims.Table(meta.properties().bounds(), table.filter()));
        }
      }
      return new LoadClaims(claimed);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** What was written, in key order; after {@link #finish}. */
  List<TableMeta> tables() {
    return tables;
  }

  /** The tables as those of commit {@code version}, each with one use, which is the caller's. */
  List<TableFile> open(long version) {
    List<TableFile> files =
        tables.stream().map(meta -> new TableFile(meta.atVersion(version), live.source())).toList();
    unpin(); // the tables are users of the blob files now
    return files;
  }

  /** A record that names the files is queued for the log. */
  void hasEntered() {
    entered = true;
  }

  /** Deletes the files, of a commit that certainly has not happened. */
  void delete() {
    unpin();
    try {
      SsTableWriter open = writer;
      writer = null;
      if (open != null) {
        open.close();
      }
      for (TableMeta table : tables) {
        options.vfs().delete(path(table.number()));
      }
    } catch (IOException e) {
      // Untidy, not harmful: opening the store deletes what nothing names.
      System.getLogger(LsmLoad.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot delete the tables of a load", e);
    }
    tables.clear();
  }

  private void unpin() {
    if (blobs != null) {
      blobs.abandon();
      blobs = null;
    }
  }

  @Override
  public void close() {
    if (!entered) {
      delete();
    }
  }

  private Path path(long tableNumber) {
    return live.source().directory().resolve(TableMeta.fileName(tableNumber));
  }

  private static PpdbException failed(IOException e) {
    return e instanceof DiskFullException
        ? new PpdbException(
            ErrorCode.DISK_FULL, "no space for the tables of a load: " + e.getMessage(), e)
        : new PpdbException(
            ErrorCode.IO_ERROR, "cannot write the tables of a load: " + e.getMessage(), e);
  }
}
