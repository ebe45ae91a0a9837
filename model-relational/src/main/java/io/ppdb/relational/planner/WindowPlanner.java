package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.AggregateSpec;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.exec.WindowCall;
import io.ppdb.relational.exec.WindowFrame;
import io.ppdb.relational.exec.WindowFrame.Bound;
import io.ppdb.relational.exec.WindowFrame.Exclusion;
import io.ppdb.relational.exec.WindowFrame.Place;
import io.ppdb.relational.exec.WindowFrame.Unit;
import io.ppdb.relational.exec.WindowOperator;
import io.ppdb.relational.parser.FrameGroups;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Plans a projection that has window functions: what they read becomes columns, then each
 * partitioning and order is one node, then what is computed of their results. Windows of more keys
 * come first, so that those whose keys begin theirs need no sort. Used for one projection.
 */
final class WindowPlanner {
  private static final double WINDOW_COST = 1;

  private final RexBuilder rexBuilder;
  private final Project project;

  /** The columns that windows read: those of the input, then what is computed of them. */
  private final List<RexNode> columns = new ArrayList<>();

  private final List<String> names;

  /** The calls of each window. */
  private final Map<Window, List<RexOver>> windows = new LinkedHashMap<>();

  /** A partitioning and an order. */
  private record Window(List<Integer> partition, List<SortKey> order) {
    /** Partitions may come in any order. */
    List<SortKey> keys() {
      List<SortKey> keys = new ArrayList<>();
      partition.forEach(column -> keys.add(new SortKey(column, false, false)));
      keys.addAll(order);
      return keys;
    }
  }

  private WindowPlanner(Project project, RexBuilder rexBuilder) {
    this.project = project;
    this.rexBuilder = rexBuilder;
    this.names = new ArrayList<>(project.getInput().getRowType().getFieldNames());
  }

  static PlanNode plan(Project project, RexBuilder rexBuilder, PhysicalPlanner inputs) {
    return new WindowPlanner(project, rexBuilder).plan(inputs);
  }

  private PlanNode plan(PhysicalPlanner inputs) {
    List<RelDataTypeField> fields = project.getInput().getRowType().getFieldList();
    fields.forEach(
        field -> columns.add(rexBuilder.makeInputRef(field.getType(), field.getIndex())));
    Map<RexOver, WindowCall> calls = new LinkedHashMap<>();
    project
        .getProjects()
        .forEach(
            node ->
                node.accept(
                    new RexShuttle() {
                      @Override
                      public RexNode visitOver(RexOver over) {
                        if (!calls.containsKey(over)) {
                          Window window = window(over.getWindow());
                          calls.put(over, call(over, window));
                          windows.computeIfAbsent(window, key -> new ArrayList<>()).add(over);
                        }
                        return over;
                      }
                    }));
    List<Window> order = new ArrayList<>(windows.keySet());
    order.sort(Comparator.comparingInt((Window window) -> window.keys().size()).reversed());
    PlanNode node = input(inputs, order.get(0), fields.size());
    Map<RexOver, Integer> outputs = new LinkedHashMap<>();
    for (Window window : order) {
      List<RexOver> overs = List.copyOf(windows.getOrDefault(window, List.of()));
      for (int i = 0; i < overs.size(); i++) {
        outputs.put(overs.get(i), node.types().size() + i);
      }
      node = window(node, window, overs, calls);
    }
    return output(node, outputs);
  }

  private PlanNode input(PhysicalPlanner inputs, Window first, int fieldCount) {
    List<SortKey> keys = first.keys();
    boolean plain = keys.stream().allMatch(key -> key.column() < fieldCount);
    PlanNode input =
        inputs.plan(
            project.getInput(), plain ? new Request(keys, Double.POSITIVE_INFINITY) : Request.ANY);
    return columns.size() == fieldCount
        ? input
        : PhysicalPlanner.project(input, columns, project.getInput().getRowType().getFieldNames());
  }

  private PlanNode window(
      PlanNode input, Window window, List<RexOver> overs, Map<RexOver, WindowCall> calls) {
    List<SortKey> keys = window.keys();
    boolean sorted = Request.satisfies(input.ordering(), keys);
    List<WindowCall> specs = new ArrayList<>();
    List<ColumnType> types = new ArrayList<>(input.types());
    List<String> texts = new ArrayList<>();
    for (RexOver over : overs) {
      WindowCall call = calls.get(over);
      if (call == null) {
        throw new IllegalStateException("a window function that was not looked at: " + over);
      }
      specs.add(call);
      types.add(call.type());
      texts.add(over.getAggOperator().getName().toLowerCase(Locale.ROOT));
    }
    List<String> details = new ArrayList<>();
    if (!window.partition.isEmpty()) {
      details.add(
          "partition by " + String.join(", ", window.partition.stream().map(this::name).toList()));
    }
    if (!window.order.isEmpty()) {
      details.add(
          "order by "
              + String.join(", ", window.order.stream().map(key -> name(key.column())).toList()));
    }
    details.add(String.join(", ", texts) + (sorted ? " of sorted rows" : ""));
    double sortCost = sorted ? 0 : Estimates.sortCost(input.rows());
    return new PlanNode(
        "Window",
        details,
        List.of(input),
        types,
        input.rows(),
        input.cost() + sortCost + WINDOW_COST * input.rows() * specs.size(),
        keys,
        (operators, context) ->
            new WindowOperator(operators.get(0), keys, window.partition.size(), sorted, specs));
  }

  private String name(int column) {
    return column < names.size() ? names.get(column) : RexText.of(columns.get(column), names);
  }

  private PlanNode output(PlanNode node, Map<RexOver, Integer> outputs) {
    List<RexNode> expressions = new ArrayList<>();
    RexShuttle replace =
        new RexShuttle() {
          @Override
          public RexNode visitOver(RexOver over) {
            Integer column = outputs.get(over);
            return column == null
                ? super.visitOver(over)
                : rexBuilder.makeInputRef(over.getType(), column);
          }
        };
    project.getProjects().forEach(expression -> expressions.add(expression.accept(replace)));
    List<String> allNames = new ArrayList<>();
    for (int i = 0; i < node.types().size(); i++) {
      allNames.add(i < columns.size() ? name(i) : "window" + (i - columns.size() + 1));
    }
    return PhysicalPlanner.project(node, expressions, allNames);
  }

  private Window window(RexWindow window) {
    List<Integer> partition = new ArrayList<>();
    for (RexNode key : window.partitionKeys) {
      int column = column(key);
      if (!partition.contains(column)) {
        partition.add(column);
      }
    }
    List<SortKey> order = new ArrayList<>();
    for (RexFieldCollation key : window.orderKeys) {
      boolean descending =
          key.getDirection() == RelFieldCollation.Direction.DESCENDING
              || key.getDirection() == RelFieldCollation.Direction.STRICTLY_DESCENDING;
      boolean nullsFirst =
          switch (key.getNullDirection()) {
            case FIRST -> true;
            case LAST -> false;
            case UNSPECIFIED -> descending;
          };
      order.add(new SortKey(column(key.left), descending, nullsFirst));
    }
    return new Window(partition, order);
  }

  private int column(RexNode node) {
    if (node instanceof RexInputRef reference) {
      return reference.getIndex();
    }
    int known = columns.indexOf(node);
    if (known >= 0) {
      return known;
    }
    columns.add(node);
    return columns.size() - 1;
  }

  private WindowCall call(RexOver over, Window window) {
    String name = over.getAggOperator().getName().toUpperCase(Locale.ROOT);
    ColumnType type = ColumnType.fromCalcite(over.getType());
    if (over.isDistinct()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "DISTINCT is not implemented for window functions");
    }
    List<Integer> arguments = over.getOperands().stream().map(this::column).toList();
    WindowCall.Function function =
        switch (name) {
          case "ROW_NUMBER" -> WindowCall.Function.ROW_NUMBER;
          case "RANK" -> WindowCall.Function.RANK;
          case "DENSE_RANK" -> WindowCall.Function.DENSE_RANK;
          case "PERCENT_RANK" -> WindowCall.Function.PERCENT_RANK;
          case "CUME_DIST" -> WindowCall.Function.CUME_DIST;
          case "NTILE" -> WindowCall.Function.NTILE;
          case "LAG" -> WindowCall.Function.LAG;
          case "LEAD" -> WindowCall.Function.LEAD;
          case "FIRST_VALUE" -> WindowCall.Function.FIRST_VALUE;
          case "LAST_VALUE" -> WindowCall.Function.LAST_VALUE;
          case "NTH_VALUE" -> WindowCall.Function.NTH_VALUE;
          default -> WindowCall.Function.AGGREGATE;
        };
    if (arguments.size() > 2
        && (function == WindowCall.Function.LAG || function == WindowCall.Function.LEAD)) {
      arguments = List.of(column(cast(over, 0)), arguments.get(1), column(cast(over, 2)));
    }
    boolean aggregates = function == WindowCall.Function.AGGREGATE;
    int[] keyColumn = {-1};
    WindowFrame frame = frame(over.getWindow(), window, keyColumn);
    return new WindowCall(
        function,
        arguments,
        frame,
        over.ignoreNulls(),
        type,
        aggregates ? AggregateSpec.ofWindow(name, arguments, type) : null,
        keyColumn[0]);
  }

  /** An argument in the type of the result. */
  private RexNode cast(RexOver over, int argument) {
    return rexBuilder.ensureType(over.getType(), over.getOperands().get(argument), true);
  }

  private WindowFrame frame(RexWindow window, Window sorted, int[] keyColumn) {
    boolean isGroups =
        isGroups(window.getLowerBound().getOffset())
            || isGroups(window.getUpperBound().getOffset());
    if (isGroups && sorted.order.isEmpty()) {
      throw new PpdbException(ErrorCode.SYNTAX_ERROR, "GROUPS mode requires an ORDER BY clause");
    }
    return new WindowFrame(
        isGroups ? Unit.GROUPS : window.isRows() ? Unit.ROWS : Unit.RANGE,
        bound(window, window.getLowerBound(), sorted, keyColumn),
        bound(window, window.getUpperBound(), sorted, keyColumn),
        exclusion(window.getExclude()));
  }

  private static boolean isGroups(@Nullable RexNode offset) {
    return offset instanceof RexCall call && call.getOperator().equals(FrameGroups.OFFSET);
  }

  private static Exclusion exclusion(RexWindowExclusion exclusion) {
    return switch (exclusion) {
      case EXCLUDE_NO_OTHER -> Exclusion.NO_OTHERS;
      case EXCLUDE_CURRENT_ROW -> Exclusion.CURRENT_ROW;
      case EXCLUDE_GROUP -> Exclusion.GROUP;
      case EXCLUDE_TIES -> Exclusion.TIES;
    };
  }

  private Bound bound(RexWindow window, RexWindowBound bound, Window sorted, int[] keyColumn) {
    if (bound.isUnbounded()) {
      return new Bound(
          bound.isPreceding() ? Place.UNBOUNDED_PRECEDING : Place.UNBOUNDED_FOLLOWING, -1);
    }
    if (bound.isCurrentRow()) {
      return new Bound(Place.CURRENT_ROW, -1);
    }
    RexNode offset = bound.getOffset();
    if (offset == null) {
      throw new IllegalStateException("a bound without an offset: " + bound);
    }
    Place place = bound.isPreceding() ? Place.PRECEDING : Place.FOLLOWING;
    RelDataTypeFactory factory = rexBuilder.getTypeFactory();
    if (isGroups(offset)) {
      offset = ((RexCall) offset).getOperands().get(0);
    }
    if (window.isRows()) {
      RelDataType count =
          factory.createTypeWithNullability(
              factory.createSqlType(SqlTypeName.BIGINT), offset.getType().isNullable());
      return new Bound(place, column(rexBuilder.ensureType(count, offset, true)));
    }
    if (sorted.order.size() != 1) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column");
    }
    SortKey key = sorted.order.get(0);
    RexNode value = comparable(columns.get(key.column()));
    keyColumn[0] = column(value);
    boolean minus = bound.isPreceding() != key.descending();
    RelDataType type =
        factory.createTypeWithNullability(
            value.getType(), value.getType().isNullable() || offset.getType().isNullable());
    SqlOperator operator = minus ? SqlStdOperatorTable.MINUS : SqlStdOperatorTable.PLUS;
    return new Bound(
        place, column(rexBuilder.makeCall(type, operator, List.of(value, checked(offset)))));
  }

  /** A key in a type that no offset leads out of. */
  private RexNode comparable(RexNode key) {
    RelDataTypeFactory factory = rexBuilder.getTypeFactory();
    RelDataType type = key.getType();
    RelDataType wide =
        SqlTypeUtil.isIntType(type)
            ? ColumnType.NUMERIC.toCalcite(factory, type.isNullable())
            : type.getSqlTypeName() == SqlTypeName.DATE
                ? ColumnType.TIMESTAMP.toCalcite(factory, type.isNullable())
                : type;
    if (!SqlTypeUtil.isNumeric(wide)
        && !SqlTypeUtil.isDatetime(wide)
        && !SqlTypeUtil.isInterval(wide)) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
              + ColumnType.fromCalcite(type));
    }
    return rexBuilder.ensureType(wide, key, true);
  }

  /** A literal offset that is not negative. */
  private static RexNode checked(RexNode offset) {
    if (offset.isA(SqlKind.MINUS_PREFIX)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "invalid preceding or following size in window function");
    }
    return offset;
  }
}
