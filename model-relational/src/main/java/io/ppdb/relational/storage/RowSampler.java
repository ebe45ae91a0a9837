package io.ppdb.relational.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.statistics.ColumnSample;
import io.ppdb.relational.statistics.KeySample;
import io.ppdb.relational.statistics.SampleValue;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the rows of a row table, and makes statistics of them. Used by one thread, once.
 *
 * <p>Of a small table all rows are read. Of a large one the rows of some stretches at random places
 * are: neighbours may be more alike than others, but to seek for each row of a sample would take
 * far longer. What is read has a bound that does not depend on the table's size.
 */
final class RowSampler {
  /** Rows of a sample. */
  private static final int SAMPLE_ROWS = 30_000;

  /** Up to so many entries are all looked at, though not more than a sample is kept. */
  private static final int ALL_ENTRIES = 200_000;

  private static final int STRETCH_ENTRIES = 20;

  /** Places are likely to be where the first columns of a key change: a stretch begins behind. */
  private static final int MAX_SKIPPED = 200;

  /** Entries between two pauses. */
  private static final int ENTRIES_PER_PAUSE = 1024;

  private static final int PRIMARY_KEY = ForeignKeyDefinition.PRIMARY_KEY;
  private static final int DETAIL = 100;

  /** The detail for tables with very many columns, whose statistics have to fit into a value. */
  private static final int COARSE_DETAIL = 20;

  private static final int MANY_COLUMNS = 100;

  private final RowTable table;
  private final KeyValueStore store;
  private final ReadView view;
  private final Runnable pause;

  /** Always the same, so that the same rows give the same plans. */
  private final SplittableRandom random = new SplittableRandom(0x5EED);

  private final KeyWriter writer = new KeyWriter();

  RowSampler(RowTable table, KeyValueStore store, ReadView view, Runnable pause) {
    this.table = table;
    this.store = store;
    this.view = view;
    this.pause = pause;
  }

  /** What is read of an entry. */
  private interface EntryReader {
    void read(Slice key, Slice value);
  }

  TableStatistics sample() {
    TableDefinition definition = table.table();
    int columnCount = definition.columns().size();
    int[] columns = IntStream.range(0, columnCount).toArray();
    RowDecoder decoder = table.decoder(columns);
    VectorBatch row = VectorBatch.create(table.layout().types(columns), 1);
    KeySample primaryKey =
        new KeySample(table.keys().rows().length, definition.primaryKey().size());
    List<@Nullable SampleValue[]> rows = new ArrayList<>();
    long[] seen = {0};
    double rowCount =
        read(
            table.keys().rowRange(),
            /* keysOnly= */ false,
            primaryKey,
            (key, value) -> {
              int slot = slot(++seen[0]);
              if (slot < 0) {
                return;
              }
              row.reset(1);
              decoder.decodeKey(row, 0, key.array(), key.offset(), key.length());
              decoder.decodeValue(row, 0, value.array(), value.offset(), value.length());
              @Nullable SampleValue[] values = values(row);
              if (slot == rows.size()) {
                rows.add(values);
              } else {
                rows.set(slot, values);
              }
            });
    Map<Integer, List<Double>> keys = new HashMap<>();
    if (definition.hasPrimaryKey()) {
      keys.put(PRIMARY_KEY, primaryKey.distinctCounts(rowCount));
    }
    for (IndexDefinition index : definition.indexes()) {
      if (index.ready()) {
        keys.put(index.number(), distinctPrefixes(index));
      }
    }
    Map<String, TableStatistics.Column> columnStatistics = columns(definition, rows, rowCount);
    if (rows.size() < rowCount) {
      correctByKeys(definition, columnStatistics, keys);
    }
    return new TableStatistics(rowCount, columnStatistics, keys);
  }

  /** Keys tell better than a sample of rows how many values their first columns have. */
  private static void correctByKeys(
      TableDefinition table,
      Map<String, TableStatistics.Column> columns,
      Map<Integer, List<Double>> keys) {
    if (table.hasPrimaryKey()) {
      correct(table, table.primaryKey().get(0), columns, keys.get(PRIMARY_KEY));
    }
    for (IndexDefinition index : table.indexes()) {
      int first = index.columns().get(0).ordinal();
      if (index.predicate() == null && first != IndexDefinition.Column.NO_COLUMN) {
        correct(table, first, columns, keys.get(index.number()));
      }
    }
  }

  private static void correct(
      TableDefinition table,
      int ordinal,
      Map<String, TableStatistics.Column> columns,
      @Nullable List<Double> counts) {
    if (counts != null) {
      columns.computeIfPresent(
          table.column(ordinal).name(), (name, column) -> column.withDistinctCount(counts.get(0)));
    }
  }

  /** Where a row goes in the sample, of which it is the {@code number}th to be seen; or -1. */
  private int slot(long number) {
    if (number <= SAMPLE_ROWS) {
      return (int) number - 1;
    }
    long slot = random.nextLong(number);
    return slot < SAMPLE_ROWS ? (int) slot : -1;
  }

  private @Nullable SampleValue[] values(VectorBatch row) {
    @Nullable SampleValue[] values = new @Nullable SampleValue[row.columnCount()];
    for (int i = 0; i < values.length; i++) {
      Vector column = row.column(i);
      if (!column.isNull(0)) {
        KeyColumns.add(writer.clear(), column, 0);
        values[i] = SampleValue.of(writer.array(), 0, writer.length());
      }
    }
    return values;
  }

  private static Map<String, TableStatistics.Column> columns(
      TableDefinition table, List<@Nullable SampleValue[]> rows, double rowCount) {
    Map<String, TableStatistics.Column> columns = new HashMap<>();
    int detail = table.columns().size() > MANY_COLUMNS ? COARSE_DETAIL : DETAIL;
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnSample sample = new ColumnSample(rows.size());
      for (int row = 0; row < rows.size(); row++) {
        sample.set(row, rows.get(row)[i]);
      }
      ColumnDefinition column = table.column(i);
      columns.put(
          column.name(),
          new TableStatistics.Column(
              column.type().kind().name(), sample.statistics(rowCount, detail)));
    }
    return columns;
  }

  private List<Double> distinctPrefixes(IndexDefinition index) {
    byte[] prefix = table.keys().prefix(index.number());
    KeySample sample = new KeySample(prefix.length, index.columns().size());
    double entryCount =
        read(KeyRange.prefix(prefix), /* keysOnly= */ true, sample, (key, value) -> {});
    return sample.distinctCounts(entryCount);
  }

  /** Reads all entries of a small range, or stretches of a large one; how many it has. */
  private double read(KeyRange range, boolean keysOnly, KeySample keys, EntryReader reader) {
    double estimate = store.statistics(range).entryCount();
    try (Cursor cursor = view.scan(range, ScanOptions.ASCENDING.withKeysOnly(keysOnly))) {
      if (estimate <= ALL_ENTRIES) {
        return readAll(cursor, keys, reader);
      }
      int count = SAMPLE_ROWS / STRETCH_ENTRIES;
      for (byte[] place : RandomPlaces.draw(store, view, range, estimate, count, random, pause)) {
        pause.run();
        keys.beginStretch();
        boolean found = cursor.seek(place);
        for (int skipped = random.nextInt(MAX_SKIPPED); skipped > 0 && found; skipped--) {
          found = cursor.next();
        }
        for (int i = 0; i < STRETCH_ENTRIES && found; i++) {
          keys.add(cursor.key().array(), cursor.key().offset(), cursor.key().length());
          reader.read(cursor.key(), cursor.value());
          found = cursor.next();
        }
      }
      return estimate;
    }
  }

  private double readAll(Cursor cursor, KeySample keys, EntryReader reader) {
    long count = 0;
    while (cursor.next()) {
      if (++count % ENTRIES_PER_PAUSE == 0) {
        pause.run();
      }
      keys.add(cursor.key().array(), cursor.key().offset(), cursor.key().length());
      reader.read(cursor.key(), cursor.value());
    }
    return count;
  }
}
