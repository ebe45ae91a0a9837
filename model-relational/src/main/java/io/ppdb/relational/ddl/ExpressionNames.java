package io.ppdb.relational.ddl;

import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Changes names within the texts of a table's expressions and leaves the rest as it was written.
 *
 * @param table what the expressions call their table
 */
record ExpressionNames(String table) {
  /** Whether {@code text} names a column. */
  boolean reads(String text, String column) {
    return !places(text, columnCalled(column)).isEmpty();
  }

  /** {@code text} with another name of a column. */
  String renameColumn(String text, String column, String newName) {
    return replace(text, newName, columnCalled(column));
  }

  private Choice columnCalled(String column) {
    return name -> {
      int last = name.names.size() - 1;
      boolean isOwn = last == 0 || name.names.get(last - 1).equals(table);
      return isOwn && name.names.get(last).equals(column) ? last : -1;
    };
  }

  /** {@code text} with another name of the table. */
  String renameTable(String text, String newName) {
    return replace(
        text,
        newName,
        name -> {
          int place = name.names.size() - 2;
          return place >= 0 && name.names.get(place).equals(table) ? place : -1;
        });
  }

  /** Says which component of a name is replaced; -1 for none. */
  private interface Choice {
    int component(SqlIdentifier name);
  }

  private static String replace(String text, String newName, Choice choice) {
    String quoted = "\"" + newName.replace("\"", "\"\"") + "\"";
    String result = text;
    for (TextSpan place : places(text, choice)) {
      result = place.replace(result, quoted);
    }
    return result;
  }

  /** Where the chosen components stand, the last one first. */
  private static List<TextSpan> places(String text, Choice choice) {
    List<TextSpan> places = new ArrayList<>();
    QueryPlanner.parser()
        .parseExpression(text)
        .accept(
            new SqlBasicVisitor<@Nullable Void>() {
              @Override
              public @Nullable Void visit(SqlIdentifier name) {
                int component = choice.component(name);
                if (component >= 0) {
                  SqlParserPos place = name.getComponentParserPosition(component);
                  places.add(
                      new TextSpan(
                          place.getLineNum(),
                          place.getColumnNum(),
                          place.getEndLineNum(),
                          place.getEndColumnNum()));
                }
                return null;
              }
            });
    places.sort((first, second) -> second.compareStart(first));
    return places;
  }
}
