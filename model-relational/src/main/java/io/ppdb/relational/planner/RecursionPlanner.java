package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.RecursionOperator;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.Spool;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.schema.TransientTable;
import org.jspecify.annotations.Nullable;

/** Plans WITH RECURSIVE. Used for one statement. */
final class RecursionPlanner {
  /** Rounds to expect. */
  private static final double ROUNDS = 10;

  private final PhysicalPlanner planner;

  /** The types of the rows that each recursion keeps, by its name. */
  private final Map<String, List<ColumnType>> keptTypes = new HashMap<>();

  RecursionPlanner(PhysicalPlanner planner) {
    this.planner = planner;
  }

  PlanNode plan(RepeatUnion union) {
    if (union.iterationLimit >= 0 || union.getTransientTable() == null) {
      throw new PpdbException(ErrorCode.NOT_SUPPORTED, "a recursion of this kind is not supported");
    }
    String name = name(union.getTransientTable().getQualifiedName());
    PlanNode first = planner.plan(withoutSpool(union.getSeedRel()), Request.ANY);
    List<ColumnType> types = unlimited(PhysicalPlanner.types(union.getRowType()));
    keptTypes.put(name, types);
    PlanNode second = planner.plan(withoutSpool(union.getIterativeRel()), Request.ANY);
    return new PlanNode(
        union.all ? "Recursive Union All" : "Recursive Union",
        List.of("of " + name),
        List.of(first, second),
        types,
        first.rows() + ROUNDS * second.rows(),
        first.cost() + ROUNDS * second.cost(),
        List.of(),
        (inputs, context) ->
            new RecursionOperator(
                types, inputs.get(0), () -> second.build(context), name, union.all));
  }

  /** Text of any length: a round may find longer ones than the first. */
  private static List<ColumnType> unlimited(List<ColumnType> types) {
    List<ColumnType> result = new ArrayList<>();
    for (ColumnType type : types) {
      result.add(
          type.kind() == TypeKind.VARCHAR
              ? ColumnType.TEXT
              : type.kind() == TypeKind.DECIMAL ? ColumnType.NUMERIC : type);
    }
    return result;
  }

  /** The rows found last, if {@code scan} reads them; otherwise null. */
  @Nullable PlanNode planScan(TableScan scan) {
    if (scan.getTable().unwrap(TransientTable.class) == null) {
      return null;
    }
    String name = name(scan.getTable().getQualifiedName());
    List<ColumnType> stored = keptTypes.get(name);
    if (stored == null) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "recursive reference to query \"" + name + "\" must stand in its second part");
    }
    List<ColumnType> types = unlimited(PhysicalPlanner.types(scan.getRowType()));
    return new PlanNode(
        "Rows Found Last of " + name,
        List.of(),
        List.of(),
        types,
        ROUNDS,
        ROUNDS,
        List.of(),
        (inputs, context) -> RecursionOperator.lastFound(stored, types, name));
  }

  private static String name(List<String> names) {
    return names.get(names.size() - 1);
  }

  private static RelNode withoutSpool(RelNode rel) {
    return rel instanceof Spool spool ? spool.getInput() : rel;
  }
}
