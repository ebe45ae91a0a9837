package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A table of the catalog as Calcite sees it. For the target of an UPDATE or DELETE the locator
 * columns follow the visible ones.
 */
class ResolvedTable extends AbstractTable {
  static final String LOCATOR = "$locator";

  private final TableAccess access;
  private final boolean withLocator;
  private final TableStatistics statistics;

  ResolvedTable(TableAccess access, boolean withLocator, TableStatistics statistics) {
    this.access = access;
    this.withLocator = withLocator;
    this.statistics = statistics;
  }

  /** What is known of its rows. */
  TableStatistics statistics() {
    return statistics;
  }

  TableAccess access() {
    return access;
  }

  /** Whether it is the target of a statement, which the statement need not read. */
  boolean isTarget() {
    return withLocator;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder builder = factory.builder();
    for (ColumnDefinition column : access.table().columns()) {
      builder.add(column.name(), column.type().toCalcite(factory, column.nullable()));
    }
    if (withLocator) {
      int number = 0;
      for (ColumnType type : access.locatorTypes()) {
        builder.add(LOCATOR + number++, type.toCalcite(factory, false));
      }
    }
    return builder.build();
  }

  @Override
  public Statistic getStatistic() {
    TableDefinition table = access.table();
    List<ImmutableBitSet> keys = new ArrayList<>();
    if (table.hasPrimaryKey()) {
      keys.add(ImmutableBitSet.of(table.primaryKey()));
    }
    for (IndexDefinition index : table.indexes()) {
      List<Integer> ordinals = index.ordinals();
      if (index.isKey() && ordinals.stream().noneMatch(i -> table.column(i).nullable())) {
        keys.add(ImmutableBitSet.of(ordinals));
      }
    }
    return Statistics.of(access.estimatedRowCount(), keys);
  }
}
