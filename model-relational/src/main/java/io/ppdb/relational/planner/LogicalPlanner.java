package io.ppdb.relational.planner;

import io.ppdb.relational.expr.ConstantFolder;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes rewritten relational algebra of a query: sub-queries become joins, conditions move to where
 * they filter most, unused columns go, joins are put in order. Used for one statement.
 */
final class LogicalPlanner {
  private static final SqlToRelConverter.Config CONVERTER_CONFIG =
      SqlToRelConverter.config()
          .withExpand(false)
          .withInSubQueryThreshold(Integer.MAX_VALUE)
          .withTrimUnusedFields(true)
          .withRemoveSortInSubQuery(false);

  private static final HepProgram SUB_QUERIES =
      program(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);

  private static final HepProgram REWRITE =
      program(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.JOIN_PUSH_EXPRESSIONS,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.AGGREGATE_REMOVE,
          CoreRules.SORT_REMOVE_CONSTANT_KEYS);

  private static final HepProgram PUSH_DOWN =
      program(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE);

  private static final HepProgram JOIN_ORDER =
      new HepProgramBuilder()
          .addMatchOrder(HepMatchOrder.BOTTOM_UP)
          .addRuleInstance(CoreRules.JOIN_TO_MULTI_JOIN)
          .addRuleInstance(CoreRules.MULTI_JOIN_OPTIMIZE)
          .build();

  private final StatementValidator validator;
  private final RelOptCluster cluster;
  private final SqlToRelConverter converter;

  LogicalPlanner(
      CatalogView catalog, SqlOperatorTable operators, Map<String, CatalogSchema> otherSchemas) {
    validator = StatementValidator.create(catalog, operators, otherSchemas);
    HepPlanner planner = new HepPlanner(SUB_QUERIES, Contexts.empty());
    planner.setExecutor(new ConstantFolder()); // Calcite's own folds by other rules than ours
    cluster = RelOptCluster.create(planner, new RexBuilder(validator.getTypeFactory()));
    converter =
        new SqlToRelConverter(
            (rowType, queryString, schemaPath, viewPath) -> {
              throw new IllegalStateException("there are no views to expand");
            },
            validator,
            validator.reader(),
            cluster,
            StandardConvertletTable.INSTANCE,
            CONVERTER_CONFIG);
  }

  private static HepProgram program(RelOptRule... rules) {
    HepProgramBuilder builder = new HepProgramBuilder();
    builder.addRuleCollection(List.of(rules));
    return builder.build();
  }

  /**
   * A query after rewriting.
   *
   * @param origins for each column (schema, table, column) of the table column it shows, or null
   */
  record LogicalQuery(
      RelRoot root,
      RelDataType rowType,
      RelDataType parameterTypes,
      List<@Nullable List<String>> origins) {}

  LogicalQuery plan(SqlNode query) {
    try {
      SqlNode validated = validator.validate(query);
      RelDataType rowType = validator.getValidatedNodeType(validated);
      List<@Nullable List<String>> origins = List.copyOf(origins(validated));
      RelRoot root = converter.convertQuery(validated, false, true);
      return new LogicalQuery(
          root.withRel(rewrite(root)), rowType, validator.getParameterRowType(validated), origins);
    } catch (RuntimeException e) {
      throw ValidationErrors.translate(e);
    } catch (AssertionError e) {
      throw ValidationErrors.translate(new IllegalStateException(e.getMessage(), e));
    }
  }

  private List<@Nullable List<String>> origins(SqlNode validated) {
    List<@Nullable List<String>> origins = validator.getFieldOrigins(validated);
    return origins.stream().map(origin -> origin == null ? List.<String>of() : origin).toList();
  }

  private RelNode rewrite(RelRoot root) {
    RelNode rel = root.rel;
    if (hasSubQuery(rel)) {
      rel = run(SUB_QUERIES, rel);
      RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(cluster, null);
      rel = decorrelate(rel, builder);
    }
    rel = run(REWRITE, rel);
    if (joinCount(rel) >= 2) {
      rel = run(JOIN_ORDER, rel);
    }
    rel = converter.trimUnusedFields(root.collation.getFieldCollations().isEmpty(), rel);
    return run(PUSH_DOWN, rel);
  }

  /**
   * Turns correlated joins into plain ones, the outermost one by one: together they fail if they
   * are in different inputs of one node. (RelDecorrelator gives wrong rows for a sub-query within a
   * sub-query.)
   */
  private static RelNode decorrelate(RelNode rel, RelBuilder builder) {
    if (rel instanceof Correlate) {
      return TopDownGeneralDecorrelator.decorrelateQuery(rel, builder);
    }
    List<RelNode> inputs =
        rel.getInputs().stream().map(input -> decorrelate(input, builder)).toList();
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  private RelNode run(HepProgram program, RelNode rel) {
    HepPlanner planner = new HepPlanner(program, cluster.getPlanner().getContext());
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  private static boolean hasSubQuery(RelNode rel) {
    boolean here =
        (rel instanceof Filter filter && RexUtil.SubQueryFinder.find(filter.getCondition()) != null)
            || (rel instanceof Project project && RexUtil.SubQueryFinder.containsSubQuery(project))
            || (rel instanceof Join join && RexUtil.SubQueryFinder.containsSubQuery(join));
    return here || rel.getInputs().stream().anyMatch(LogicalPlanner::hasSubQuery);
  }

  private static int joinCount(RelNode rel) {
    int count = 0;
    if (rel instanceof Join join && join.getJoinType() == JoinRelType.INNER) {
      count++;
    }
    for (RelNode input : rel.getInputs()) {
      count += joinCount(input);
    }
    return count;
  }

  RexBuilder rexBuilder() {
    return cluster.getRexBuilder();
  }
}
