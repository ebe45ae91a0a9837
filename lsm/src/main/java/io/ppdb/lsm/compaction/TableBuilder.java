package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.kv.engine.Retention;
import io.ppdb.lsm.blob.BlobRelocation;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.GarbageCounter;
import io.ppdb.lsm.table.SsTableWriter;
import io.ppdb.lsm.table.SsTableWriter.FinishedTable;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.vfs.Vfs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries to tables of one level, beginning a new one, between two keys, when one is full.
 * Range tombstones are cut there too, so that tables do not overlap.
 *
 * <p>If it is closed before {@link #finish}, what it wrote is deleted. Not thread-safe.
 */
public final class TableBuilder implements Closeable {
  /** The limiter is asked for so many bytes at once. */
  private static final int PACE_BYTES = 64 << 10;

  private final Vfs vfs;
  private final Path directory;
  private final LongSupplier numbers;
  private final int level;
  private final TableFormat format;
  private TableCuts cuts;

  /** Where large values are moved from files that are mostly garbage; null if they stay. */
  private @Nullable BlobRelocation relocation;

  /** What the forecasts of garbage go by; nothing known means that everything is overdue. */
  private Horizons horizons = Horizons.everywhere(new Horizon(0, Long.MIN_VALUE));

  private LongUnaryOperator tickOfDelete = version -> 0;

  private final List<TableMeta> finished = new ArrayList<>();
  private @Nullable SsTableWriter writer;
  private long number;
  private boolean done;

  /** What the tables get besides entries; null if nothing. */
  private @Nullable RangeTombstones tombstones;

  /** The key that the next table begins with, or any smaller one that no table before has. */
  private byte[] nextStart = {};

  /** Where the keys of all tables end; null if nowhere. */
  private byte @Nullable [] end;

  /** Gives up values; null if nobody does. */
  private @Nullable FilterPass filters;

  /** What may be written when; null if that is not limited. */
  private @Nullable RateLimiter limiter;

  /** Bytes of the open table that the limiter knows of. */
  private long pacedBytes;

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
    this.cuts = new TableCuts(tableBytes);
  }

  /** Lets {@code newRelocation} say which handles are written; before the first entry. */
  public void relocateBlobs(BlobRelocation newRelocation) {
    relocation = newRelocation;
  }

  /**
   * Says what garbage is forecast by; before the first entry.
   *
   * @param newHorizons that the tables are written by
   * @param newTickOfDelete gives for the version of a delete a tick that is not after its own
   */
  public void forecastGarbage(Horizons newHorizons, LongUnaryOperator newTickOfDelete) {
    horizons = newHorizons;
    tickOfDelete = newTickOfDelete;
  }

  /** Lets tables end where one of {@code below} begins, if it is near; before the first entry. */
  public void alignTo(List<TableFile> below) {
    cuts = cuts.alignedTo(below.stream().map(file -> file.bounds().start()).toList());
  }

  /** Lets {@code newFilters} give up values; before the first entry. */
  public void applyFilters(FilterPass newFilters) {
    filters = newFilters;
  }

  /** Lets {@code newLimiter} say when entries may be written; before the first one. */
  public void limitRate(RateLimiter newLimiter) {
    limiter = newLimiter;
  }

  /**
   * Adds all that {@code retention} keeps of what {@code cursor} has in {@code range}.
   *
   * @param isLowestRange whether no entry of a range can be older than those of {@code cursor}
   * @param cancelled asked between keys
   * @return false if it was cancelled
   */
  public boolean addAll(
      EntryCursor cursor,
      KeyRange range,
      Retention retention,
      Predicate<KeyRange> isLowestRange,
      BooleanSupplier cancelled)
      throws IOException {
    RangeTombstones kept = retention.keptTombstones(isLowestRange);
    tombstones = kept == null ? null : kept.within(range);
    nextStart = range.start();
    end = range.end();
    boolean more =
        nextStart.length == 0 ? cursor.seekToFirst() : cursor.seek(nextStart, Long.MAX_VALUE);
    while (more && isBeforeEnd(cursor.key())) {
      if (cancelled.getAsBoolean()) {
        return false;
      }
      boolean isCut = cuts.isBefore(cursor.key(), writer == null ? 0 : writer.sizeInBytes());
      if (isCut && writer != null) {
        endTable(cursor.key().toByteArray());
      }
      retention.keepKey(cursor, this::add);
      more = cursor.isValid();
      pace(PACE_BYTES);
    }
    return true;
  }

  private boolean isBeforeEnd(Slice key) {
    return end == null || key.compareTo(end) < 0;
  }

  /** Waits as long as the limiter asks for, if {@code atLeast} bytes have come since. */
  private void pace(long atLeast) {
    if (limiter != null && writer != null) {
      long more = writer.sizeInBytes() - pacedBytes;
      if (more >= atLeast) {
        pacedBytes += more;
        limiter.acquire(more);
      }
    }
  }

  /** Adds all of {@code cursor} that does not lie in {@code range}. */
  public void copyOutside(EntryCursor cursor, KeyRange range) throws IOException {
    List<RangeTombstones> all = new ArrayList<>();
    cursor.addTombstones(all);
    RangeTombstones joined = RangeTombstones.join(all);
    tombstones = joined == null ? null : joined.outside(range);
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
    endTable(null);
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
    Slice stored = kind == EntryKind.BLOB && relocation != null ? relocation.handle(value) : value;
    long expiry = filters == null ? expiryMillis : filters.expiry(key, kind, expiryMillis, value);
    writer().add(key, version, kind, operatorId, expiry, stored);
  }

  private SsTableWriter writer() throws IOException {
    SsTableWriter open = writer;
    if (open == null) {
      number = numbers.getAsLong();
      open = new SsTableWriter(vfs, directory.resolve(TableMeta.fileName(number)), format);
      open.forecastGarbage(new GarbageCounter(horizons, tickOfDelete, tombstones));
      writer = open;
    }
    return open;
  }

  /**
   * Ends the table, if there is anything in it.
   *
   * @param next the key that the next one begins with; null if this is the last one
   */
  private void endTable(byte @Nullable [] next) throws IOException {
    RangeTombstones own =
        tombstones == null
            ? null
            : tombstones.within(KeyRange.of(nextStart, next == null ? end : next));
    pace(0);
    pacedBytes = 0;
    if (writer != null || own != null) {
      FinishedTable table = writer().finish(own);
      finished.add(new TableMeta(number, level, table.sizeInBytes(), table.properties()));
      writer = null;
    }
    if (next != null) {
      nextStart = next;
    }
  }
}
