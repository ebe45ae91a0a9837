package io.ppdb.timeseries;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanRequest.SortColumn;
import io.ppdb.relational.spi.ScanText;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Scans and writes of one time-series table. Thread-safe. */
final class SeriesAccess implements TableAccess {
  /** What a conjunct whose value is not known yet is guessed to leave of the rows. */
  private static final double UNKNOWN_TIME_SHARE = 0.3;

  /** Cost of looking at a segment, where 1 is one row of an ordinary table. */
  private static final double SEGMENT_COST = 2;

  /** Cost of a decoded row: a few values of each column's run. */
  private static final double ROW_COST = 0.1;

  /** What sorting windows adds to a row. */
  private static final double ORDERED_ROW_COST = 0.1;

  private final SeriesLayout layout;
  private final SeriesEstimates estimates;
  private final OpenSegments openSegments = new OpenSegments();
  private final ScanCounters counters = new ScanCounters();

  SeriesAccess(SeriesLayout layout, KeyValueStore store) {
    this.layout = layout;
    this.estimates = new SeriesEstimates(layout, store);
  }

  SeriesLayout layout() {
    return layout;
  }

  ScanCounters counters() {
    return counters;
  }

  @Override
  public TableDefinition table() {
    return layout.table();
  }

  @Override
  public double estimatedRowCount() {
    return estimates.current().rowCount();
  }

  @Override
  public List<ColumnType> locatorTypes() {
    return RowLocator.TYPES;
  }

  @Override
  public TableWriter openWriter(ExecutionContext context) {
    return new SeriesTableWriter(layout, context.transaction(), openSegments);
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    Pushed pushed = Pushed.of(request.conjuncts(), layout);
    SeriesEstimates.Sample sample = estimates.current();
    double timeShare = sample.shareOf(TimeRange.ofConstants(pushed.times));
    for (ColumnComparison comparison : pushed.times) {
      timeShare *= comparison.operand().constant() == null ? UNKNOWN_TIME_SHARE : 1;
    }
    double share = timeShare;
    for (ColumnComparison comparison : pushed.tags) {
      share *= tagShare(comparison, sample);
    }
    double rows = Math.max(1, sample.rowCount() * share);
    double cost = Math.max(1, sample.segmentCount() * timeShare) * SEGMENT_COST + rows * ROW_COST;
    int[] columns = request.columns().clone();
    List<ScanPath> paths = new ArrayList<>();
    paths.add(
        new ScanPath(
            description("Time Series Scan", pushed),
            pushed.taken,
            rows,
            cost,
            List.of(),
            context -> open(context, pushed, columns)));
    if (startsWithTime(request.ordering())) {
      boolean descending = request.ordering().get(0).descending();
      double windowRows = Math.max(1, Math.min(rows, (double) request.limit()));
      paths.add(
          new ScanPath(
              description(
                  descending ? "Time Series Scan Backward" : "Time Series Scan in Order", pushed),
              pushed.taken,
              rows,
              cost * windowRows / rows + windowRows * ORDERED_ROW_COST,
              request.ordering().subList(0, 1),
              context -> openOrdered(context, pushed, columns, descending)));
    }
    return paths;
  }

  private BatchSource open(ExecutionContext context, Pushed pushed, int[] columns) {
    TimeRange times = TimeRange.of(pushed.times, context);
    return new SeriesScan(
        layout, context.view(), range(times), pushed.filter(times, context), columns, counters);
  }

  private BatchSource openOrdered(
      ExecutionContext context, Pushed pushed, int[] columns, boolean descending) {
    TimeRange times = TimeRange.of(pushed.times, context);
    SegmentFilter filter = pushed.filter(times, context);
    return new OrderedSeriesScan(
        layout, context, range(times), descending, filter, columns, counters);
  }

  private KeyRange range(TimeRange times) {
    if (times.isEmpty()) {
      byte[] start = layout.segments().start();
      return KeyRange.of(start, start);
    }
    return layout.segments(times.first(), times.last());
  }

  private static double tagShare(ColumnComparison comparison, SeriesEstimates.Sample sample) {
    double values = Math.max(1, sample.tagValues()[comparison.ordinal()]);
    return switch (comparison.operator()) {
      case EQUAL -> 1 / values;
      case IN, ANY -> Math.min(1, comparison.operands().size() / values);
      case IS_NULL -> 0.05;
      case IS_NOT_NULL -> 1;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> 0.4;
    };
  }

  private boolean startsWithTime(List<SortColumn> ordering) {
    return !ordering.isEmpty() && ordering.get(0).ordinal() == layout.timeColumn();
  }

  private ScanText description(String operation, Pushed pushed) {
    List<ColumnComparison> all = new ArrayList<>(pushed.times);
    all.addAll(pushed.tags);
    String condition =
        all.isEmpty()
            ? ""
            : all.stream().map(this::describe).collect(Collectors.joining(", ", "(", ")"));
    return new ScanText(operation, layout.table().name(), condition);
  }

  private String describe(ColumnComparison comparison) {
    String operands =
        comparison.operands().stream().map(Operand::toString).collect(Collectors.joining(", "));
    String text =
        layout.table().column(comparison.ordinal()).name() + " " + comparison.operator().symbol();
    return switch (comparison.operator()) {
      case IS_NULL, IS_NOT_NULL -> text;
      case IN -> text + " (" + operands + ")";
      default -> text + " " + operands;
    };
  }

  /** The conjuncts that storage checks: ranges of time, conditions on tags. */
  private record Pushed(
      List<Conjunct> taken, List<ColumnComparison> times, List<ColumnComparison> tags) {
    static Pushed of(List<Conjunct> conjuncts, SeriesLayout layout) {
      Pushed pushed = new Pushed(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (Conjunct conjunct : conjuncts) {
        ColumnComparison comparison = conjunct.comparison();
        if (comparison == null) {
          continue;
        }
        if (comparison.ordinal() == layout.timeColumn()) {
          if (TimeRange.expresses(comparison)) {
            pushed.times.add(comparison);
            pushed.taken.add(conjunct);
          }
        } else if (comparison.ordinal() < layout.tags().length
            && layout.tags()[comparison.ordinal()]) {
          pushed.tags.add(comparison);
          pushed.taken.add(conjunct);
        }
      }
      return pushed;
    }

    SegmentFilter filter(TimeRange range, ExecutionContext context) {
      return new SegmentFilter(
          range, tags.stream().map(comparison -> TagCondition.of(comparison, context)).toList());
    }
  }
}
