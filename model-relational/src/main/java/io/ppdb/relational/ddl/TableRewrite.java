package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableConstraints;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.planner.GivenRows;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The rows of a table whose definition a statement changes so that they have to be written anew, or
 * all of them looked at: they are inserted under other keys, through all constraints, as an INSERT
 * of a query of the old ones.
 *
 * <p>The range of the old rows is deleted last, which claims it: whoever writes to the table
 * meanwhile conflicts. Used for one statement.
 */
final class TableRewrite {
  private final Change change;
  private final TableDefinition original;

  /**
   * For each column of the new definition what its values are, over the columns of the original.
   */
  private final List<String> sources = new ArrayList<>();

  private boolean needed;

  /** A change of {@code original}, as it is stored. */
  TableRewrite(Change change, TableDefinition original) {
    this.change = change;
    this.original = original;
    for (ColumnDefinition column : original.columns()) {
      sources.add(Names.quoted(column.name()));
    }
  }

  /** The table before the statement. */
  TableDefinition original() {
    return original;
  }

  boolean isNeeded() {
    return needed;
  }

  /** The rows have to be written anew. */
  void require() {
    needed = true;
  }

  /** A column comes behind the others. */
  void add(String source) {
    sources.add(source);
  }

  void drop(int ordinal) {
    sources.remove(ordinal);
  }

  void change(int ordinal, String source) {
    sources.set(ordinal, source);
  }

  /** What the values of a column are. */
  String source(int ordinal) {
    return sources.get(ordinal);
  }

  /** Writes the rows of {@code table}, the last definition, which is stored once more. */
  TableDefinition run(TableDefinition table, ActionRunner runner, ExecutionContext context) {
    if (!table.kind().equals(TableDefinition.ROW_KIND)) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "a table of kind " + table.kind() + " cannot have all its rows written anew");
    }
    Transaction transaction = change.transaction();
    TableAccess rows = change.catalog().access(original);
    TableDefinition stored = change.catalog().replace(transaction, table.withNewRows());
    tellReferring(stored);
    for (IndexDefinition index : stored.indexes()) {
      transaction.deleteRange(Catalog.rangeOf(stored, index.number()));
    }
    PlanNode plan =
        change
            .planner()
            .plan(change.view(), QueryPlanner.parser().parse(query(stored)), rows)
            .root();
    runner.insertChecked(change.catalog().access(stored), plan, change.view(), context);
    transaction.deleteRange(Catalog.rangeOf(original, original.rowsNumber()));
    return stored;
  }

  /** Lets plans that write to tables which refer to this one look for its rows under other keys. */
  private void tellReferring(TableDefinition table) {
    for (TableConstraints.Reference reference : table.constraints().references()) {
      if (reference.tableId() != table.id()) {
        TableDefinition child =
            change.catalog().table(change.transaction(), reference.tableId()).table();
        change.catalog().replace(change.transaction(), child);
      }
    }
  }

  private String query(TableDefinition table) {
    StringJoiner list = new StringJoiner(", ");
    for (int i = 0; i < sources.size(); i++) {
      ColumnType type = table.column(i).type();
      // A text that is too long is an error, not cut off.
      String target = type.kind() == TypeKind.VARCHAR ? "TEXT" : type.toString();
      list.add("CAST((" + sources.get(i) + ") AS " + target + ")");
    }
    return "SELECT "
        + list
        + " FROM "
        + Names.quoted(GivenRows.SCHEMA)
        + "."
        + Names.quoted(original.name());
  }
}
