package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The text of a query with the schemas of the tables that it names, so that it means the same from
 * every viewpoint. Those of schema {@code public} stay as their author wrote them: it is where the
 * query of a view looks ({@link CatalogView#ofViews}). Used for one query.
 */
final class TableQualification extends SqlBasicVisitor<@Nullable Void> {
  /** The names that WITH gives, which hide tables. */
  private final Deque<String> given = new ArrayDeque<>();

  private final List<SqlIdentifier> tables = new ArrayList<>();

  private TableQualification() {}

  static String apply(String sql, CatalogView catalog) {
    TableQualification visitor = new TableQualification();
    QueryPlanner.parser().parse(sql).accept(visitor);
    List<SqlIdentifier> backwards = new ArrayList<>(visitor.tables);
    backwards.sort((first, second) -> span(second).compareStart(span(first)));
    String text = sql;
    for (SqlIdentifier name : backwards) {
      TableAccess access = catalog.table(name.names);
      TableDefinition table = access == null ? null : access.table();
      if (table != null && !table.schema().equals(Catalog.DEFAULT_SCHEMA)) {
        text = span(name).replace(text, quoted(table.schema()) + "." + quoted(table.name()));
      }
    }
    return text;
  }

  private static TextSpan span(SqlIdentifier name) {
    SqlParserPos place = name.getParserPosition();
    return new TextSpan(
        place.getLineNum(), place.getColumnNum(), place.getEndLineNum(), place.getEndColumnNum());
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlWith with) {
      visitWith(with);
      return null;
    }
    if (call instanceof SqlSelect select) {
      addTables(select.getFrom());
    } else if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
      addTables(call.operand(0));
    }
    return super.visit(call);
  }

  /** Each query of a WITH sees the names before its own, and of a recursive one all. */
  private void visitWith(SqlWith with) {
    int outerCount = given.size();
    for (SqlNode item : with.withList) {
      SqlWithItem table = (SqlWithItem) item;
      boolean recursive = table.recursive.booleanValue();
      if (recursive) {
        given.push(table.name.getSimple());
      }
      table.query.accept(this);
      if (!recursive) {
        given.push(table.name.getSimple());
      }
    }
    with.body.accept(this);
    while (given.size() > outerCount) {
      given.pop();
    }
  }

  /** Adds the tables of a FROM clause; its queries are visited as such. */
  private void addTables(@Nullable SqlNode from) {
    if (from instanceof SqlJoin join) {
      addTables(join.getLeft());
      addTables(join.getRight());
    } else if (from instanceof SqlIdentifier name) {
      if (name.names.size() == 1 && !given.contains(name.getSimple())) {
        tables.add(name);
      }
    } else if (from instanceof SqlCall call && isAroundTable(call.getKind())) {
      addTables(call.operand(0));
    }
  }

  private static boolean isAroundTable(SqlKind kind) {
    return kind == SqlKind.AS
        || kind == SqlKind.TABLESAMPLE
        || kind == SqlKind.TABLE_REF
        || kind == SqlKind.SNAPSHOT
        || kind == SqlKind.EXTEND;
  }
}
