package io.ppdb.jdbc;

import java.sql.DatabaseMetaData;
import org.jspecify.annotations.Nullable;

/** Foreign keys by column: INFORMATION_SCHEMA's view of them and JDBC's. */
final class ForeignKeyRow {
  /** The referenced column (p) and the referencing one (f), in the order of JDBC's columns. */
  static final String SELECT =
      "SELECT p.table_catalog, p.table_schema, p.table_name, p.column_name,"
          + " f.table_catalog, f.table_schema, f.table_name, f.column_name, f.ordinal_position,"
          + " r.update_rule, r.delete_rule, r.constraint_name, r.unique_constraint_name"
          + " FROM information_schema.referential_constraints r"
          + " JOIN information_schema.key_column_usage f"
          + " ON f.constraint_schema = r.constraint_schema"
          + " AND f.constraint_name = r.constraint_name"
          + " JOIN information_schema.key_column_usage p"
          + " ON p.constraint_schema = r.unique_constraint_schema"
          + " AND p.constraint_name = r.unique_constraint_name"
          + " AND p.ordinal_position = f.position_in_unique_constraint";

  private ForeignKeyRow() {}

  /** A row of {@link DatabaseMetaData#getImportedKeys} from one of {@link #SELECT}. */
  static @Nullable Object[] toMetadata(@Nullable Object[] row) {
    @Nullable Object[] result = new @Nullable Object[MetadataShape.FOREIGN_KEYS.size()];
    System.arraycopy(row, 0, result, 0, 13);
    result[8] = ((Number) PpdbDatabaseMetaData.known(row[8])).shortValue();
    result[9] = rule(PpdbDatabaseMetaData.text(row[9]));
    result[10] = rule(PpdbDatabaseMetaData.text(row[10]));
    result[13] = (short) DatabaseMetaData.importedKeyNotDeferrable;
    return result;
  }

  private static short rule(String name) {
    switch (name) {
      case "CASCADE":
        return DatabaseMetaData.importedKeyCascade;
      case "SET NULL":
        return DatabaseMetaData.importedKeySetNull;
      case "SET DEFAULT":
        return DatabaseMetaData.importedKeySetDefault;
      case "RESTRICT":
        return DatabaseMetaData.importedKeyRestrict;
      default:
        return DatabaseMetaData.importedKeyNoAction;
    }
  }
}
