package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.Collection;
import org.apache.calcite.sql.SqlIdentifier;

/** Names of objects as statements write them, and names that are made up for constraints. */
final class Names {
  private Names() {}

  static boolean isQualified(SqlIdentifier name) {
    return name.names.size() > 1;
  }

  /** The schema of a qualified name. */
  static String schema(SqlIdentifier name) {
    return name.names.get(name.names.size() - 2);
  }

  static String simple(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  static PpdbException wrongKind(SqlIdentifier name, String wanted) {
    String article = wanted.startsWith("i") ? "an " : "a ";
    return new PpdbException(
        ErrorCode.WRONG_OBJECT_TYPE,
        "\"" + simple(name) + "\" is not " + article + wanted + Change.at(name));
  }

  /** The name of {@code object} as a statement has it. */
  static String quoted(CatalogObject object) {
    return quoted(object.schema()) + "." + quoted(object.name());
  }

  static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** The ordinal of a column of {@code table}, which must have it. */
  static int ordinal(TableDefinition table, SqlIdentifier column) {
    int ordinal = table.columnIndex(column.getSimple());
    if (ordinal < 0) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + column.getSimple() + "\" does not exist" + Change.at(column));
    }
    return ordinal;
  }

  /** {@code base}, or with the first number behind it that makes it a new name. */
  static String free(Collection<String> taken, String base) {
    String name = base;
    for (int i = 1; taken.contains(name); i++) {
      name = base + i;
    }
    return name;
  }

  /** {@code table_column_column}, of which names of constraints and indexes are made. */
  static String base(TableDefinition table, Iterable<Integer> ordinals) {
    StringBuilder name = new StringBuilder(table.name());
    for (int ordinal : ordinals) {
      name.append('_').append(table.column(ordinal).name());
    }
    return name.toString();
  }
}
