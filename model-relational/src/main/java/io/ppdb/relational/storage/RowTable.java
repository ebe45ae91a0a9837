package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.LookupSource;
import io.ppdb.relational.lock.LockOwner;
import io.ppdb.relational.lock.LockStrength;
import io.ppdb.relational.lock.LockWait;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.IndexExpressions;
import io.ppdb.relational.spi.RowLocker;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanRequest.SortColumn;
import io.ppdb.relational.spi.ScanText;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.storage.RowLookups.Access;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes one row table; offers scans by primary key and by each index. */
public final class RowTable implements TableAccess {
  /** What reading one row through an index costs beside a row of a scan. */
  private static final double LOOKUP_COST = 4;

  /** What beginning a scan costs. */
  private static final double SEEK_COST = 2;

  private final TableDefinition table;
  private final KeyValueStore store;
  private final RowIds rowIds;
  private final TableKeys keys;
  private final RowLayout layout;
  private final List<IndexDefinition.Column> primaryKey;
  private final RowEstimates estimates;

  /** A number that all copies of this table share; written racily, some changes may be lost. */
  private final long[] changedRowCount;

  /** What its indexes compute; null for readers, who need not know. */
  private final @Nullable IndexExpressions expressions;

  /** What writers need to know of its indexes; empty if they would have to compute something. */
  private final List<IndexShape> indexShapes;

  RowTable(TableDefinition table, KeyValueStore store, RowIds rowIds) {
    this.table = table;
    this.store = store;
    this.rowIds = rowIds;
    this.keys = new TableKeys(table);
    this.layout = new RowLayout(table);
    this.primaryKey = TableKeys.primaryKeyColumns(table);
    this.estimates = new RowEstimates(table, store);
    this.changedRowCount = new long[1];
    boolean computes = !table.indexExpressions().isEmpty() || !table.indexPredicates().isEmpty();
    this.expressions = computes ? null : IndexExpressions.none(table);
    this.indexShapes = expressions == null ? List.of() : shapes(expressions);
  }

  private RowTable(RowTable table, IndexExpressions expressions) {
    this.table = table.table;
    this.store = table.store;
    this.rowIds = table.rowIds;
    this.keys = table.keys;
    this.layout = table.layout;
    this.primaryKey = table.primaryKey;
    this.estimates = table.estimates;
    this.changedRowCount = table.changedRowCount;
    this.expressions = expressions;
    this.indexShapes = shapes(expressions);
  }

  private List<IndexShape> shapes(IndexExpressions known) {
    return table.indexes().stream()
        .map(index -> IndexShape.of(table, index, keys.prefix(index.number()), known))
        .toList();
  }

  /** Whether writers have to know what its indexes compute: {@link #withExpressions}. */
  public boolean needsExpressions() {
    return expressions == null;
  }

  /** The same table for writers, who compute what its indexes hold. */
  public RowTable withExpressions(IndexExpressions known) {
    return new RowTable(this, known);
  }

  @Override
  public TableDefinition table() {
    return table;
  }

  @Override
  public double estimatedRowCount() {
    return Math.max(1, store.statistics(keys.rowRange()).entryCount());
  }

  @Override
  public void noteChanged(long rowCount) {
    changedRowCount[0] += rowCount;
  }

  @Override
  public long changedRowCount() {
    return changedRowCount[0];
  }

  @Override
  public TableStatistics sample(ReadView view, Runnable pause) {
    return new RowSampler(this, store, view, pause).sample();
  }

  @Override
  public List<ColumnType> locatorTypes() {
    return table.hasPrimaryKey() ? List.of() : List.of(ColumnType.BIGINT);
  }

  @Override
  public TableWriter openWriter(ExecutionContext context) {
    return openWriter(context.transaction(), context.locks(), context::checkCancelled);
  }

  @Override
  public RowLocker openLocker(LockStrength strength, LockWait wait, ExecutionContext context) {
    LockOwner owner = context.locks();
    if (owner == null || !table.hasPrimaryKey()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          strength.clause() + " needs a primary key: table \"" + table.name() + "\" has none");
    }
    return new RowTableLocker(
        table.name(),
        keys,
        store,
        context.transaction(),
        owner,
        strength,
        wait,
        context::checkCancelled);
  }

  /** A writer that waits for nobody. */
  RowTableWriter openWriter(Transaction transaction) {
    return openWriter(transaction, null, () -> {});
  }

  private RowTableWriter openWriter(
      Transaction transaction, @Nullable LockOwner locks, Runnable check) {
    if (expressions == null) {
      throw new IllegalStateException(
          "table " + table.name() + " is written without knowing what its indexes compute");
    }
    return new RowTableWriter(
        table, layout, keys, indexShapes, expressions, rowIds, transaction, locks, check);
  }

  RowLayout layout() {
    return layout;
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    List<ScanPath> paths = new ArrayList<>();
    double rowCount = estimatedRowCount();
    paths.add(primaryPath(request, rowCount));
    for (IndexDefinition index : table.indexes()) {
      ScanPath path = index.ready() ? indexPath(request, index, rowCount) : null;
      if (path != null) {
        paths.add(path);
      }
    }
    return paths;
  }

  /** The whole table, a range of its primary key, or single rows. */
  private ScanPath primaryPath(ScanRequest request, double rowCount) {
    KeyCondition condition = new KeyCondition(table, primaryKey, request.conjuncts());
    int[] columns = request.columns();
    if (table.hasPrimaryKey() && condition.isPoint()) {
      double rows = condition.rangeCount();
      return new ScanPath(
          new ScanText("Primary Key Get", table.name(), condition.toString()),
          condition.taken(),
          rows,
          rows * SEEK_COST,
          naturalOrdering(primaryKey, condition.equalityCount(), false),
          context -> openGet(columns, condition, context),
          context -> lookups(columns, condition, keys.rows(), Access.GET, false, context));
    }
    Direction direction = direction(request, primaryKey, condition);
    double rows =
        estimates.rows(
            condition,
            keys.rows(),
            ForeignKeyDefinition.PRIMARY_KEY,
            rowCount,
            request.statistics());
    double read = rowsRead(request, condition.taken().size(), direction, rows);
    return new ScanPath(
        new ScanText(
            condition.isEmpty() ? "Seq Scan" : "Primary Key Range Scan",
            table.name(),
            "",
            direction.descending(),
            condition.isEmpty() ? "" : condition.toString()),
        condition.taken(),
        rows,
        SEEK_COST * condition.rangeCount() + read,
        direction.ordering(),
        context -> openRange(columns, condition, direction.descending(), context),
        condition.isEmpty()
            ? null
            : context -> lookups(columns, condition, keys.rows(), Access.RANGE, false, context));
  }

  private @Nullable ScanPath indexPath(
      ScanRequest request, IndexDefinition index, double rowCount) {
    List<Conjunct> implied = request.partialIndexes().get(index.number());
    boolean isPartial = index.predicate() != null;
    if (isPartial && implied == null) {
      return null;
    }
    List<IndexDefinition.Column> columnsOfKey = keyColumns(index);
    KeyCondition condition = new KeyCondition(table, columnsOfKey, request.conjuncts());
    Direction direction = direction(request, columnsOfKey, condition);
    if (condition.isEmpty() && !direction.wanted() && !isPartial) {
      return null;
    }
    byte[] prefix = keys.prefix(index.number());
    boolean single = index.unique() && condition.isPoint();
    double rows =
        single
            ? condition.rangeCount()
            : estimates.rows(
                condition,
                prefix,
                index.number(),
                isPartial ? entryCount(prefix) : rowCount,
                request.statistics());
    List<Conjunct> taken = taken(condition, implied);
    double read = rowsRead(request, taken.size(), direction, rows);
    int[] columns = request.columns();
    boolean isOnly = IndexEntryDecoder.of(table, layout, index, prefix.length, columns) != null;
    String kind = condition.isEmpty() ? "Scan" : condition.isPoint() ? "Get" : "Range Scan";
    return new ScanPath(
        new ScanText(
            (isOnly ? "Index Only " : "Index ") + kind,
            table.name(),
            index.name(),
            direction.descending(),
            condition.isEmpty() ? "" : condition.toString()),
        taken,
        rows,
        SEEK_COST * condition.rangeCount() + (isOnly ? 1 : LOOKUP_COST) * read,
        direction.ordering(),
        context ->
            isOnly
                ? openEntries(columns, index, condition, direction.descending(), single, context)
                : single && !direction.descending()
                    ? openUnique(columns, index, condition, context)
                    : openIndex(columns, index, condition, direction.descending(), context),
        condition.isEmpty()
            ? null
            : context ->
                isOnly
                    ? entryLookups(columns, index, condition, single, context)
                    : lookups(
                        columns,
                        condition,
                        prefix,
                        single ? Access.UNIQUE : Access.INDEX,
                        !index.included().isEmpty(),
                        context));
  }

  private EntryDecoder entryDecoder(int[] columns, IndexDefinition index) {
    int prefixLength = keys.prefix(index.number()).length;
    EntryDecoder decoder = IndexEntryDecoder.of(table, layout, index, prefixLength, columns);
    if (decoder == null) {
      throw new IllegalStateException("index " + index.name() + " does not hold the columns");
    }
    return decoder;
  }

  /** Rows out of the entries of an index alone. */
  private BatchSource openEntries(
      int[] columns,
      IndexDefinition index,
      KeyCondition condition,
      boolean descending,
      boolean single,
      ExecutionContext context) {
    EntryDecoder decoder = entryDecoder(columns, index);
    byte[] prefix = keys.prefix(index.number());
    if (single && !descending) {
      return new RowGetSource(context.view(), decoder, condition.keys(prefix, context), false);
    }
    List<KeyRange> ranges = inDirection(condition.ranges(prefix, context), descending);
    return new RowRangeSource(context.view(), decoder, ranges, descending);
  }

  private LookupSource entryLookups(
      int[] columns,
      IndexDefinition index,
      KeyCondition condition,
      boolean single,
      ExecutionContext context) {
    return new RowLookups(
        context,
        entryDecoder(columns, index),
        layout.types(columns),
        condition,
        keys.prefix(index.number()),
        keys.rows(),
        single ? Access.GET : Access.RANGE,
        !index.included().isEmpty());
  }

  /** What the ranges of an index check, and what its predicate says of all its entries. */
  private static List<Conjunct> taken(KeyCondition condition, @Nullable List<Conjunct> implied) {
    if (implied == null || implied.isEmpty()) {
      return condition.taken();
    }
    List<Conjunct> taken = new ArrayList<>(condition.taken());
    taken.addAll(implied);
    return taken;
  }

  private double entryCount(byte[] prefix) {
    return Math.max(1, store.statistics(KeyRange.prefix(prefix)).entryCount());
  }

  /** The elements of an index's key; expressions have places behind columns and locators. */
  private List<IndexDefinition.Column> keyColumns(IndexDefinition index) {
    if (index.isOfColumns()) {
      return index.columns();
    }
    int first = table.columns().size() + locatorTypes().size();
    List<IndexExpression> all = table.indexExpressions();
    List<IndexDefinition.Column> columns = new ArrayList<>();
    for (IndexDefinition.Column column : index.columns()) {
      IndexExpression expression = column.expression();
      columns.add(
          expression == null ? column : column.withOrdinal(first + all.indexOf(expression)));
    }
    return columns;
  }

  private LookupSource lookups(
      int[] columns,
      KeyCondition condition,
      byte[] prefix,
      Access access,
      boolean withColumns,
      ExecutionContext context) {
    return new RowLookups(
        context,
        decoder(columns),
        layout.types(columns),
        condition,
        prefix,
        keys.rows(),
        access,
        withColumns);
  }

  private BatchSource openGet(int[] columns, KeyCondition condition, ExecutionContext context) {
    List<byte[]> rowKeys = condition.keys(keys.rows(), context);
    return new RowGetSource(context.view(), decoder(columns), rowKeys, false);
  }

  private BatchSource openRange(
      int[] columns, KeyCondition condition, boolean descending, ExecutionContext context) {
    List<KeyRange> ranges = inDirection(condition.ranges(keys.rows(), context), descending);
    return new RowRangeSource(context.view(), decoder(columns), ranges, descending);
  }

  /** The rows of entries that no two rows have, got by their keys. */
  private BatchSource openUnique(
      int[] columns, IndexDefinition index, KeyCondition condition, ExecutionContext context) {
    List<byte[]> entryKeys = condition.keys(keys.prefix(index.number()), context);
    List<byte[]> rowKeys = new ArrayList<>(entryKeys.size());
    for (byte[] entry : context.view().getAll(entryKeys)) {
      if (entry != null) {
        rowKeys.add(IndexValue.rowKey(keys.rows(), entry, !index.included().isEmpty()));
      }
    }
    return new RowGetSource(context.view(), decoder(columns), rowKeys, true);
  }

  private BatchSource openIndex(
      int[] columns,
      IndexDefinition index,
      KeyCondition condition,
      boolean descending,
      ExecutionContext context) {
    List<KeyRange> ranges =
        inDirection(condition.ranges(keys.prefix(index.number()), context), descending);
    return new RowLookupSource(
        context.view(),
        decoder(columns),
        keys.rows(),
        ranges,
        descending,
        !index.included().isEmpty());
  }

  private static List<KeyRange> inDirection(List<KeyRange> ranges, boolean descending) {
    if (!descending || ranges.size() < 2) {
      return ranges;
    }
    List<KeyRange> reversed = new ArrayList<>(ranges);
    Collections.reverse(reversed);
    return reversed;
  }

  RowDecoder decoder(int[] columns) {
    return new RowDecoder(table, layout, keys.rows().length, columns);
  }

  TableKeys keys() {
    return keys;
  }

  /** Rows that are read before the reader stops. */
  private static double rowsRead(
      ScanRequest request, int takenCount, Direction direction, double rows) {
    if (!request.ordering().isEmpty() && !direction.wanted()) {
      return rows;
    }
    int rest = request.conjuncts().size() - takenCount;
    double needed = (double) request.limit() * Math.pow(4, rest);
    return Math.min(rows, Math.max(1, needed));
  }

  /**
   * Which way to read and what order that gives.
   *
   * @param wanted whether it is the order that the request asks for
   */
  private record Direction(boolean descending, boolean wanted, List<SortColumn> ordering) {}

  private static Direction direction(
      ScanRequest request, List<IndexDefinition.Column> columns, KeyCondition condition) {
    if (columns.isEmpty()) {
      return new Direction(false, false, List.of());
    }
    int fixed = condition.hasNullTest() ? 0 : condition.equalityCount();
    for (boolean descending : new boolean[] {false, true}) {
      if (!request.ordering().isEmpty()
          && satisfies(request.ordering(), columns, fixed, descending)) {
        return new Direction(descending, true, request.ordering());
      }
    }
    return new Direction(false, false, naturalOrdering(columns, fixed, false));
  }

  private static boolean satisfies(
      List<SortColumn> wanted,
      List<IndexDefinition.Column> columns,
      int fixed,
      boolean descending) {
    int next = fixed;
    for (SortColumn sort : wanted) {
      boolean constant = false;
      for (int i = 0; i < fixed; i++) {
        constant |= columns.get(i).ordinal() == sort.ordinal();
      }
      if (constant) {
        continue;
      }
      if (next >= columns.size()) {
        return false;
      }
      IndexDefinition.Column column = columns.get(next++);
      boolean columnDescending = column.descending() ^ descending;
      if (column.ordinal() != sort.ordinal()
          || columnDescending != sort.descending()
          || sort.nullsFirst() != columnDescending) {
        return false;
      }
    }
    return true;
  }

  private static List<SortColumn> naturalOrdering(
      List<IndexDefinition.Column> columns, int fixed, boolean descending) {
    List<SortColumn> ordering = new ArrayList<>();
    for (int i = fixed; i < columns.size(); i++) {
      boolean columnDescending = columns.get(i).descending() ^ descending;
      ordering.add(new SortColumn(columns.get(i).ordinal(), columnDescending, columnDescending));
    }
    return ordering;
  }
}
