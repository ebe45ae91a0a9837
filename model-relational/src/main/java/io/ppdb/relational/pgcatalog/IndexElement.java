package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an index has a value of in its entries.
 *
 * @param number of the column, from 1; 0 for an expression
 * @param attribute its name in {@code pg_attribute}
 * @param definition its text in CREATE INDEX, without the order
 */
record IndexElement(
    int number, String attribute, String definition, ColumnType type, boolean descending) {
  private static final Pattern CALL = Pattern.compile("(\\w+)\\(.*\\)", Pattern.DOTALL);

  static IndexElement of(TableDefinition table, int ordinal) {
    return of(table, new IndexDefinition.Column(ordinal, false));
  }

  static IndexElement of(TableDefinition table, IndexDefinition.Column column) {
    IndexExpression expression = column.expression();
    if (expression == null) {
      ColumnDefinition known = table.column(column.ordinal());
      return new IndexElement(
          column.ordinal() + 1,
          known.name(),
          Names.quoted(known.name()),
          known.type(),
          column.descending());
    }
    Matcher call = CALL.matcher(expression.text());
    boolean isCall = call.matches();
    return new IndexElement(
        0,
        isCall ? call.group(1) : "expr",
        isCall ? expression.text() : "(" + expression.text() + ")",
        expression.type(),
        column.descending());
  }
}
