package io.ppdb.timeseries;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.timeseries.segment.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Merges the small segments of windows that have many.
 *
 * <p>Each step is an ordinary transaction, marked as maintenance, that deletes some segments and
 * writes their rows as one: no view sees a difference. It gives way to users: one that deletes rows
 * of the same segments meanwhile makes the step fail, and what it did is left for the next time.
 * Inserts touch no segment that exists. Thread-safe.
 */
public final class SegmentMerger {
  /** A window is merged when it has this many small segments. */
  static final int MIN_SEGMENTS = 8;

  /** A segment with fewer rows and fewer bytes is small. */
  static final int SMALL_ROWS = 8_192;

  private static final int SMALL_BYTES = 1 << 20;

  /** Segments of one step. */
  private static final int MAX_SEGMENTS = 64;

  private final SeriesLayout layout;
  private final KeyValueStore store;

  public SegmentMerger(TableDefinition table, KeyValueStore store) {
    this.layout = SeriesLayout.of(table);
    this.store = store;
  }

  /**
   * Merges wherever it is worth it.
   *
   * @return by how many the segments have become fewer
   */
  public int merge() {
    int saved = 0;
    for (Map.Entry<Long, Integer> window : smallSegmentsByWindow().entrySet()) {
      if (window.getValue() >= MIN_SEGMENTS) {
        saved += mergeWindow(window.getKey());
      }
    }
    return saved;
  }

  private Map<Long, Integer> smallSegmentsByWindow() {
    Map<Long, Integer> counts = new TreeMap<>();
    Segment segment = new Segment(layout.types(), layout.timeColumn());
    KeyReader keyReader = new KeyReader();
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(layout.segments())) {
      while (cursor.next()) {
        segment.open(cursor.value());
        if (isSmall(segment, cursor)) {
          counts.merge(SeriesLayout.windowIn(keyReader.reset(cursor.key())), 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  private int mergeWindow(long window) {
    int saved = 0;
    int step = mergeStep(window);
    while (step > 0) {
      saved += step;
      step = mergeStep(window);
    }
    return saved;
  }

  /** Merges up to {@link #MAX_SEGMENTS} small segments; returns how many fewer there are. */
  private int mergeStep(long window) {
    TransactionOptions options = TransactionOptions.DEFAULT.withOrigin(CommitOrigin.MAINTENANCE);
    try (Transaction transaction = store.begin(options)) {
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
      if (e.code() == ErrorCode.CONFLICT) {
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
