package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** ALTER INDEX, VIEW and SEQUENCE … RENAME TO. Used for one statement. */
final class RenameStatements {
  private final Change change;

  RenameStatements(Change change) {
    this.change = change;
  }

  /** ALTER INDEX … RENAME TO. */
  void rename(Definition.RenameIndex node) {
    SqlIdentifier name = node.name();
    TableAccess access = change.findTableOfIndex(name);
    IndexDefinition index = access == null ? null : access.table().index(Names.simple(name));
    if (access == null || index == null) {
      if (node.ifExists()) {
        return;
      }
      throw change.missing("index", name);
    }
    change.permissions().requireOwner(access.table());
    change.permissions().requireCreate(access.table().schema());
    TableDefinition changed = rename(change, access.table(), index, node.newName());
    change.catalog().replace(change.transaction(), changed);
  }

  /** {@code table} with another name of {@code index}. */
  static TableDefinition rename(
      Change change, TableDefinition table, IndexDefinition index, SqlIdentifier newName) {
    change.requireFree(table.schema(), newName, ErrorCode.DUPLICATE_OBJECT);
    return change.catalog().renameIndex(change.transaction(), table, index, newName.getSimple());
  }

  /** ALTER VIEW or SEQUENCE … RENAME TO. */
  void rename(Definition.Rename node) {
    SqlIdentifier name = node.name();
    CatalogObject object = change.find(name);
    if (object == null) {
      if (node.ifExists()) {
        return;
      }
      throw change.missing("relation", name);
    }
    if (!object.kindName().equals(node.kind().word())) {
      throw Names.wrongKind(name, node.kind().word());
    }
    change.permissions().requireOwner(object);
    change.permissions().requireCreate(object.schema());
    change.requireFree(object.schema(), node.newName(), ErrorCode.DUPLICATE_TABLE);
    if (object instanceof ViewDefinition view) {
      requireUnread(view, node.name());
    }
    change.catalog().freeName(change.transaction(), object);
    String newName = node.newName().getSimple();
    if (object instanceof ViewDefinition view) {
      change.catalog().store(change.transaction(), view.withName(newName));
    } else if (object instanceof SequenceDefinition sequence) {
      change.catalog().store(change.transaction(), sequence.withName(newName));
      renameInDefault(sequence, newName);
    }
  }

  /** The column that a sequence belongs to draws from it by its new name. */
  private void renameInDefault(SequenceDefinition sequence, String newName) {
    if (change.catalog().findObject(change.transaction(), sequence.ownerId())
        instanceof TableDefinition table) {
      List<ColumnDefinition> columns = new ArrayList<>(table.columns());
      columns.replaceAll(
          column ->
              DropStatements.isDefault(sequence, column)
                  ? column.withDefault(SequenceNames.nextValue(sequence.schema(), newName))
                  : column);
      change.catalog().replace(change.transaction(), table.withColumns(columns));
    }
  }

  /** Fails if a view reads {@code view}: the text of its query has the old name. */
  private void requireUnread(ViewDefinition view, SqlIdentifier name) {
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (object.dependencies().contains(view.id())) {
        throw new PpdbException(
            ErrorCode.DEPENDENT_OBJECTS,
            "cannot rename view "
                + view.name()
                + " because view "
                + object.name()
                + " reads it"
                + Change.at(name));
      }
    }
  }
}
