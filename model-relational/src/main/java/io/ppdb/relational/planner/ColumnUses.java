package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.TableDefinition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Whether a validated query, in which columns are qualified by what their table is called, names a
 * column of a table. Used once.
 */
final class ColumnUses extends SqlBasicVisitor<@Nullable Void> {
  private final TableDefinition table;
  private final String column;

  /** What each query around a place calls its tables: whether it is the table asked about. */
  private final Deque<Map<String, Boolean>> scopes = new ArrayDeque<>();

  private boolean found;

  private ColumnUses(TableDefinition table, String column) {
    this.table = table;
    this.column = column;
  }

  static boolean contains(SqlNode validated, TableDefinition table, String column) {
    ColumnUses uses = new ColumnUses(table, column);
    validated.accept(uses);
    return uses.found;
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (!(call instanceof SqlSelect select)) {
      return super.visit(call);
    }
    Map<String, Boolean> names = new HashMap<>();
    addNames(select.getFrom(), names);
    scopes.push(names);
    super.visit(call);
    scopes.pop();
    return null;
  }

  private void addNames(@Nullable SqlNode from, Map<String, Boolean> names) {
    if (from instanceof SqlJoin join) {
      addNames(join.getLeft(), names);
      addNames(join.getRight(), names);
      boolean isShared =
          join.isNatural() || (join.getCondition() instanceof SqlNodeList list && names(list));
      found |= isShared && names.containsValue(true);
    } else if (from != null && from.getKind() == SqlKind.AS) {
      SqlCall alias = (SqlCall) from;
      names.put(((SqlIdentifier) alias.operand(1)).getSimple(), isTable(alias.operand(0)));
    } else if (from instanceof SqlIdentifier name) {
      names.put(last(name), isTable(name));
    }
  }

  /** Whether a join is USING the column. */
  private boolean names(SqlNodeList list) {
    return list.stream()
        .anyMatch(item -> item instanceof SqlIdentifier name && last(name).equals(column));
  }

  private boolean isTable(SqlNode node) {
    if (!(node instanceof SqlIdentifier name) || !last(name).equals(table.name())) {
      return false;
    }
    int size = name.names.size();
    return size == 1 || name.names.get(size - 2).equals(table.schema());
  }

  @Override
  public @Nullable Void visit(SqlIdentifier name) {
    int size = name.names.size();
    if (size > 1 && last(name).equals(column)) {
      String alias = name.names.get(size - 2);
      for (Map<String, Boolean> scope : scopes) {
        Boolean isTable = scope.get(alias);
        if (isTable != null) {
          found |= isTable;
          break;
        }
      }
    }
    return null;
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }
}
