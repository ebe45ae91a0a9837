package io.ppdb.relational.planner;

import com.google.common.collect.ImmutableSet;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.ConstantFolder;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.FilterJoinRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.tools.RelBuilderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes rewritten relational algebra of a query: sub-queries become joins, conditions move to where
 * they filter most, unused columns go, joins are put in order. Used for one statement.
 */
final class LogicalPlanner {
  /** Projects are not merged while sub-queries are in them, whose variables would be lost. */
  private static final SqlToRelConverter.Config CONVERTER_CONFIG =
      SqlToRelConverter.config()
          .withExpand(false)
          .withInSubQueryThreshold(Integer.MAX_VALUE)
          .withTrimUnusedFields(true)
          .withRemoveSortInSubQuery(false)
          .withRelBuilderConfigTransform(config -> config.withSimplify(false).withBloat(-1));

  /** Makes what it is asked for; expressions are simplified by {@link ExpressionSimplifier}. */
  private static final RelBuilderFactory UNSIMPLIFIED =
      RelBuilder.proto(
          RelBuilder.Config.DEFAULT.withSimplify(false),
          (RelFactories.FilterFactory) LogicalPlanner::filter);

  private static final HepProgram SUB_QUERIES =
      program(CoreRules.FILTER_SUB_QUERY_TO_CORRELATE, CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE);

  /**
   * Calcite's rules lose which variable a filter's sub-queries read the row by, so that they may
   * not touch a filter that has any.
   */
  private static final HepProgram FILTERS_INTO_JOINS =
      program(
          FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.DEFAULT
              .withOperandSupplier(
                  top ->
                      top.operand(Filter.class)
                          .predicate(LogicalPlanner::hasNoSubQuery)
                          .oneInput(below -> below.operand(Join.class).anyInputs()))
              .as(FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.class)
              .toRule(),
          CoreRules.JOIN_CONDITION_PUSH,
          FilterMergeRule.Config.DEFAULT
              .withOperandSupplier(
                  top ->
                      top.operand(Filter.class)
                          .predicate(LogicalPlanner::hasNoSubQuery)
                          .oneInput(
                              below ->
                                  below
                                      .operand(Filter.class)
                                      .predicate(LogicalPlanner::hasNoSubQuery)
                                      .anyInputs()))
              .as(FilterMergeRule.Config.class)
              .toRule());

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
          CoreRules.PROJECT_REMOVE);

  /** Rules that look at the values that columns may have, for which conditions must be simple. */
  private static final HepProgram REMOVE =
      program(CoreRules.AGGREGATE_REMOVE, CoreRules.SORT_REMOVE_CONSTANT_KEYS);

  private static final HepProgram PUSH_DOWN =
      program(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE);

  private static final HepProgram MULTI_JOIN =
      new HepProgramBuilder()
          .addMatchOrder(HepMatchOrder.BOTTOM_UP)
          .addRuleInstance(CoreRules.JOIN_TO_MULTI_JOIN)
          .build();

  /** For the joins that {@link JoinOrder} leaves: those with outer joins among them. */
  private static final HepProgram OUTER_JOIN_ORDER =
      new HepProgramBuilder()
          .addMatchOrder(HepMatchOrder.BOTTOM_UP)
          .addRuleInstance(CoreRules.MULTI_JOIN_OPTIMIZE)
          .build();

  private final StatementValidator validator;
  private final RelOptCluster cluster;
  private final SqlToRelConverter converter;
  private final ExpressionSimplifier simplifier;
  private final StatementIndexes indexes;

  LogicalPlanner(
      CatalogView catalog,
      SqlOperatorTable operators,
      Map<String, CatalogSchema> otherSchemas,
      StatementIndexes indexes) {
    this.indexes = indexes;
    validator = StatementValidator.create(catalog, operators, otherSchemas);
    HepPlanner planner = new HepPlanner(SUB_QUERIES, Contexts.empty());
    ConstantFolder folder = new ConstantFolder();
    planner.setExecutor(folder); // Calcite's own folds by other rules than ours
    cluster = RelOptCluster.create(planner, new RexBuilder(validator.getTypeFactory()));
    PlanMetadata.addTo(cluster);
    simplifier = new ExpressionSimplifier(cluster.getRexBuilder(), folder);
    converter = converter(validator, cluster);
  }

  private static SqlToRelConverter converter(StatementValidator validator, RelOptCluster cluster) {
    return new SqlToRelConverter(
        (rowType, queryString, schemaPath, viewPath) -> {
          throw new IllegalStateException("views are expanded by ResolvedView");
        },
        validator,
        validator.reader(),
        cluster,
        StandardConvertletTable.INSTANCE,
        CONVERTER_CONFIG);
  }

  /** The algebra of a query that {@code validator} has validated, for use within another query. */
  static RelNode convert(StatementValidator validator, RelOptCluster cluster, SqlNode query) {
    return converter(validator, cluster).convertQuery(query, false, true).project();
  }

  /**
   * The expressions of {@code query}, which selects them from one table without a condition, over
   * the columns of that table.
   */
  List<RexNode> rowExpressions(SqlNode query) {
    try {
      RelNode rel = converter.convertQuery(validator.validate(query), false, true).rel;
      if (simplifier.simplify(rel) instanceof Project project
          && project.getInput() instanceof TableScan) {
        return project.getProjects();
      }
      if (rel instanceof TableScan) {
        return List.copyOf(cluster.getRexBuilder().identityProjects(rel.getRowType()));
      }
      throw new PpdbException(
          ErrorCode.GROUPING_ERROR,
          "aggregates and window functions are not allowed in expressions of a row");
    } catch (RuntimeException e) {
      throw ValidationErrors.translate(e);
    }
  }

  /** The condition of {@code query}, which selects from one table, over its columns. */
  RexNode rowCondition(SqlNode query) {
    try {
      RelNode rel =
          simplifier.simplify(converter.convertQuery(validator.validate(query), false, true).rel);
      while (rel instanceof Project project) {
        rel = project.getInput();
      }
      return rel instanceof Filter filter
          ? filter.getCondition()
          : cluster.getRexBuilder().makeLiteral(rel instanceof TableScan);
    } catch (RuntimeException e) {
      throw ValidationErrors.translate(e);
    }
  }

  private static boolean hasNoSubQuery(Filter filter) {
    return RexUtil.SubQueryFinder.find(filter.getCondition()) == null;
  }

  private static HepProgram program(RelOptRule... rules) {
    HepProgramBuilder builder = new HepProgramBuilder();
    builder.addRuleCollection(Stream.of(rules).map(LogicalPlanner::unsimplified).toList());
    return builder.build();
  }

  /**
   * A filter by {@code condition}, which may not be a cast that only says that NULL is possible.
   */
  private static RelNode filter(RelNode input, RexNode condition, Set<CorrelationId> variablesSet) {
    RelDataTypeFactory types = input.getCluster().getTypeFactory();
    return LogicalFilter.create(
        input, RexUtil.removeNullabilityCast(types, condition), ImmutableSet.copyOf(variablesSet));
  }

  private static RelOptRule unsimplified(RelOptRule rule) {
    return rule instanceof RelRule<?> configured
        ? configured.config.withRelBuilderFactory(UNSIMPLIFIED).toRule()
        : rule;
  }

  /**
   * A query after rewriting.
   *
   * @param parameterTypes in the order of the parameters' numbers
   * @param origins for each column (schema, table, column) of the table column it shows, or null
   */
  record LogicalQuery(
      RelRoot root,
      RelDataType rowType,
      List<ColumnType> parameterTypes,
      List<@Nullable List<String>> origins) {}

  LogicalQuery plan(SqlNode query) {
    try {
      SqlNode validated = validator.validate(query);
      RelDataType rowType = validator.getValidatedNodeType(validated);
      List<@Nullable List<String>> origins = List.copyOf(origins(validated));
      RelRoot root = converter.convertQuery(validated, false, true);
      root = root.withRel(LockedRows.apply(AsofMatch.inPlaceOfJoins(root.rel)));
      return new LogicalQuery(
          root.withRel(rewrite(root)), rowType, parameterTypes(validated), origins);
    } catch (RuntimeException e) {
      throw ValidationErrors.translate(e, query);
    } catch (AssertionError e) {
      throw ValidationErrors.translate(new IllegalStateException(e.getMessage(), e));
    }
  }

  /** By number, since rewriting moves parameters and may show one twice. */
  private List<ColumnType> parameterTypes(SqlNode validated) {
    Map<Integer, ColumnType> types = new TreeMap<>();
    validated.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            types.put(
                parameter.getIndex(),
                ColumnType.fromCalcite(validator.getValidatedNodeType(parameter)));
            return null;
          }
        });
    return List.copyOf(types.values());
  }

  private List<@Nullable List<String>> origins(SqlNode validated) {
    List<@Nullable List<String>> origins = validator.getFieldOrigins(validated);
    return origins.stream().map(origin -> origin == null ? List.<String>of() : origin).toList();
  }

  private RelNode rewrite(RelRoot root) {
    SubQueries subQueries =
        new SubQueries(
            UNSIMPLIFIED.create(cluster, null),
            rel -> run(FILTERS_INTO_JOINS, rel),
            rel -> run(SUB_QUERIES, rel));
    RelNode rel = subQueries.toJoins(withFactors(root.rel));
    rel = simplifier.simplify(run(REWRITE, rel));
    rel = runBelowIntersect(REMOVE, rel);
    if (joinCount(rel) >= 2) {
      rel = simplifier.simplify(ordered(rel));
    }
    if (!SubQueries.containsCorrelate(rel)) {
      rel = converter.trimUnusedFields(root.collation.getFieldCollations().isEmpty(), rel);
    }
    return simplifier.simplify(run(PUSH_DOWN, rel));
  }

  private RelNode ordered(RelNode rel) {
    RelNode joins = runBelowIntersect(MULTI_JOIN, rel);
    RelBuilder builder = UNSIMPLIFIED.create(cluster, null);
    JoinOrder order =
        new JoinOrder(builder, cluster.getRexBuilder(), cluster.getMetadataQuery(), indexes);
    return runBelowIntersect(OUTER_JOIN_ORDER, order.apply(joins));
  }

  /**
   * Makes {@code a AND (b OR c)} of {@code (a AND b) OR (a AND c)}: what all alternatives ask for
   * may be what a join needs, or filter below it.
   */
  private RelNode withFactors(RelNode rel) {
    RelNode result = SubQueries.withInputs(rel, this::withFactors);
    if (result instanceof Filter filter) {
      RexNode condition = factored(filter.getCondition());
      return filter.copy(filter.getTraitSet(), filter.getInput(), condition);
    }
    if (result instanceof Join join) {
      RexNode condition = factored(join.getCondition());
      return join.copy(
          join.getTraitSet(),
          condition,
          join.getLeft(),
          join.getRight(),
          join.getJoinType(),
          join.isSemiJoinDone());
    }
    return result;
  }

  /** Without casts that only say that NULL is possible, which the converter makes of IN lists. */
  private RexNode factored(RexNode condition) {
    RexShuttle withoutNullabilityCasts =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            RexNode visited = super.visitCall(call);
            return RexUtil.removeNullabilityCast(cluster.getTypeFactory(), visited);
          }
        };
    return RexUtil.pullFactors(rexBuilder(), condition.accept(withoutNullabilityCasts));
  }

  /**
   * For programs that ask which values columns may have: for an INTERSECT Calcite answers by
   * running conditions in its own code, which does not know our functions.
   */
  private RelNode runBelowIntersect(HepProgram program, RelNode rel) {
    if (!containsIntersect(rel)) {
      return run(program, rel);
    }
    List<RelNode> inputs =
        rel.getInputs().stream().map(input -> runBelowIntersect(program, input)).toList();
    return rel.copy(rel.getTraitSet(), inputs);
  }

  private static boolean containsIntersect(RelNode rel) {
    return rel instanceof Intersect
        || rel.getInputs().stream().anyMatch(LogicalPlanner::containsIntersect);
  }

  private RelNode run(HepProgram program, RelNode rel) {
    HepPlanner planner = new HepPlanner(program, cluster.getPlanner().getContext());
    planner.setRoot(rel);
    return planner.findBestExp();
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
