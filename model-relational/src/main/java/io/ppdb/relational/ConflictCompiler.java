package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.WriteTarget.Assignments;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.OnConflictNode;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.GivenRows;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/** Compiles ON CONFLICT. */
final class ConflictCompiler {
  /** What DO UPDATE calls the row that was to be inserted. */
  private static final String EXCLUDED = "excluded";

  private final StatementParser parser;
  private final QueryPlanner planner;

  ConflictCompiler(StatementParser parser, QueryPlanner planner) {
    this.parser = parser;
    this.planner = planner;
  }

  ConflictAction compile(
      OnConflictNode node,
      WriteTarget target,
      CatalogView catalog,
      Map<Integer, ColumnType> parameters) {
    int[] keys = uniqueKeys(node, target, catalog);
    SqlNodeList columns = node.columns();
    SqlNodeList values = node.values();
    if (columns == null || values == null) {
      return new ConflictAction(target.access(), keys, null);
    }
    if (node.target() == null && node.constraint() == null) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "ON CONFLICT DO UPDATE requires the columns of a unique key or the name of a constraint"
              + SqlTrees.at(node));
    }
    catalog.require(target.table(), Privilege.UPDATE, target.columnNames(columns));
    Assignments set = target.assignments(columns, values, parser);
    GivenColumns given = new GivenColumns(target, /* withLocator= */ true);
    given.add(EXCLUDED, target.table().columns());
    GivenRows rows = given.rows();
    SqlNodeList list = new SqlNodeList(node.getParserPosition());
    int oldCount = target.table().columns().size() + target.access().locatorTypes().size();
    for (int i = 0; i < oldCount; i++) {
      list.add(SqlTrees.identifier(target.name(), rows.table().column(i).name()));
    }
    for (int i = 0; i < set.values().size(); i++) {
      SqlNode value = given.rewrite(set.values().get(i));
      list.add(SqlTrees.alias(value, SqlTrees.identifier("$new" + i)));
    }
    SqlNode condition = node.condition() == null ? null : given.rewrite(node.condition());
    SqlNode query = SqlTrees.select(node.getParserPosition(), list, given.from(), condition);
    List<Integer> indexes = SqlTrees.parameters(query);
    PlannedQuery planned = planner.plan(catalog, query, rows);
    WriteCompiler.addParameters(indexes, planned, parameters);
    return new ConflictAction(
        target.access(),
        keys,
        new ConflictAction.Update(
            planned.root(),
            rows.table().columns().stream().map(ColumnDefinition::type).toList(),
            set.ordinals(),
            condition != null));
  }

  private int[] uniqueKeys(OnConflictNode node, WriteTarget target, CatalogView catalog) {
    TableDefinition table = target.table();
    SqlIdentifier constraint = node.constraint();
    SqlNodeList wanted = node.target();
    List<Integer> keys = new ArrayList<>();
    if (wanted != null) {
      requireReading(wanted, target, catalog);
      if (table.hasPrimaryKey()
          && ordinals(wanted, target).equals(Set.copyOf(table.primaryKey()))) {
        keys.add(TableWriter.PRIMARY_KEY);
      }
      List<SqlNode> elements = wanted.stream().map(SyntaxTrees::copy).toList();
      SqlNode condition = node.targetCondition();
      keys.addAll(
          planner.uniqueIndexes(
              catalog, table, elements, condition == null ? null : SyntaxTrees.copy(condition)));
    } else {
      if (table.hasPrimaryKey() && isMeant(constraint, table.primaryKeyName())) {
        keys.add(TableWriter.PRIMARY_KEY);
      }
      for (int i = 0; i < table.indexes().size(); i++) {
        IndexDefinition index = table.indexes().get(i);
        if (index.unique() && index.ready() && isMeant(constraint, index.name())) {
          keys.add(i);
        }
      }
    }
    if (keys.isEmpty() && constraint != null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "constraint \""
              + constraint.getSimple()
              + "\" for table \""
              + table.name()
              + "\" does not exist"
              + SqlTrees.at(constraint));
    }
    if (keys.isEmpty() && wanted != null) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "there is no unique constraint of table \""
              + table.name()
              + "\" matching the ON CONFLICT specification"
              + SqlTrees.at(node));
    }
    return keys.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Asks for the right to read the columns by which rows are found to be in the way. */
  private static void requireReading(
      SqlNodeList elements, WriteTarget target, CatalogView catalog) {
    List<String> names =
        elements.stream()
            .filter(SqlIdentifier.class::isInstance)
            .map(name -> target.table().column(target.ordinal((SqlIdentifier) name)).name())
            .toList();
    catalog.require(target.table(), Privilege.SELECT, names);
  }

  private static boolean isMeant(@Nullable SqlIdentifier constraint, String name) {
    return constraint == null || constraint.getSimple().equals(name);
  }

  /** The columns among {@code elements}; -1 stands for expressions. */
  private static Set<Integer> ordinals(SqlNodeList elements, WriteTarget target) {
    Set<Integer> ordinals = new HashSet<>();
    for (SqlNode element : elements) {
      ordinals.add(element instanceof SqlIdentifier name ? target.ordinal(name) : -1);
    }
    return ordinals;
  }
}
