package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.TableConstraints.Reference;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/**
 * ALTER COLUMN … TYPE: the rows are written anew, unless all values are stored in the new type as
 * they were in the old one. Used for one statement.
 */
final class AlterType {
  private final Change change;
  private final TableRewrite rewrite;

  AlterType(Change change, TableRewrite rewrite) {
    this.change = change;
    this.rewrite = rewrite;
  }

  TableDefinition apply(TableDefinition table, AlterAction.SetType set) {
    int ordinal = Names.ordinal(table, set.column());
    ColumnDefinition column = table.column(ordinal);
    ColumnType type = change.planner().typeOf(change.view(), set.type());
    requireChangeable(table, ordinal, type, set);
    TextSpan using = set.using();
    if (using == null) {
      requireCast(column, type, set);
    } else {
      String text = using.in(change.sql());
      change
          .planner()
          .rowExpressions(
              change.view(),
              rewrite.original(),
              List.of(QueryPlanner.cast(change.expression(using), type)));
      rewrite.change(ordinal, text);
    }
    if (using != null || !isStoredAlike(column.type(), type)) {
      rewrite.require();
    }
    TableDefinition changed = table.withColumn(ordinal, withType(column, type, set.column()));
    return withExpressions(changed);
  }

  private ColumnDefinition withType(ColumnDefinition column, ColumnType type, SqlIdentifier name) {
    String text = column.defaultExpression();
    if (text != null && !column.isStored()) {
      SqlNode expression = QueryPlanner.parser().parseExpression(text);
      try {
        change.planner().checkExpression(change.view(), expression, type);
      } catch (PpdbException e) {
        throw new PpdbException(
            ErrorCode.DATATYPE_MISMATCH,
            "default for column \""
                + column.name()
                + "\" cannot be cast automatically to type "
                + type
                + Change.at(name),
            e);
      }
    }
    return column.withType(type);
  }

  /** What is written about the columns has to be right of the new type, too. */
  private TableDefinition withExpressions(TableDefinition table) {
    for (CheckDefinition check : table.constraints().checks()) {
      change
          .planner()
          .rowCondition(
              change.view(),
              table,
              QueryPlanner.parser().parseExpression(check.expression()),
              "CHECK");
    }
    IndexElements elements = new IndexElements(change, table);
    return table.withIndexes(elements::again);
  }

  private void requireChangeable(
      TableDefinition table, int ordinal, ColumnType type, AlterAction.SetType set) {
    ColumnDefinition column = table.column(ordinal);
    if (!table.kind().equals(TableDefinition.ROW_KIND)) {
      throw refused("of a column of a table of kind " + table.kind(), set);
    }
    if (column.isStored()) {
      throw refused("of a generated column", set);
    }
    if (column.generation() != Generation.NONE && !type.kind().isInteger()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "identity column type must be smallint, integer, or bigint, not "
              + type
              + Change.at(set.column()));
    }
    for (ColumnDefinition other : table.columns()) {
      String text = other.defaultExpression();
      if (other.isStored() && text != null && change.names(table).reads(text, column.name())) {
        throw refused("of a column used by generated column \"" + other.name() + "\"", set);
      }
    }
    for (CatalogObject view : new ViewColumns(change).readers(table, ordinal)) {
      throw refused("of a column used by view \"" + view.name() + "\"", set);
    }
    requireSameKeys(table, ordinal, type, set);
  }

  /** Of what refers to each other, equal values have to have equal keys. */
  private static void requireSameKeys(
      TableDefinition table, int ordinal, ColumnType type, AlterAction.SetType set) {
    List<ForeignKeyDefinition> keys = table.constraints().foreignKeys();
    boolean refers = keys.stream().anyMatch(key -> key.columns().contains(ordinal));
    boolean isReferred = false;
    for (Reference reference : table.constraints().references()) {
      isReferred |= table.keyColumns(reference.keyNumber()).contains(ordinal);
    }
    ColumnType old = table.column(ordinal).type();
    boolean same = old.kind() == type.kind() || (old.kind().isInteger() && type.kind().isInteger());
    if ((refers || isReferred) && !same) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "a foreign key cannot be implemented: column \""
              + table.column(ordinal).name()
              + "\" would be of type "
              + type
              + ", what it is compared with is of type "
              + old
              + Change.at(set.column()));
    }
  }

  private static PpdbException refused(String what, AlterAction.SetType set) {
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED, "cannot alter type " + what + Change.at(set.column()));
  }

  /** Without USING only such casts are made as an INSERT makes by itself. */
  private static void requireCast(
      ColumnDefinition column, ColumnType type, AlterAction.SetType set) {
    TypeKind from = column.type().kind();
    TypeKind to = type.kind();
    boolean automatic =
        from == to
            || to == TypeKind.VARCHAR
            || (from.isNumeric() && to.isNumeric())
            || (isTime(from) && isTime(to))
            || (from == TypeKind.TIME && to == TypeKind.INTERVAL)
            || (from == TypeKind.INTERVAL && to == TypeKind.TIME);
    if (!automatic) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "column \""
              + column.name()
              + "\" cannot be cast automatically to type "
              + type
              + "; say how with USING"
              + Change.at(set.column()));
    }
  }

  private static boolean isTime(TypeKind kind) {
    return kind == TypeKind.DATE || kind == TypeKind.TIMESTAMP || kind == TypeKind.TIMESTAMPTZ;
  }

  /** Whether each value of the old type is one of the new type with the same bytes. */
  private static boolean isStoredAlike(ColumnType from, ColumnType to) {
    if (from.equals(to)) {
      return true;
    }
    return switch (from.kind()) {
      case VARCHAR ->
          to.kind() == TypeKind.VARCHAR
              && (to.precision() == ColumnType.UNLIMITED
                  || (from.precision() != ColumnType.UNLIMITED
                      && to.precision() >= from.precision()));
      case DECIMAL ->
          to.kind() == TypeKind.DECIMAL
              && !to.isUnconstrainedNumeric()
              && !from.isUnconstrainedNumeric()
              && from.isLongDecimal() == to.isLongDecimal()
              && to.scale() == from.scale()
              && to.precision() >= from.precision();
      default -> false;
    };
  }
}
