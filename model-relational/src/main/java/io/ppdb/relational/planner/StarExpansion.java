package io.ppdb.relational.planner;

import io.ppdb.relational.parser.TextSpan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The text of a query with the columns that its stars stand for in their place: a view keeps the
 * columns that it had when it was created. Everything else stays as its author wrote it.
 */
final class StarExpansion {
  private StarExpansion() {}

  /** {@code sql} without stars in select lists, whose columns {@code validator} finds. */
  static String expand(String sql, StatementValidator validator) {
    SqlNode parsed = QueryPlanner.parser().parse(sql);
    Map<List<Integer>, TextSpan> stars = new LinkedHashMap<>();
    forEachItem(
        parsed,
        item -> {
          if (item instanceof SqlIdentifier identifier && identifier.isStar()) {
            SqlParserPos pos = identifier.getParserPosition();
            stars.put(
                place(identifier),
                new TextSpan(
                    pos.getLineNum(),
                    pos.getColumnNum(),
                    pos.getEndLineNum(),
                    pos.getEndColumnNum()));
          }
        });
    if (stars.isEmpty()) {
      return sql;
    }
    Map<List<Integer>, List<String>> columns = new LinkedHashMap<>();
    forEachItem(
        validator.validate(parsed),
        item -> {
          if (stars.containsKey(place(item))) {
            columns.computeIfAbsent(place(item), key -> new ArrayList<>()).add(text(item));
          }
        });
    List<Map.Entry<List<Integer>, TextSpan>> backwards = new ArrayList<>(stars.entrySet());
    Collections.reverse(backwards);
    backwards.sort((first, second) -> second.getValue().compareStart(first.getValue()));
    String text = sql;
    for (Map.Entry<List<Integer>, TextSpan> star : backwards) {
      List<String> names = columns.get(star.getKey());
      if (names != null) {
        text = star.getValue().replace(text, String.join(", ", names));
      }
    }
    return text;
  }

  /** Where a node stands; a column that a join has merged is a call that has no place itself. */
  private static List<Integer> place(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    if (position.getLineNum() == 0 && node instanceof SqlCall call && call.operandCount() > 0) {
      return place(call.operand(0));
    }
    return List.of(position.getLineNum(), position.getColumnNum());
  }

  /** {@code alias.column}; of columns that a join has merged the name alone. */
  private static String text(SqlNode item) {
    if (item instanceof SqlIdentifier identifier) {
      List<String> names = identifier.names;
      int size = names.size();
      return size == 1
          ? quoted(names.get(0))
          : quoted(names.get(size - 2)) + "." + quoted(names.get(size - 1));
    }
    SqlCall call = (SqlCall) item;
    return quoted(((SqlIdentifier) call.operand(1)).getSimple());
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private interface ItemVisitor {
    void visit(SqlNode item);
  }

  /** Visits the items of all select lists; labels count for the column they are put on. */
  private static void forEachItem(SqlNode query, ItemVisitor visitor) {
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call instanceof SqlSelect select) {
              for (SqlNode item : select.getSelectList()) {
                boolean isColumn =
                    item.getKind() == SqlKind.AS
                        && ((SqlCall) item).operand(0) instanceof SqlIdentifier;
                visitor.visit(isColumn ? ((SqlCall) item).operand(0) : item);
              }
            }
            return super.visit(call);
          }
        });
  }
}
