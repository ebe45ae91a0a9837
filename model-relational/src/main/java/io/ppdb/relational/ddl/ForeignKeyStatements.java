package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableConstraints;
import io.ppdb.relational.catalog.TableConstraints.Reference;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.ConstraintClause;
import io.ppdb.relational.storage.ReferencedKey;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** Foreign keys of statements as definitions, on both sides. Used for one statement. */
final class ForeignKeyStatements {
  private final Change change;

  ForeignKeyStatements(Change change) {
    this.change = change;
  }

  /** {@code table} with a foreign key; the table it refers to learns of it, too. */
  TableDefinition add(TableDefinition table, ConstraintClause.ForeignKey clause) {
    List<Integer> columns = ordinals(table, clause.columns());
    TableDefinition parent = parent(table, clause);
    List<Integer> wanted =
        clause.parentColumns().isEmpty()
            ? primaryKey(parent, clause)
            : ordinals(parent, clause.parentColumns());
    if (columns.size() != wanted.size()) {
      throw invalid(
          "number of referencing and referenced columns for foreign key disagree: "
              + columns.size()
              + " and "
              + wanted.size(),
          clause);
    }
    if (parent.id() != table.id()) {
      change.permissions().require(parent, Privilege.REFERENCES, wanted);
    }
    int keyNumber = keyNumber(parent, wanted, clause);
    List<Integer> inOrder = new ArrayList<>();
    for (int parentColumn : parent.keyColumns(keyNumber)) {
      int column = columns.get(wanted.indexOf(parentColumn));
      requireSameType(table, column, parent, parentColumn, clause);
      inOrder.add(column);
    }
    String name = ConstraintStatements.name(table, clause, Names.base(table, columns) + "_fkey");
    TableDefinition changed =
        table.withConstraints(
            table
                .constraints()
                .withForeignKey(
                    new ForeignKeyDefinition(
                        name,
                        inOrder,
                        parent.id(),
                        keyNumber,
                        clause.onDelete(),
                        clause.onUpdate(),
                        columns)));
    Reference reference = new Reference(table.id(), keyNumber);
    if (parent.id() == table.id()) {
      return withReference(changed, reference);
    }
    change.catalog().replace(change.transaction(), withReference(parent, reference));
    return changed;
  }

  private TableDefinition parent(TableDefinition table, ConstraintClause.ForeignKey clause) {
    SqlIdentifier name = clause.parent();
    boolean isSelf =
        Names.simple(name).equals(table.name())
            && table.schema().equals(change.schemaOf(name, table.schema()));
    TableDefinition parent = isSelf ? table : change.requireTable(name);
    if (parent.kind().equals(TableDefinition.ROW_KIND)) {
      ReferencedKey.prepare(parent, change.catalog().store());
      return parent;
    }
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED,
        "table \""
            + parent.name()
            + "\" is of kind "
            + parent.kind()
            + ", which has no keys to refer to"
            + Change.at(name));
  }

  private static List<Integer> ordinals(TableDefinition table, List<SqlIdentifier> columns) {
    List<Integer> ordinals = new ArrayList<>();
    for (SqlIdentifier column : columns) {
      int ordinal = Names.ordinal(table, column);
      if (ordinals.contains(ordinal)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + column + "\" appears twice in a foreign key" + Change.at(column));
      }
      ordinals.add(ordinal);
    }
    return ordinals;
  }

  private static List<Integer> primaryKey(
      TableDefinition parent, ConstraintClause.ForeignKey clause) {
    if (!parent.hasPrimaryKey()) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "there is no primary key for referenced table \""
              + parent.name()
              + "\""
              + Change.at(clause.parent()));
    }
    return parent.primaryKey();
  }

  private static int keyNumber(
      TableDefinition parent, List<Integer> wanted, ConstraintClause.ForeignKey clause) {
    HashSet<Integer> set = new HashSet<>(wanted);
    if (parent.hasPrimaryKey() && set.equals(new HashSet<>(parent.primaryKey()))) {
      return ForeignKeyDefinition.PRIMARY_KEY;
    }
    for (IndexDefinition index : parent.indexes()) {
      boolean same = set.equals(new HashSet<>(parent.keyColumns(index.number())));
      if (index.isKey() && same) {
        return index.number();
      }
    }
    throw invalid(
        "there is no unique constraint matching given keys for referenced table \""
            + parent.name()
            + "\"",
        clause);
  }

  /** Values of both columns must have the same keys: integers of any width do. */
  private static void requireSameType(
      TableDefinition table,
      int column,
      TableDefinition parent,
      int parentColumn,
      ConstraintClause.ForeignKey clause) {
    ColumnType type = table.column(column).type();
    ColumnType parentType = parent.column(parentColumn).type();
    if (keyKind(type) != keyKind(parentType)) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "a foreign key cannot be implemented: key columns \""
              + table.column(column).name()
              + "\" and \""
              + parent.column(parentColumn).name()
              + "\" are of incompatible types: "
              + type
              + " and "
              + parentType
              + Change.at(clause.position()));
    }
  }

  private static TypeKind keyKind(ColumnType type) {
    return type.kind().isInteger() ? TypeKind.BIGINT : type.kind();
  }

  private static TableDefinition withReference(TableDefinition parent, Reference reference) {
    TableConstraints constraints = parent.constraints();
    if (constraints.references().contains(reference)) {
      return parent;
    }
    List<Reference> references = new ArrayList<>(constraints.references());
    references.add(reference);
    return parent.withConstraints(constraints.withReferences(references));
  }

  /** Lets the tables that foreign keys of {@code table} refer to forget those that are gone. */
  void forget(TableDefinition table, List<ForeignKeyDefinition> gone) {
    List<ForeignKeyDefinition> left = new ArrayList<>(table.constraints().foreignKeys());
    left.removeAll(gone);
    for (ForeignKeyDefinition key : gone) {
      boolean isUsed =
          left.stream()
              .anyMatch(
                  other ->
                      other.parentId() == key.parentId() && other.keyNumber() == key.keyNumber());
      if (!isUsed
          && key.parentId() != table.id()
          && change.catalog().findObject(change.transaction(), key.parentId())
              instanceof TableDefinition parent) {
        List<Reference> references = new ArrayList<>(parent.constraints().references());
        references.remove(new Reference(table.id(), key.keyNumber()));
        TableConstraints constraints = parent.constraints().withReferences(references);
        change.catalog().replace(change.transaction(), parent.withConstraints(constraints));
      }
    }
  }

  /** {@code table} without a foreign key. */
  TableDefinition drop(TableDefinition table, ForeignKeyDefinition key) {
    List<ForeignKeyDefinition> left = new ArrayList<>(table.constraints().foreignKeys());
    left.remove(key);
    forget(table, List.of(key));
    TableConstraints constraints = table.constraints().withForeignKeys(left);
    boolean isUsed =
        left.stream()
            .anyMatch(
                other -> other.parentId() == table.id() && other.keyNumber() == key.keyNumber());
    if (key.parentId() == table.id() && !isUsed) {
      constraints = without(constraints, new Reference(table.id(), key.keyNumber()));
    }
    return table.withConstraints(constraints);
  }

  private static TableConstraints without(TableConstraints constraints, Reference reference) {
    List<Reference> references = new ArrayList<>(constraints.references());
    references.remove(reference);
    return constraints.withReferences(references);
  }

  /** {@code parent} without the foreign keys that refer to one of its keys, which is going. */
  TableDefinition dropReferring(TableDefinition parent, int keyNumber, boolean cascade) {
    TableDefinition current = parent;
    for (Reference reference : parent.constraints().references()) {
      if (reference.keyNumber() == keyNumber) {
        current = dropReferring(current, reference, cascade);
      }
    }
    return current;
  }

  private TableDefinition dropReferring(
      TableDefinition parent, Reference reference, boolean cascade) {
    boolean isSelf = reference.tableId() == parent.id();
    TableDefinition child =
        isSelf ? parent : change.catalog().table(change.transaction(), reference.tableId()).table();
    List<ForeignKeyDefinition> left = new ArrayList<>();
    for (ForeignKeyDefinition key : child.constraints().foreignKeys()) {
      if (key.parentId() != parent.id() || key.keyNumber() != reference.keyNumber()) {
        left.add(key);
      } else if (!cascade) {
        throw new PpdbException(
            ErrorCode.DEPENDENT_OBJECTS,
            "cannot drop constraint "
                + parent.keyName(reference.keyNumber())
                + " of table "
                + parent.name()
                + " because constraint "
                + key.name()
                + " of table "
                + child.name()
                + " depends on it; use CASCADE to drop that too");
      }
    }
    TableDefinition changed = child.withConstraints(child.constraints().withForeignKeys(left));
    if (!isSelf) {
      change.catalog().replace(change.transaction(), changed);
    }
    TableDefinition rest = isSelf ? changed : parent;
    return rest.withConstraints(without(rest.constraints(), reference));
  }

  private static PpdbException invalid(String message, ConstraintClause.ForeignKey clause) {
    return new PpdbException(ErrorCode.INVALID_FOREIGN_KEY, message + Change.at(clause.position()));
  }
}
