package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.ColumnClause;
import io.ppdb.relational.parser.SequenceClause;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.RowExpressions;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.jspecify.annotations.Nullable;

/**
 * Columns of statements as definitions, with the sequences that belong to them. Used for one
 * statement and table.
 */
final class ColumnStatements {
  private final Change change;
  private final String schema;
  private final String tableName;
  private final long tableId;

  ColumnStatements(Change change, String schema, String tableName, long tableId) {
    this.change = change;
    this.schema = schema;
    this.tableName = tableName;
    this.tableId = tableId;
  }

  ColumnDefinition column(ColumnClause clause) {
    String name = clause.name().getSimple();
    TextSpan given = clause.defaultValue();
    ColumnType serial = serialType(clause);
    if (serial != null
        || clause.generation() == Generation.ALWAYS_IDENTITY
        || clause.generation() == Generation.DEFAULT_IDENTITY) {
      return drawn(clause, name, serial);
    }
    ColumnType type = change.planner().typeOf(change.view(), clause.type());
    String text = given == null ? null : given.in(change.sql());
    if (given != null && clause.generation() == Generation.NONE) {
      change.planner().checkExpression(change.view(), change.expression(given), type);
      text = SequenceNames.qualified(given.in(change.sql()), change);
    }
    return new ColumnDefinition(name, type, !clause.isNotNull(), text, clause.generation(), null);
  }

  /** A column that takes its values from a sequence of its own. */
  private ColumnDefinition drawn(ColumnClause clause, String name, @Nullable ColumnType serial) {
    ColumnType type =
        serial == null ? change.planner().typeOf(change.view(), clause.type()) : serial;
    if (!type.kind().isInteger()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "identity column type must be smallint, integer, or bigint, not "
              + type
              + Change.at(clause.type()));
    }
    if (clause.defaultValue() != null) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "multiple default values specified for column \""
              + name
              + "\" of table \""
              + tableName
              + "\""
              + Change.at(clause.name()));
    }
    SequenceClause options = clause.sequence();
    String sequence =
        new SequenceStatements(change)
            .createOwned(schema, tableName + "_" + name + "_seq", type.kind(), options, tableId);
    return new ColumnDefinition(
        name, type, false, SequenceNames.nextValue(schema, sequence), clause.generation(), null);
  }

  /** The type that serial and its like stand for, or null. */
  private static @Nullable ColumnType serialType(ColumnClause clause) {
    if (!(clause.type().getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec spec)) {
      return null;
    }
    return switch (spec.getTypeName().toString()) {
      case "serial", "serial4" -> ColumnType.INTEGER;
      case "bigserial", "serial8" -> ColumnType.BIGINT;
      case "smallserial", "serial2" -> ColumnType.SMALLINT;
      default -> null;
    };
  }

  /** Fails if a column of {@code table} cannot be computed as {@code clause} says. */
  void checkStored(TableDefinition table, ColumnClause clause) {
    TextSpan text = clause.defaultValue();
    if (clause.generation() != Generation.STORED || text == null) {
      return;
    }
    ColumnDefinition column = table.column(table.columnIndex(clause.name().getSimple()));
    SqlNode expression = QueryPlanner.cast(change.expression(text), column.type());
    RowExpressions computed =
        change.planner().rowExpressions(change.view(), table, List.of(expression));
    for (int read : computed.columns()) {
      if (table.column(read).isStored()) {
        throw invalid(
            "cannot use generated column \""
                + table.column(read).name()
                + "\" in column generation expression",
            clause);
      }
    }
    if (!computed.isImmutable()) {
      throw invalid("generation expression is not immutable", clause);
    }
  }

  private static PpdbException invalid(String message, ColumnClause clause) {
    return new PpdbException(ErrorCode.INVALID_DEFINITION, message + Change.at(clause.name()));
  }
}
