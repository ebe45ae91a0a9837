package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.RowExpressions;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** What CREATE INDEX says of one table's rows, as definitions. Used for one statement. */
final class IndexElements {
  private final Change change;
  private final TableDefinition table;

  IndexElements(Change change, TableDefinition table) {
    this.change = change;
    this.table = table;
  }

  /** The elements of the key. */
  List<IndexDefinition.Column> columns(List<Definition.IndexColumn> elements) {
    List<IndexDefinition.Column> columns = new ArrayList<>();
    for (Definition.IndexColumn element : elements) {
      SqlIdentifier name = element.name();
      TextSpan text = element.expression();
      if (name != null) {
        columns.add(new IndexDefinition.Column(Names.ordinal(table, name), element.descending()));
      } else if (text != null) {
        columns.add(new IndexDefinition.Column(expression(text), element.descending()));
      }
    }
    return columns;
  }

  /** An index of the table, of which a column has another type now. */
  IndexDefinition again(IndexDefinition index) {
    List<IndexDefinition.Column> columns = new ArrayList<>();
    for (IndexDefinition.Column column : index.columns()) {
      IndexExpression old = column.expression();
      columns.add(
          old == null
              ? column
              : new IndexDefinition.Column(
                  expression(QueryPlanner.parser().parseExpression(old.text()), old.text()),
                  column.descending()));
    }
    String predicate = index.predicate();
    if (predicate != null) {
      check(QueryPlanner.parser().parseExpression(predicate));
    }
    return index.with(columns, predicate);
  }

  private IndexExpression expression(TextSpan text) {
    return expression(change.expression(text), text.in(change.sql()));
  }

  private IndexExpression expression(SqlNode node, String text) {
    RowExpressions computed = change.planner().rowExpressions(change.view(), table, List.of(node));
    requireImmutable(computed, "functions in index expression must be immutable", node);
    return new IndexExpression(
        text, ColumnType.fromCalcite(computed.expressions().get(0).getType()));
  }

  /** The text of the predicate; null if there is none. */
  @Nullable String predicate(@Nullable TextSpan text) {
    if (text == null) {
      return null;
    }
    check(change.expression(text));
    return text.in(change.sql());
  }

  private void check(SqlNode node) {
    RowExpressions condition = change.planner().rowCondition(change.view(), table, node, "WHERE");
    requireImmutable(condition, "functions in index predicate must be immutable", node);
  }

  private static void requireImmutable(RowExpressions computed, String message, SqlNode node) {
    if (!computed.isImmutable()) {
      throw new PpdbException(ErrorCode.INVALID_DEFINITION, message + Change.at(node));
    }
  }

  /**
   * What a name for an index is made of: columns by their names, expressions by their functions.
   */
  String baseName(List<IndexDefinition.Column> columns) {
    StringBuilder name = new StringBuilder(table.name());
    for (IndexDefinition.Column column : columns) {
      name.append('_').append(label(column));
    }
    return name.toString();
  }

  private String label(IndexDefinition.Column column) {
    IndexExpression expression = column.expression();
    if (expression == null) {
      return column.name(table);
    }
    SqlNode node = QueryPlanner.parser().parseExpression(expression.text());
    boolean isFunction =
        node instanceof SqlCall call
            && call.getOperator().getName().chars().allMatch(IndexElements::isNamePart);
    return isFunction ? ((SqlCall) node).getOperator().getName().toLowerCase(Locale.ROOT) : "expr";
  }

  private static boolean isNamePart(int character) {
    return Character.isLetterOrDigit(character) || character == '_';
  }
}
