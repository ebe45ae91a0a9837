package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Retention;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.SsTableWriter;
import io.ppdb.lsm.table.SsTableWriter.FinishedTable;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.vfs.Vfs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries to tables of one level, beginning a new one, between two keys, when one is full.
 *
 * <p>If it is closed before {@link #finish}, what it wrote is deleted. Not thread-safe.
 */
public final class TableBuilder implements Closeable {
  private final Vfs vfs;
  private final Path directory;
  private final LongSupplier numbers;
  private final int level;
  private final TableFormat format;
  private final long tableBytes;

  private final List<TableMeta> finished = new ArrayList<>();
  private @Nullable SsTableWriter writer;
  private long number;
  private boolean done;

  /**
   * A builder of tables.
   *
   * @param numbers gives each file its number
   * @param tableBytes size at which a table ends
   */
  public TableBuilder(
      Vfs vfs,
      Path directory,
      LongSupplier numbers,
      int level,
      TableFormat format,
      long tableBytes) {
    this.vfs = vfs;
    this.directory = directory;
    this.numbers = numbers;
    this.level = level;
    this.format = format;
    this.tableBytes = tableBytes;
  }

  /**
   * Adds all that {@code retention} keeps of {@code cursor}.
   *
   * @param cancelled asked between keys
   * @return false if it was cancelled
   */
  public boolean addAll(EntryCursor cursor, Retention retention, BooleanSupplier cancelled)
      throws IOException {
    boolean more = cursor.seekToFirst();
    while (more) {
      if (cancelled.getAsBoolean()) {
        return false;
      }
      if (writer != null && writer.sizeInBytes() >= tableBytes) {
        endTable();
      }
      retention.keepKey(cursor, this::add);
      more = cursor.isValid();
    }
    return true;
  }

  /** Adds all entries of {@code cursor} whose keys are not in {@code range}. */
  public void copyOutside(EntryCursor cursor, KeyRange range) throws IOException {
    byte[] end = range.end();
    boolean more = cursor.seekToFirst();
    while (more && cursor.key().compareTo(range.start()) < 0) {
      add(cursor);
      more = cursor.next();
    }
    more = end != null && cursor.seek(end, Long.MAX_VALUE);
    while (more) {
      add(cursor);
      more = cursor.next();
    }
  }

  private void add(EntryCursor cursor) throws IOException {
    add(
        cursor.key(),
        cursor.version(),
        cursor.kind(),
        cursor.operatorId(),
        cursor.expiryMillis(),
        cursor.value());
  }

  /** Completes the last table and makes the names of all survive; the manifest may name them. */
  public List<TableMeta> finish() throws IOException {
    endTable();
    if (!finished.isEmpty()) {
      vfs.syncDirectory(directory);
    }
    done = true;
    return finished;
  }

  @Override
  public void close() throws IOException {
    if (done) {
      return;
    }
    done = true;
    if (writer != null) {
      writer.close();
    }
    for (TableMeta table : finished) {
      vfs.delete(directory.resolve(table.fileName()));
    }
  }

  private void add(
      Slice key, long version, EntryKind kind, int operatorId, long expiryMillis, Slice value)
      throws IOException {
    SsTableWriter open = writer;
    if (open == null) {
      number = numbers.getAsLong();
      open = new SsTableWriter(vfs, directory.resolve(TableMeta.fileName(number)), format);
      writer = open;
    }
    open.add(key, version, kind, operatorId, expiryMillis, value);
  }

  private void endTable() throws IOException {
    if (writer != null) {
      FinishedTable table = writer.finish();
      finished.add(new TableMeta(number, level, table.sizeInBytes(), table.properties()));
      writer = null;
    }
  }
}
