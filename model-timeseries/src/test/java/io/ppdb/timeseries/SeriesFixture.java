package io.ppdb.timeseries;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanRequest.SortColumn;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.VectorBatch;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** A time-series table in a memory store, used through the SPI without SQL around it. */
final class SeriesFixture implements AutoCloseable {
  static final int TIME = 0;
  static final int ORIGIN = 1;
  static final int DESTINATION = 2;
  static final int DELAY = 3;
  static final int RATIO = 4;
  static final int NOTE = 5;

  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          new ColumnDefinition("departed_at", ColumnType.TIMESTAMP, true, null),
          new ColumnDefinition("origin", ColumnType.TEXT, true, null),
          new ColumnDefinition("destination", ColumnType.TEXT, true, null),
          new ColumnDefinition("delay", ColumnType.INTEGER, true, null),
          new ColumnDefinition("ratio", ColumnType.DOUBLE, true, null),
          new ColumnDefinition("note", ColumnType.varchar(10), true, null));

  final KeyValueStore store;
  final SeriesAccess access;
  private final Catalog catalog;

  SeriesFixture() {
    this("1 hour");
  }

  SeriesFixture(String window) {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    catalog = new Catalog(store, List.of(new TimeSeriesKind()));
    TableDefinition table =
        store.transact(transaction -> catalog.create(transaction, table(window)));
    access = (SeriesAccess) catalog.access(table);
  }

  /** Drops the table in {@code transaction}. */
  void drop(Transaction transaction) {
    catalog.drop(transaction, table());
  }

  static TableDefinition table(String window) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("timestamp", "departed_at");
    options.put("tags", "origin, destination");
    options.put("window_size", window);
    return new TimeSeriesKind().define(undefined(options));
  }

  static TableDefinition undefined(Map<String, String> options) {
    return new TableDefinition(
        16, 1, "public", "flights", "timeseries", options, COLUMNS, List.of(), List.of(), 2);
  }

  TableDefinition table() {
    return access.table();
  }

  /** Inserts rows by one statement of one transaction. */
  void insert(List<@Nullable Object[]> rows) {
    store.transact(
        transaction -> {
          insert(transaction, rows);
          return null;
        });
  }

  void insert(Transaction transaction, List<@Nullable Object[]> rows) {
    try (TableWriter writer = access.openWriter(context(transaction))) {
      writer.insert(batch(rows));
      writer.finish();
    }
  }

  void insertRows(@Nullable Object[]... rows) {
    insert(Arrays.asList(rows));
  }

  void insertRows(Transaction transaction, @Nullable Object[]... rows) {
    insert(transaction, Arrays.asList(rows));
  }

  /** Deletes the rows for which {@code comparisons} hold; returns how many there were. */
  int delete(ColumnComparison... comparisons) {
    return store.transact(transaction -> delete(transaction, comparisons));
  }

  int delete(Transaction transaction, ColumnComparison... comparisons) {
    ExecutionContext context = context(transaction);
    int columnCount = COLUMNS.size() + RowLocator.TYPES.size();
    int[] columns = IntStream.range(0, columnCount).toArray();
    List<ColumnType> types = new ArrayList<>(access.layout().types());
    types.addAll(access.locatorTypes());
    ScanPath path = paths(columns, List.of(), comparisons).get(0);
    int count = 0;
    try (TableWriter writer = access.openWriter(context);
        ScanOperator scan = new ScanOperator(types, path.source())) {
      scan.open(context);
      for (VectorBatch rows = scan.next(); rows != null; rows = scan.next()) {
        writer.delete(rows);
        count += rows.size();
      }
      writer.finish();
    }
    return count;
  }

  /** The rows for which {@code comparisons} hold, as text, in the order of the scan. */
  List<String> select(ColumnComparison... comparisons) {
    try (Snapshot snapshot = store.snapshot()) {
      return select(snapshot, comparisons);
    }
  }

  List<String> select(ReadView view, ColumnComparison... comparisons) {
    return read(view, paths(allColumns(), List.of(), comparisons).get(0), allColumns());
  }

  /** The same by the path that promises the order of times. */
  List<String> selectOrdered(boolean descending, ColumnComparison... comparisons) {
    List<SortColumn> ordering = List.of(new SortColumn(TIME, descending, false));
    try (Snapshot snapshot = store.snapshot()) {
      return read(snapshot, paths(allColumns(), ordering, comparisons).get(1), allColumns());
    }
  }

  List<ScanPath> paths(int[] columns, List<SortColumn> ordering, ColumnComparison... comparisons) {
    List<Conjunct> conjuncts = new ArrayList<>();
    for (ColumnComparison comparison : comparisons) {
      conjuncts.add(new Conjunct(literal("condition"), comparison));
    }
    return access.scanPaths(new ScanRequest(columns, conjuncts, ordering, Long.MAX_VALUE));
  }

  List<String> read(ReadView view, ScanPath path, int[] columns) {
    List<ColumnType> types = new ArrayList<>();
    for (int column : columns) {
      types.add(access.layout().types().get(column));
    }
    ExecutionContext context = context(view);
    List<String> rows = new ArrayList<>();
    try (ScanOperator scan = new ScanOperator(types, path.source())) {
      scan.open(context);
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        for (int row = 0; row < batch.size(); row++) {
          @Nullable Object[] values = new Object[columns.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = batch.column(i).getObject(batch.position(row));
          }
          rows.add(Arrays.toString(values));
        }
      }
    }
    return rows;
  }

  static int[] allColumns() {
    return IntStream.range(0, COLUMNS.size()).toArray();
  }

  static ExecutionContext context(ReadView view) {
    return ExecutionContext.builder().view(view).batchRows(64).build();
  }

  static LocalDateTime time(long micros) {
    return Values.toLocalDateTime(micros);
  }

  static ColumnComparison compare(
      int column, ColumnComparison.Operator operator, @Nullable Object... values) {
    return new ColumnComparison(
        column, operator, Arrays.stream(values).map(SeriesFixture::operand).toList());
  }

  private static Operand operand(@Nullable Object value) {
    return new Operand() {
      @Override
      public RexNode expression() {
        return literal(String.valueOf(value));
      }

      @Override
      public @Nullable Object value(ExecutionContext context) {
        return value;
      }

      @Override
      public @Nullable Object constant() {
        return value;
      }
    };
  }

  private static RexNode literal(String text) {
    return new RexBuilder(new JavaTypeFactoryImpl()).makeLiteral(text);
  }

  /** A batch whose live rows are {@code rows}, with a dead one in front. */
  private VectorBatch batch(List<@Nullable Object[]> rows) {
    VectorBatch batch = VectorBatch.create(access.layout().types(), rows.size() + 1);
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < COLUMNS.size(); column++) {
        batch.column(column).setObject(row + 1, rows.get(row)[column]);
      }
    }
    batch.setRowCount(rows.size() + 1);
    batch.setSelection(IntStream.rangeClosed(1, rows.size()).toArray(), rows.size());
    return batch;
  }

  @Override
  public void close() {
    store.close();
  }
}
