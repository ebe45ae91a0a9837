package io.ppdb.timeseries;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.timeseries.segment.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Merges the small segments of windows that have many.
 *
 * <p>Each step is an ordinary transaction, marked as maintenance, that deletes some segments and
 * writes their rows as one: no view sees a difference. It gives way to users: one that deletes rows
 * of the same segments or drops the table meanwhile makes the step fail, and what it did is left
 * for the next time. Inserts touch no segment that exists. A step is committed without waiting for
 * the disk, for nothing is lost with it. Thread-safe.
 */
public final class SegmentMerger {
  /** A window is merged when it has this many small segments. */
  static final int MIN_SEGMENTS = 8;

  /** A segment with fewer rows and fewer bytes is small. */
  static final int SMALL_ROWS = 8_192;

  private static final int SMALL_BYTES = 1 << 20;

  /** Segments of one step. */
  private static final int MAX_SEGMENTS = 64;

  private static final TransactionOptions STEP =
      TransactionOptions.DEFAULT
          .withOrigin(CommitOrigin.MAINTENANCE)
          .withDurability(Durability.ASYNC);

  private final SeriesLayout layout;
  private final KeyValueStore store;

  /** Windows worth merging, newest first, and the newest one that was not looked at. */
  private record Look(List<Long> windows, OptionalLong next) {}

  public SegmentMerger(TableDefinition table, KeyValueStore store) {
    this.layout = SeriesLayout.of(table);
    this.store = store;
  }

  /** The store's estimate of the table: as long as it stays, nothing was written. */
  public RangeStatistics statistics() {
    return store.statistics(layout.segments());
  }

  /**
   * Merges wherever it is worth it.
   *
   * @return by how many the segments have become fewer
   */
  public int merge() {
    int saved = 0;
    for (long window : look(Long.MAX_VALUE, Long.MAX_VALUE, () -> true).windows()) {
      saved += mergeWindow(window, () -> true);
    }
    return saved;
  }

  /**
   * Merges in a part of the table, newest windows first.
   *
   * @param newestWindow where to begin; {@link Long#MAX_VALUE} for the newest there is
   * @param maxBytes how much to look at, up to the end of a window
   * @param goOn asked between pieces of work; may pause, and ends the work by false
   * @return the window to go on with, empty if the oldest has been looked at
   */
  public OptionalLong merge(long newestWindow, long maxBytes, BooleanSupplier goOn) {
    Look look = look(newestWindow, maxBytes, goOn);
    for (long window : look.windows()) {
      int unused = mergeWindow(window, goOn);
    }
    return look.next();
  }

  private Look look(long newestWindow, long maxBytes, BooleanSupplier goOn) {
    List<Long> found = new ArrayList<>();
    Segment segment = new Segment(layout.types(), layout.timeColumn());
    KeyReader keyReader = new KeyReader();
    KeyRange range =
        newestWindow == Long.MAX_VALUE
            ? layout.segments()
            : KeyRange.of(layout.segments().start(), layout.window(newestWindow).end());
    long bytes = 0;
    long current = 0;
    int smallCount = 0;
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(range, ScanOptions.DESCENDING)) {
      while (goOn.getAsBoolean() && cursor.next()) {
        long window = SeriesLayout.windowIn(keyReader.reset(cursor.key()));
        if (bytes == 0 || window != current) {
          if (bytes >= maxBytes) {
            return new Look(found, OptionalLong.of(window));
          }
          current = window;
          smallCount = 0;
        }
        bytes += cursor.value().length();
        segment.open(cursor.value());
        if (isSmall(segment, cursor) && ++smallCount == MIN_SEGMENTS) {
          found.add(window);
        }
      }
    }
    return new Look(found, OptionalLong.empty());
  }

  private int mergeWindow(long window, BooleanSupplier goOn) {
    int saved = 0;
    int step = 1;
    while (step > 0 && goOn.getAsBoolean()) {
      step = mergeStep(window);
      saved += step;
    }
    return saved;
  }

  /** Merges up to {@link #MAX_SEGMENTS} small segments; returns how many fewer there are. */
  private int mergeStep(long window) {
    try (Transaction transaction = store.begin(STEP)) {
      Catalog.requireCurrent(transaction, layout.table());
      SegmentBuffer rows = new SegmentBuffer(layout);
      List<byte[]> keys = readSmallSegments(transaction, window, rows);
      if (keys.size() < MIN_SEGMENTS) {
        return 0;
      }
      keys.forEach(transaction::delete);
      int written = rows.writeTo(transaction, new HashMap<>());
      transaction.commit();
      return keys.size() - written;
    } catch (PpdbException e) {
      if (e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.UNDEFINED_TABLE) {
        return 0;
      }
      throw e;
    }
  }

  private List<byte[]> readSmallSegments(Transaction transaction, long window, SegmentBuffer rows) {
    List<byte[]> keys = new ArrayList<>();
    Segment segment = new Segment(layout.types(), layout.timeColumn());
    try (Cursor cursor = transaction.scan(layout.window(window))) {
      while (keys.size() < MAX_SEGMENTS && rows.rowCount() < Segment.MAX_ROWS && cursor.next()) {
        segment.open(cursor.value());
        if (isSmall(segment, cursor) && rows.rowCount() + segment.rowCount() <= Segment.MAX_ROWS) {
          keys.add(cursor.key().toByteArray());
          rows.append(segment, 0, null, segment.rowCount());
        }
      }
    }
    return keys;
  }

  private static boolean isSmall(Segment segment, Cursor cursor) {
    return segment.rowCount() < SMALL_ROWS && cursor.value().length() < SMALL_BYTES;
  }
}
