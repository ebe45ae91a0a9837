package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/**
 * A view as Calcite sees it: a table in whose place the algebra of its query is put. Belongs to one
 * statement.
 */
final class ResolvedView extends ResolvedTable implements TranslatableTable {
  private final ViewDefinition view;
  private final Supplier<StatementValidator> validators;
  private @Nullable Validated validated;

  private record Validated(StatementValidator validator, SqlNode query) {}

  /**
   * A view whose query is validated by a validator of its own.
   *
   * @param validators makes validators over the catalog as the statement sees it
   */
  ResolvedView(ViewAccess access, Supplier<StatementValidator> validators) {
    super(access, false, TableStatistics.NONE);
    this.view = access.view();
    this.validators = validators;
  }

  private Validated validated() {
    Validated known = validated;
    if (known == null) {
      SqlNode query = QueryPlanner.parser().parse(view.query());
      OutputNames.apply(query);
      StatementValidator validator = validators.get();
      known = new Validated(validator, validator.validate(query));
      validated = known;
    }
    return known;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataType type = validated().validator.getValidatedNodeType(validated().query);
    RelDataTypeFactory.Builder builder = factory.builder();
    for (int i = 0; i < view.columns().size(); i++) {
      builder.add(view.columns().get(i).name(), type.getFieldList().get(i).getType());
    }
    return builder.build();
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return LogicalPlanner.convert(validated().validator, context.getCluster(), validated().query);
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.UNKNOWN;
  }
}
