package io.ppdb.relational.planner;

import com.google.common.primitives.Ints;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.exec.FilterOperator;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanRequest.SortColumn;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.storage.ComparisonEstimates;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** Chooses how to read one table: asks it for its scan paths and takes the cheapest. */
final class ScanPlanner {
  private final RexBuilder rexBuilder;
  private final PartialIndexes partialIndexes;
  private final StatementIndexes indexes;

  ScanPlanner(RexBuilder rexBuilder, StatementIndexes indexes) {
    this.rexBuilder = rexBuilder;
    this.indexes = indexes;
    this.partialIndexes = new PartialIndexes(rexBuilder, indexes);
  }

  /**
   * A table and a condition on its rows.
   *
   * @param condition over the table's columns; null if there is none
   */
  record Block(ResolvedTable table, List<String> names, @Nullable RexNode condition) {
    int columnCount() {
      return names.size();
    }
  }

  /** The block that {@code rel} is, or null. */
  @Nullable Block blockOf(RelNode rel) {
    if (rel instanceof TableScan scan) {
      ResolvedTable table = scan.getTable().unwrap(ResolvedTable.class);
      return table == null ? null : new Block(table, scan.getRowType().getFieldNames(), null);
    }
    if (rel instanceof Filter filter) {
      Block below = blockOf(filter.getInput());
      if (below == null) {
        return null;
      }
      RexNode condition = filter.getCondition();
      return new Block(
          below.table,
          below.names,
          below.condition == null
              ? condition
              : RexUtil.composeConjunction(rexBuilder, List.of(below.condition, condition)));
    }
    return null;
  }

  /** Whether {@code rel} is one table, but for conditions and the choice of columns. */
  boolean isTable(RelNode rel) {
    return tableOf(rel) != null;
  }

  private @Nullable Block tableOf(RelNode rel) {
    if (rel instanceof Project project) {
      return PhysicalPlanner.references(project.getProjects()) == null
          ? null
          : blockOf(project.getInput());
    }
    return blockOf(rel);
  }

  /** The orders that indexes of the table that {@code rel} is would give its rows. */
  List<List<SortKey>> indexOrders(RelNode rel) {
    Block block = tableOf(rel);
    if (block == null) {
      return List.of();
    }
    int @Nullable [] columnsOfProject =
        rel instanceof Project project ? PhysicalPlanner.references(project.getProjects()) : null;
    int[] outputs =
        columnsOfProject == null
            ? ImmutableBitSet.range(block.columnCount()).toArray()
            : columnsOfProject;
    List<List<SortKey>> orders = new ArrayList<>();
    for (IndexDefinition index : block.table.access().table().indexes()) {
      if (index.isOfColumns()) {
        List<SortColumn> columns = new ArrayList<>();
        for (IndexDefinition.Column column : index.columns()) {
          columns.add(new SortColumn(column.ordinal(), column.descending(), column.descending()));
        }
        orders.add(sortKeys(columns, outputs));
      }
    }
    return orders;
  }

  /**
   * The best scan.
   *
   * @param outputs ordinals of the table's columns that the plan delivers, in this order
   * @param extra further conditions, for instance on columns of an outer row
   * @param request orders by outputs
   */
  PlanNode plan(Block block, int[] outputs, List<RexNode> extra, Request request) {
    Choice choice = choose(block, outputs, extra, request);
    PlanNode scan = scan(choice, block);
    return project(filter(scan, choice.rest, choice.columns, block), outputs.length);
  }

  /**
   * A scan path.
   *
   * @param columns what it delivers: the outputs, then other columns that {@code rest} reads
   * @param rest the conditions that it does not check
   */
  record Choice(ScanPath path, int[] columns, List<Conjunct> rest) {
    /** The types of what it delivers. */
    List<ColumnType> types(Block block) {
      List<ColumnType> all = columnTypes(block.table.access());
      return Arrays.stream(columns).mapToObj(all::get).toList();
    }
  }

  /** The best path for {@link #plan}. */
  Choice choose(Block block, int[] outputs, List<RexNode> extra, Request request) {
    TableAccess access = block.table.access();
    Comparisons comparisons =
        new Comparisons(rexBuilder, columnTypes(access), indexes.of(access.table()).keys());
    List<Conjunct> conjuncts = new ArrayList<>(comparisons.conjuncts(block.condition));
    extra.forEach(condition -> conjuncts.addAll(comparisons.conjuncts(condition)));
    List<SortColumn> ordering = new ArrayList<>();
    for (SortKey key : request.ordering()) {
      ordering.add(new SortColumn(outputs[key.column()], key.descending(), key.nullsFirst()));
    }
    long limit = request.limit() < Long.MAX_VALUE ? (long) request.limit() : Long.MAX_VALUE;
    int[] columns = withColumns(outputs, conjuncts);
    Map<Integer, List<Conjunct>> usable =
        partialIndexes.usable(access.table(), conjuncts, comparisons);
    TableStatistics statistics = block.table.statistics();
    List<ScanPath> paths =
        access.scanPaths(new ScanRequest(columns, conjuncts, ordering, limit, usable, statistics));
    int best = cheapest(paths, ordering);
    ScanPath path = paths.get(best);
    List<Conjunct> rest = new ArrayList<>(conjuncts);
    rest.removeAll(path.taken());
    int[] needed = withColumns(outputs, rest);
    if (needed.length < columns.length) {
      columns = needed;
      path =
          access
              .scanPaths(new ScanRequest(columns, conjuncts, ordering, limit, usable, statistics))
              .get(best);
    }
    return new Choice(path, columns, rest);
  }

  private static int cheapest(List<ScanPath> paths, List<SortColumn> ordering) {
    int best = 0;
    double bestCost = Double.POSITIVE_INFINITY;
    for (int i = 0; i < paths.size(); i++) {
      ScanPath path = paths.get(i);
      boolean sorted =
          path.ordering().size() >= ordering.size()
              && path.ordering().subList(0, ordering.size()).equals(ordering);
      double cost = path.cost() + (sorted ? 0 : Estimates.sortCost(path.estimatedRows()));
      if (cost < bestCost) {
        best = i;
        bestCost = cost;
      }
    }
    return best;
  }

  /** The scan of a path, with what the conditions read that it does not check. */
  static PlanNode scan(Choice choice, Block block) {
    ScanPath path = choice.path;
    List<ColumnType> types = choice.types(block);
    return new PlanNode(
        path.description().toString(),
        List.of(),
        List.of(),
        types,
        path.estimatedRows(),
        path.cost(),
        sortKeys(path.ordering(), choice.columns),
        (inputs, context) -> new ScanOperator(types, path.source()),
        path.description().properties());
  }

  /** The ordering in terms of outputs, as far as these show it. */
  private static List<SortKey> sortKeys(List<SortColumn> ordering, int[] columns) {
    List<SortKey> keys = new ArrayList<>();
    for (SortColumn sort : ordering) {
      int output = Ints.indexOf(columns, sort.ordinal());
      if (output < 0) {
        break;
      }
      keys.add(new SortKey(output, sort.descending(), sort.nullsFirst()));
    }
    return keys;
  }

  private Selectivity selectivity(Block block) {
    TableAccess access = block.table.access();
    return new Selectivity(
        new Comparisons(rexBuilder, columnTypes(access), indexes.of(access.table()).keys()),
        new ComparisonEstimates(access.table(), block.table.statistics()));
  }

  private PlanNode filter(PlanNode scan, List<Conjunct> conjuncts, int[] columns, Block block) {
    if (conjuncts.isEmpty()) {
      return scan;
    }
    List<RexNode> conditions = conjuncts.stream().map(Conjunct::expression).toList();
    RexNode all = RexUtil.composeConjunction(rexBuilder, conditions);
    RexNode condition =
        all.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef reference) {
                return rexBuilder.makeInputRef(
                    reference.getType(), Ints.indexOf(columns, reference.getIndex()));
              }
            });
    double rows = Math.max(1, scan.rows() * selectivity(block).of(all));
    String text = RexText.of(all, block.names);
    return new PlanNode(
        "Filter",
        List.of(text),
        List.of(scan),
        scan.types(),
        rows,
        scan.cost() + 0.2 * scan.rows(),
        scan.ordering(),
        (inputs, context) -> new FilterOperator(inputs.get(0), condition),
        PlanNodes.properties("Filter", "Filter", text));
  }

  /** Drops the columns that only the filter needed. */
  private static PlanNode project(PlanNode node, int count) {
    return node.types().size() == count ? node : PlanNodes.firstColumns(node, count);
  }

  /** {@code outputs}, then the other columns that {@code conjuncts} read. */
  private static int[] withColumns(int[] outputs, List<Conjunct> conjuncts) {
    ImmutableBitSet read =
        RelOptUtil.InputFinder.bits(conjuncts.stream().map(Conjunct::expression).toList(), null);
    List<Integer> columns = new ArrayList<>();
    for (int output : outputs) {
      columns.add(output);
    }
    for (int column : read) {
      if (!columns.contains(column)) {
        columns.add(column);
      }
    }
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The types of columns, then of locators, then of what indexes compute. */
  static List<ColumnType> columnTypes(TableAccess access) {
    List<ColumnType> types = new ArrayList<>();
    access.table().columns().forEach(column -> types.add(column.type()));
    types.addAll(access.locatorTypes());
    access.table().indexExpressions().forEach(expression -> types.add(expression.type()));
    return types;
  }
}
