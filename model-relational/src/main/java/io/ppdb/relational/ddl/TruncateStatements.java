package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableConstraints.Reference;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;

/**
 * TRUNCATE: deletes the whole range of a table's keys, which claims it exclusively, existence keys
 * included: whoever writes to the table meanwhile, or refers to a row of it, conflicts. Used for
 * one statement.
 */
final class TruncateStatements {
  private final Change change;

  TruncateStatements(Change change) {
    this.change = change;
  }

  void truncate(Definition.Truncate node) {
    Map<Long, TableDefinition> tables = new LinkedHashMap<>();
    for (SqlIdentifier name : node.tables()) {
      TableDefinition table = change.requireTable(name);
      if (!table.kind().equals(TableDefinition.ROW_KIND)) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "TRUNCATE of a table of kind " + table.kind() + Change.at(name));
      }
      tables.put(table.id(), table);
    }
    addReferring(tables, node.cascade());
    for (TableDefinition table : tables.values()) {
      change.permissions().require(table, Privilege.TRUNCATE);
      change.transaction().requireUnchanged(Catalog.epochKey(table.id()));
      change.transaction().deleteRange(Catalog.rangeOf(table));
    }
    if (node.restartIdentity()) {
      restartSequences(tables);
    }
  }

  /** Adds the tables that refer to {@code tables}, or fails if there are others than these. */
  private void addReferring(Map<Long, TableDefinition> tables, boolean cascade) {
    List<TableDefinition> open = new ArrayList<>(tables.values());
    for (int i = 0; i < open.size(); i++) {
      for (Reference reference : open.get(i).constraints().references()) {
        if (tables.containsKey(reference.tableId())) {
          continue;
        }
        TableDefinition child =
            change.catalog().table(change.transaction(), reference.tableId()).table();
        if (!cascade) {
          throw new PpdbException(
              ErrorCode.NOT_SUPPORTED,
              "cannot truncate table \""
                  + open.get(i).name()
                  + "\", which a foreign key of table \""
                  + child.name()
                  + "\" refers to; truncate both, or use TRUNCATE ... CASCADE");
        }
        tables.put(child.id(), child);
        open.add(child);
      }
    }
  }

  private void restartSequences(Map<Long, TableDefinition> tables) {
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (object instanceof SequenceDefinition sequence && tables.containsKey(sequence.ownerId())) {
        change.permissions().requireOwner(sequence);
        change.catalog().store(change.transaction(), sequence.restarted());
      }
    }
  }
}
