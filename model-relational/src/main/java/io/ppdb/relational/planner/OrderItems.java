package io.ppdb.relational.planner;

import com.google.common.collect.ListMultimap;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.ListScope;
import org.apache.calcite.sql.validate.SqlMoniker;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Litmus;

/**
 * What names in ORDER BY mean: a name alone is a label of the select list if there is one, within
 * an expression a column if there is one. Calcite takes labels first in both. Used for one SELECT.
 */
final class OrderItems {
  private final ListMultimap<String, SqlNode> items;
  private final SqlValidatorScope tables;
  private final SharedColumns sharedColumns;
  private final boolean hasTables;

  /**
   * @param items the select list, by labels
   * @param tables the scope of the columns
   */
  OrderItems(
      SqlSelect select,
      ListMultimap<String, SqlNode> items,
      SqlValidatorScope tables,
      SharedColumns sharedColumns) {
    this.items = items;
    this.tables = tables;
    this.sharedColumns = sharedColumns;
    this.hasTables = select.getFrom() != null;
  }

  /** {@code item}, in which names stand for what they mean. */
  SqlNode meant(SqlNode item) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) item;
        yield call.getOperator().createCall(call.getParserPosition(), meant(call.operand(0)));
      }
      case IDENTIFIER -> label((SqlIdentifier) item);
      default ->
          hasTables && item instanceof SqlCall
              ? Objects.requireNonNull(
                  sharedColumns.replaced(item, tables, Set.of()).accept(new Columns()))
              : item;
    };
  }

  /** One of several items of a label, if they are the same. */
  private SqlNode label(SqlIdentifier name) {
    List<SqlNode> named = name.isSimple() ? items.get(name.getSimple()) : List.of();
    if (named.size() < 2) {
      return name;
    }
    SqlNode first = withoutLabel(named.get(0));
    if (!named.stream().allMatch(item -> withoutLabel(item).equalsDeep(first, Litmus.IGNORE))) {
      SqlParserPos position = name.getParserPosition();
      throw new PpdbException(
          ErrorCode.AMBIGUOUS_COLUMN,
          "ORDER BY \""
              + name
              + "\" is ambiguous"
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
    return first.clone(name.getParserPosition());
  }

  private static SqlNode withoutLabel(SqlNode item) {
    return item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
  }

  /** Names the table of each column that a label hides. */
  private final class Columns extends ExpressionShuttle {
    @Override
    public SqlNode visit(SqlIdentifier name) {
      if (!name.isSimple()
          || !items.containsKey(name.getSimple())
          || !(tables instanceof ListScope scope)) {
        return name;
      }
      List<String> found = tablesWith(scope, name.getSimple());
      if (found.isEmpty()) {
        return name;
      }
      SqlParserPos position = name.getParserPosition();
      return found.size() > 1
          ? scope.fullyQualify(name).identifier
          : new SqlIdentifier(
              List.of(found.get(0), name.getSimple()),
              null,
              position,
              List.of(SqlParserPos.ZERO, position));
    }

    private static List<String> tablesWith(ListScope scope, String column) {
      List<SqlMoniker> aliases = new ArrayList<>(); // those of outer queries follow
      scope.findAliases(aliases);
      List<SqlValidatorNamespace> children = scope.getChildren();
      List<String> found = new ArrayList<>();
      for (int i = 0; i < children.size(); i++) {
        if (children.get(i).getRowType().getFieldNames().contains(column)) {
          found.add(aliases.get(i).getFullyQualifiedNames().get(0));
        }
      }
      return found;
    }
  }
}
