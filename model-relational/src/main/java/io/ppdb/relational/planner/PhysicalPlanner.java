package io.ppdb.relational.planner;

import com.google.common.primitives.Ints;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.ConcatOperator;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.FilterOperator;
import io.ppdb.relational.exec.LimitOperator;
import io.ppdb.relational.exec.LockRowsOperator;
import io.ppdb.relational.exec.ProjectOperator;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.exec.SetOperator;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.exec.UnnestOperator;
import io.ppdb.relational.exec.ValuesOperator;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.planner.PlanNodes.Slice;
import io.ppdb.relational.planner.ScanPlanner.Block;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan of rewritten relational algebra: chooses access paths, join methods and where to
 * sort, in one pass from the root down. Used for one statement.
 */
final class PhysicalPlanner {
  private static final double FILTER_COST = 0.2;
  private static final double PROJECT_COST = 0.1;
  private static final double HASH_COST = 1;

  /** A guess, as PostgreSQL's. */
  private static final double ELEMENTS_PER_ARRAY = 10;

  private final RexBuilder rexBuilder;
  private final ScanPlanner scans;
  private final JoinPlanner joins;
  private final RecursionPlanner recursions;

  PhysicalPlanner(RexBuilder rexBuilder, StatementIndexes indexes) {
    this.rexBuilder = rexBuilder;
    this.scans = new ScanPlanner(rexBuilder, indexes);
    this.joins = new JoinPlanner(rexBuilder, scans, this);
    this.recursions = new RecursionPlanner(this);
  }

  PlanNode plan(RelNode rel, Request request) {
    Block block = scans.blockOf(rel);
    if (block != null) {
      return scans.plan(
          block, ImmutableBitSet.range(block.columnCount()).toArray(), List.of(), request);
    }
    if (rel instanceof Project project) {
      return planProject(project, request);
    }
    if (rel instanceof Filter filter) {
      return planFilter(filter, request);
    }
    if (rel instanceof Sort sort) {
      return planSort(sort, Double.POSITIVE_INFINITY);
    }
    if (rel instanceof LockRows lock) {
      return planLock(lock, request);
    }
    if (rel instanceof Join join) {
      return joins.plan(join, request);
    }
    if (rel instanceof AsofMatch asof) {
      return AsofPlanner.plan(
          asof, plan(asof.getLeft(), Request.ANY), plan(asof.getRight(), Request.ANY));
    }
    if (rel instanceof Correlate correlate) {
      return joins.planCorrelate(correlate);
    }
    if (rel instanceof Aggregate aggregate) {
      return AggregatePlanner.plan(aggregate, planAggregated(aggregate));
    }
    if (rel instanceof SetOp setOp) {
      return planSetOp(setOp);
    }
    if (rel instanceof RepeatUnion union) {
      return recursions.plan(union);
    }
    if (rel instanceof TableScan scan) {
      PlanNode found = recursions.planScan(scan);
      if (found != null) {
        return found;
      }
    }
    if (rel instanceof Values values) {
      return planValues(values);
    }
    if (rel instanceof TableFunctionScan scan) {
      return planFunction(scan);
    }
    if (rel instanceof Uncollect unnest) {
      return planUnnest(unnest);
    }
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED,
        rel.getRelTypeName().replaceFirst("^Logical", "").toLowerCase(Locale.ROOT)
            + " in a query is not supported");
  }

  /** The input of {@code aggregate}; of rows that are only counted no column is read. */
  private PlanNode planAggregated(Aggregate aggregate) {
    RelNode input = aggregate.getInput();
    boolean readsNothing =
        aggregate.getGroupSet().isEmpty()
            && aggregate.getAggCallList().stream()
                .allMatch(call -> call.getArgList().isEmpty() && !call.hasFilter());
    if (readsNothing) {
      while (input instanceof Project project) {
        input = project.getInput();
      }
      Block block = scans.blockOf(input);
      if (block != null) {
        return scans.plan(block, new int[0], List.of(), Request.ANY);
      }
    }
    return plan(aggregate.getInput(), Request.ANY);
  }

  private PlanNode planProject(Project project, Request request) {
    for (RexNode node : project.getProjects()) {
      if (RexOver.containsOver(node)) {
        return WindowPlanner.plan(project, rexBuilder, this);
      }
    }
    Block block = scans.blockOf(project.getInput());
    if (block == null) {
      Request below = new Request(ordering(project, request.ordering()), request.limit());
      PlanNode input = plan(project.getInput(), below);
      return project(input, project.getProjects(), project.getInput().getRowType());
    }
    int[] references = references(project.getProjects());
    if (references != null) {
      return scans.plan(block, references, List.of(), request);
    }
    int[] read = RelOptUtil.InputFinder.bits(project.getProjects(), null).toArray();
    List<SortKey> ordering = ordering(project, request.ordering());
    List<SortKey> scanOrdering = new ArrayList<>();
    for (SortKey key : ordering) {
      scanOrdering.add(
          new SortKey(Ints.indexOf(read, key.column()), key.descending(), key.nullsFirst()));
    }
    PlanNode input = scans.plan(block, read, List.of(), new Request(scanOrdering, request.limit()));
    List<RexNode> expressions = new ArrayList<>();
    for (RexNode node : project.getProjects()) {
      expressions.add(renumber(node, read));
    }
    List<String> names = new ArrayList<>();
    for (int column : read) {
      names.add(block.names().get(column));
    }
    return project(input, expressions, names);
  }

  /** The ordering in terms of the input of {@code project}; empty if it sorts by an expression. */
  private static List<SortKey> ordering(Project project, List<SortKey> ordering) {
    List<SortKey> below = new ArrayList<>();
    for (SortKey key : ordering) {
      if (!(project.getProjects().get(key.column()) instanceof RexInputRef reference)) {
        return List.of();
      }
      below.add(new SortKey(reference.getIndex(), key.descending(), key.nullsFirst()));
    }
    return below;
  }

  /** The columns that {@code expressions} are, or null if they compute something. */
  static int @Nullable [] references(List<RexNode> expressions) {
    int[] columns = new int[expressions.size()];
    for (int i = 0; i < columns.length; i++) {
      if (!(expressions.get(i) instanceof RexInputRef reference)) {
        return null;
      }
      columns[i] = reference.getIndex();
    }
    return columns;
  }

  private RexNode renumber(RexNode node, int[] columns) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return rexBuilder.makeInputRef(
                reference.getType(), Ints.indexOf(columns, reference.getIndex()));
          }
        });
  }

  private static PlanNode project(
      PlanNode input, List<RexNode> expressions, RelDataType inputType) {
    return project(input, expressions, inputType.getFieldNames());
  }

  static PlanNode project(PlanNode input, List<RexNode> given, List<String> names) {
    List<RexNode> expressions = List.copyOf(given);
    List<ColumnType> types =
        expressions.stream().map(node -> ColumnType.fromCalcite(node.getType())).toList();
    List<String> texts = expressions.stream().map(node -> RexText.of(node, names)).toList();
    List<SortKey> ordering = new ArrayList<>();
    for (SortKey key : input.ordering()) {
      int output = outputOf(expressions, key.column());
      if (output < 0) {
        break;
      }
      ordering.add(new SortKey(output, key.descending(), key.nullsFirst()));
    }
    return new PlanNode(
        "Project",
        List.of(String.join(", ", texts)),
        List.of(input),
        types,
        input.rows(),
        input.cost() + PROJECT_COST * input.rows(),
        ordering,
        (inputs, context) -> new ProjectOperator(inputs.get(0), expressions, types));
  }

  private static int outputOf(List<RexNode> expressions, int column) {
    for (int i = 0; i < expressions.size(); i++) {
      if (expressions.get(i) instanceof RexInputRef reference && reference.getIndex() == column) {
        return i;
      }
    }
    return -1;
  }

  private PlanNode planFilter(Filter filter, Request request) {
    PlanNode input = plan(filter.getInput(), request.unlimited());
    RexNode condition = filter.getCondition();
    return filter(input, condition, filter.getInput().getRowType().getFieldNames());
  }

  static PlanNode filter(PlanNode input, RexNode condition, List<String> names) {
    String text = RexText.of(condition, names);
    return new PlanNode(
        "Filter",
        List.of(text),
        List.of(input),
        input.types(),
        Math.max(1, input.rows() * Estimates.selectivity(condition)),
        input.cost() + FILTER_COST * input.rows(),
        input.ordering(),
        (inputs, context) -> new FilterOperator(inputs.get(0), condition),
        PlanNodes.properties("Filter", "Filter", text));
  }

  /**
   * Locks cost nothing: there is no other way to have them.
   *
   * @see LockRows
   */
  private PlanNode planLock(LockRows lock, Request request) {
    PlanNode input =
        lock.getInput() instanceof Sort sort
            ? planSort(sort, request.limit())
            : plan(lock.getInput(), request);
    List<LockRowsOperator.Lock> locks = new ArrayList<>();
    List<String> details = new ArrayList<>();
    for (LockRows.Lock one : lock.locks()) {
      LockCall call = one.call();
      details.add(call.toString());
      locks.add(
          new LockRowsOperator.Lock(
              Ints.toArray(one.keys()),
              context -> call.table().openLocker(call.strength(), call.waiting(), context)));
    }
    return new PlanNode(
        QueryPlanner.LOCK_ROWS,
        details,
        List.of(input),
        input.types(),
        input.rows(),
        input.cost(),
        input.ordering(),
        (inputs, context) -> new LockRowsOperator(inputs.get(0), locks, lock.isLimited()));
  }

  /**
   * A sort.
   *
   * @param limit rows after which the reader stops, if the sort does not say so itself
   */
  private PlanNode planSort(Sort sort, double limit) {
    Slice slice = slice(sort);
    List<SortKey> keys = sortKeys(sort.getCollation());
    if (keys.isEmpty()) {
      return PlanNodes.limit(
          plan(sort.getInput(), new Request(List.of(), slice.estimatedRows())), slice);
    }
    PlanNode input =
        sort.getInput() instanceof Union union && union.all && sort.fetch != null
            ? planUnionOfFirst(union, keys, slice)
            : plan(sort.getInput(), new Request(keys, Math.min(limit, slice.estimatedRows())));
    if (Request.satisfies(input.ordering(), keys)) {
      return slice.isAll() ? input : PlanNodes.limit(input, slice);
    }
    return PlanNodes.sort(input, keys, sort.getRowType().getFieldNames(), slice);
  }

  /** UNION ALL of the first rows of each input, of those that come in the order of {@code keys}. */
  private PlanNode planUnionOfFirst(Union union, List<SortKey> keys, Slice slice) {
    List<PlanNode> inputs = new ArrayList<>();
    for (RelNode rel : union.getInputs()) {
      PlanNode input = plan(rel, new Request(keys, slice.estimatedRows()));
      boolean isSorted = Request.satisfies(input.ordering(), keys);
      inputs.add(isSorted ? PlanNodes.limit(input, slice.fromStart()) : input);
    }
    return append(inputs, types(union.getRowType()));
  }

  private static PlanNode append(List<PlanNode> inputs, List<ColumnType> types) {
    return new PlanNode(
        "Append",
        List.of(),
        inputs,
        types,
        inputs.stream().mapToDouble(PlanNode::rows).sum(),
        inputs.stream().mapToDouble(PlanNode::cost).sum(),
        List.of(),
        (operators, context) -> new ConcatOperator(types, operators));
  }

  static List<SortKey> sortKeys(RelCollation collation) {
    List<SortKey> keys = new ArrayList<>();
    for (RelFieldCollation field : collation.getFieldCollations()) {
      keys.add(SortKey.fromCalcite(field));
    }
    return keys;
  }

  private static Slice slice(Sort sort) {
    if (sort.fetch == null && sort.offset == null) {
      return Slice.ALL;
    }
    ToLongFunction<ExecutionContext> offset =
        sort.offset == null ? context -> 0 : count("OFFSET", sort.offset);
    ToLongFunction<ExecutionContext> fetch =
        sort.fetch == null ? context -> LimitOperator.ALL : count("LIMIT", sort.fetch);
    double rows =
        sort.fetch == null
            ? Double.POSITIVE_INFINITY
            : estimate(sort.fetch, 100) + estimate(sort.offset, 0);
    String text =
        (sort.fetch == null ? "" : ", limit " + RexText.of(sort.fetch, List.of()))
            + (sort.offset == null ? "" : ", offset " + RexText.of(sort.offset, List.of()));
    return new Slice(offset, fetch, rows, text);
  }

  private static double estimate(@Nullable RexNode count, double otherwise) {
    return count instanceof RexLiteral literal && literal.getValue() instanceof BigDecimal number
        ? number.doubleValue()
        : otherwise;
  }

  private static ToLongFunction<ExecutionContext> count(String clause, RexNode node) {
    return context -> {
      VectorBatch row = new VectorBatch();
      row.setRowCount(1);
      Object value =
          new ExpressionCompiler(List.of(), context.evaluation())
              .compileTo(ColumnType.BIGINT, node)
              .evaluate(row, null, 1)
              .getObject(0);
      if (value == null) {
        return clause.equals("LIMIT") ? LimitOperator.ALL : 0;
      }
      long count = (Long) value;
      if (count < 0) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT, clause + " must not be negative, seen " + count);
      }
      return count;
    };
  }

  private PlanNode planSetOp(SetOp setOp) {
    List<PlanNode> inputs =
        setOp.getInputs().stream().map(input -> plan(input, Request.ANY)).toList();
    List<ColumnType> types = types(setOp.getRowType());
    double rows = inputs.stream().mapToDouble(PlanNode::rows).sum();
    double cost = inputs.stream().mapToDouble(PlanNode::cost).sum();
    SetOperator.Kind kind =
        switch (setOp.kind) {
          case UNION -> SetOperator.Kind.UNION;
          case INTERSECT -> SetOperator.Kind.INTERSECT;
          case EXCEPT -> SetOperator.Kind.EXCEPT;
          default -> throw new PpdbException(ErrorCode.NOT_SUPPORTED, setOp.kind.sql);
        };
    if (kind == SetOperator.Kind.UNION && setOp.all) {
      return append(inputs, types);
    }
    String title =
        kind.name().charAt(0)
            + kind.name().substring(1).toLowerCase(Locale.ROOT)
            + (setOp.all ? " All" : "");
    return new PlanNode(
        title,
        List.of(),
        inputs,
        types,
        Math.max(1, rows / 2),
        cost + HASH_COST * rows,
        List.of(),
        (operators, context) -> new SetOperator(kind, setOp.all, types, operators));
  }

  private static PlanNode planValues(Values values) {
    List<ColumnType> types = types(values.getRowType());
    List<? extends List<RexLiteral>> tuples = values.getTuples();
    return new PlanNode(
        "Values",
        List.of(),
        List.of(),
        types,
        tuples.size(),
        tuples.size(),
        List.of(),
        (inputs, context) -> new ValuesOperator(types, tuples));
  }

  static List<ColumnType> types(RelDataType rowType) {
    return rowType.getFieldList().stream()
        .map(field -> ColumnType.fromCalcite(field.getType()))
        .toList();
  }

  private PlanNode planUnnest(Uncollect unnest) {
    PlanNode input = plan(unnest.getInput(), Request.ANY);
    List<ColumnType> types = types(unnest.getRowType());
    double rows = ELEMENTS_PER_ARRAY * input.rows();
    return new PlanNode(
        "Unnest",
        List.of(),
        List.of(input),
        types,
        rows,
        input.cost() + PROJECT_COST * rows,
        List.of(),
        (inputs, context) -> new UnnestOperator(inputs.get(0), types, unnest.withOrdinality));
  }

  private static PlanNode planFunction(TableFunctionScan scan) {
    if (!(scan.getCall() instanceof RexCall call)
        || !(call.getOperator() instanceof TableFunctionOperator operator)) {
      throw new PpdbException(ErrorCode.NOT_SUPPORTED, "table function " + scan.getCall());
    }
    TableFunction function = operator.function();
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < call.getOperands().size(); i++) {
      operands.add(new RexOperand(call.getOperands().get(i), function.parameterTypes().get(i)));
    }
    List<ColumnType> types = types(scan.getRowType());
    return new PlanNode(
        "Table Function Scan on " + function.name() + "(" + join(operands) + ")",
        List.of(),
        List.of(),
        types,
        function.estimatedRowCount(),
        function.estimatedRowCount(),
        List.of(),
        (inputs, context) ->
            new ScanOperator(
                types,
                opened -> {
                  List<@Nullable Object> arguments = new ArrayList<>();
                  operands.forEach(operand -> arguments.add(operand.value(opened)));
                  return function.open(arguments, opened);
                }));
  }

  private static String join(List<Operand> operands) {
    return String.join(", ", operands.stream().map(Object::toString).toList());
  }
}
