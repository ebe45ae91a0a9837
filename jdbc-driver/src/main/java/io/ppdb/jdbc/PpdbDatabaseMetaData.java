package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds, read from INFORMATION_SCHEMA through the session: the same answers over
 * every transport. What PPDB does not have gives an empty result, never an error.
 */
final class PpdbDatabaseMetaData extends Capabilities {
  private final PpdbConnection connection;

  PpdbDatabaseMetaData(PpdbConnection connection) {
    this.connection = connection;
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public String getURL() {
    return connection.url();
  }

  @Override
  public String getUserName() {
    return connection.session().userName();
  }

  @Override
  public boolean isReadOnly() {
    return connection.session().isDatabaseReadOnly();
  }

  @Override
  public String getDatabaseProductVersion() {
    return connection.session().databaseVersion();
  }

  @Override
  public int getDatabaseMajorVersion() {
    return versionPart(0);
  }

  @Override
  public int getDatabaseMinorVersion() {
    return versionPart(1);
  }

  private int versionPart(int index) {
    String[] parts = connection.session().databaseVersion().split("[.-]", -1);
    return Integer.parseInt(parts[index]);
  }

  @Override
  public boolean supportsTransactionIsolationLevel(int level) {
    return connection.session().supportsIsolation(level);
  }

  @Override
  public String getSQLKeywords() {
    return SqlVocabulary.KEYWORDS;
  }

  @Override
  public String getNumericFunctions() {
    return SqlVocabulary.NUMERIC_FUNCTIONS;
  }

  @Override
  public String getStringFunctions() {
    return SqlVocabulary.STRING_FUNCTIONS;
  }

  @Override
  public String getSystemFunctions() {
    return SqlVocabulary.SYSTEM_FUNCTIONS;
  }

  @Override
  public String getTimeDateFunctions() {
    return SqlVocabulary.TIME_FUNCTIONS;
  }

  // ---- Catalogues, schemas, tables

  @Override
  public ResultSet getCatalogs() throws SQLException {
    return show(
        MetadataShape.CATALOGS,
        Collections.singletonList(new @Nullable Object[] {connection.catalogName()}));
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(@Nullable String catalog, @Nullable String schemaPattern)
      throws SQLException {
    if (isElsewhere(catalog)) {
      return show(MetadataShape.SCHEMAS, List.of());
    }
    NamePattern filter = new NamePattern().like("schema_name", schemaPattern);
    return show(
        MetadataShape.SCHEMAS,
        query(
            "SELECT schema_name, catalog_name FROM information_schema.schemata"
                + filter.where()
                + " ORDER BY schema_name",
            filter));
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (String type : new String[] {"MATERIALIZED VIEW", "SYSTEM VIEW", "TABLE", "VIEW"}) {
      rows.add(new @Nullable Object[] {type});
    }
    return show(MetadataShape.TABLE_TYPES, rows);
  }

  @Override
  public ResultSet getTables(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      String @Nullable [] types)
      throws SQLException {
    if (isElsewhere(catalog)) {
      return show(MetadataShape.TABLES, List.of());
    }
    NamePattern filter =
        new NamePattern().like("table_schema", schemaPattern).like("table_name", tableNamePattern);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (@Nullable Object[] each :
        query(
            "SELECT table_catalog, table_schema, table_name, table_type, remarks"
                + " FROM information_schema.tables"
                + filter.where()
                + " ORDER BY table_schema, table_name",
            filter)) {
      String type = tableType(text(each[3]), text(each[1]));
      if (types == null || Arrays.asList(types).contains(type)) {
        @Nullable Object[] row = new @Nullable Object[MetadataShape.TABLES.size()];
        row[0] = each[0];
        row[1] = each[1];
        row[2] = each[2];
        row[3] = type;
        row[4] = each[4];
        rows.add(row);
      }
    }
    // The sort is stable: within a type the rows stay in the order of schema and name.
    rows.sort(Comparator.comparing(row -> text(row[3])));
    return show(MetadataShape.TABLES, rows);
  }

  private static String tableType(String standardType, String schema) {
    if (schema.equals("information_schema")) {
      return "SYSTEM VIEW";
    }
    return standardType.equals("BASE TABLE") ? "TABLE" : standardType;
  }

  @Override
  public ResultSet getColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      @Nullable String columnNamePattern)
      throws SQLException {
    if (isElsewhere(catalog)) {
      return show(MetadataShape.COLUMNS, List.of());
    }
    NamePattern filter =
        new NamePattern()
            .like("table_schema", schemaPattern)
            .like("table_name", tableNamePattern)
            .like("column_name", columnNamePattern);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (@Nullable Object[] each :
        query(ColumnRow.SELECT + filter.where() + ColumnRow.ORDER_BY, filter)) {
      rows.add(new ColumnRow(each).toMetadata());
    }
    return show(MetadataShape.COLUMNS, rows);
  }

  // ---- Keys and indexes

  @Override
  public ResultSet getPrimaryKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (!isElsewhere(catalog)) {
      for (@Nullable Object[] each : primaryKeyColumns(schema, table)) {
        each[4] = ((Number) known(each[4])).shortValue();
        rows.add(each);
      }
    }
    return show(MetadataShape.PRIMARY_KEYS, rows);
  }

  private List<@Nullable Object[]> primaryKeyColumns(
      @Nullable String schema, @Nullable String table) throws SQLException {
    NamePattern filter =
        new NamePattern()
            .and("c.constraint_type = 'PRIMARY KEY'")
            .named("k.table_schema", schema)
            .named("k.table_name", table);
    return query(
        "SELECT k.table_catalog, k.table_schema, k.table_name, k.column_name,"
            + " k.ordinal_position, k.constraint_name"
            + " FROM information_schema.key_column_usage k"
            + " JOIN information_schema.table_constraints c"
            + " ON c.constraint_schema = k.constraint_schema"
            + " AND c.table_name = k.table_name"
            + " AND c.constraint_name = k.constraint_name"
            + filter.where()
            + " ORDER BY k.column_name, k.table_schema, k.table_name",
        filter);
  }

  @Override
  public ResultSet getBestRowIdentifier(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      int scope,
      boolean nullable)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (!isElsewhere(catalog)) {
      for (@Nullable Object[] key : primaryKeyColumns(schema, table)) {
        NamePattern filter =
            new NamePattern()
                .named("table_schema", text(key[1]))
                .named("table_name", text(key[2]))
                .named("column_name", text(key[3]));
        for (@Nullable Object[] each : query(ColumnRow.SELECT + filter.where(), filter)) {
          rows.add(new ColumnRow(each).toRowIdentifier());
        }
      }
    }
    return show(MetadataShape.BEST_ROW_IDENTIFIER, rows);
  }

  @Override
  public ResultSet getIndexInfo(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      boolean unique,
      boolean approximate)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (!isElsewhere(catalog)) {
      NamePattern filter =
          new NamePattern().named("table_schema", schema).named("table_name", table);
      for (@Nullable Object[] each :
          query(
              "SELECT table_schema, table_name, is_unique, index_name, ordinal_position,"
                  + " column_name, sort_direction, filter_condition"
                  + " FROM (SELECT * FROM information_schema.indexes"
                  + " WHERE is_included = 'NO') AS keys"
                  + filter.where()
                  + " ORDER BY is_unique DESC, index_name, ordinal_position",
              filter)) {
        boolean isUnique = text(each[2]).equals("YES");
        if (!unique || isUnique) {
          rows.add(
              new @Nullable Object[] {
                connection.catalogName(),
                each[0],
                each[1],
                !isUnique,
                each[0],
                each[3],
                tableIndexOther,
                ((Number) known(each[4])).shortValue(),
                each[5],
                text(each[6]).equals("DESC") ? "D" : "A",
                0L,
                0L,
                each[7]
              });
        }
      }
    }
    return show(MetadataShape.INDEX_INFO, rows);
  }

  @Override
  public ResultSet getImportedKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    NamePattern filter =
        new NamePattern().named("f.table_schema", schema).named("f.table_name", table);
    return foreignKeys(catalog, filter, 0, 1, 2, 8);
  }

  @Override
  public ResultSet getExportedKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    NamePattern filter =
        new NamePattern().named("p.table_schema", schema).named("p.table_name", table);
    return foreignKeys(catalog, filter, 4, 5, 6, 8);
  }

  @Override
  public ResultSet getCrossReference(
      @Nullable String parentCatalog,
      @Nullable String parentSchema,
      @Nullable String parentTable,
      @Nullable String foreignCatalog,
      @Nullable String foreignSchema,
      @Nullable String foreignTable)
      throws SQLException {
    NamePattern filter =
        new NamePattern()
            .named("p.table_schema", parentSchema)
            .named("p.table_name", parentTable)
            .named("f.table_schema", foreignSchema)
            .named("f.table_name", foreignTable);
    return foreignKeys(
        isElsewhere(parentCatalog) ? parentCatalog : foreignCatalog, filter, 4, 5, 6, 8);
  }

  /** Foreign keys that match, sorted by the columns at {@code order}. */
  private ResultSet foreignKeys(@Nullable String catalog, NamePattern filter, int... order)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (!isElsewhere(catalog)) {
      for (@Nullable Object[] row : query(ForeignKeyRow.SELECT + filter.where(), filter)) {
        rows.add(ForeignKeyRow.toMetadata(row));
      }
      rows.sort((left, right) -> compare(left, right, order));
    }
    return show(MetadataShape.FOREIGN_KEYS, rows);
  }

  private static int compare(@Nullable Object[] left, @Nullable Object[] right, int... columns) {
    for (int column : columns) {
      int order =
          left[column] instanceof Short
              ? Short.compare((Short) known(left[column]), (Short) known(right[column]))
              : text(left[column]).compareTo(text(right[column]));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  // ---- Types

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    return show(MetadataShape.TYPE_INFO, TypeRows.all());
  }

  @Override
  public ResultSet getClientInfoProperties() throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new @Nullable Object[] {"ApplicationName", 255, "", "what the program calls itself"});
    rows.add(new @Nullable Object[] {"ClientHostname", 255, "", "the machine it runs on"});
    rows.add(new @Nullable Object[] {"ClientUser", 255, "", "the user it works for"});
    return show(MetadataShape.CLIENT_INFO, rows);
  }

  // ---- What PPDB does not have

  @Override
  public ResultSet getProcedures(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern)
      throws SQLException {
    return show(MetadataShape.PROCEDURES, List.of());
  }

  @Override
  public ResultSet getProcedureColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String namePattern,
      @Nullable String columnNamePattern)
      throws SQLException {
    return show(MetadataShape.PROCEDURE_COLUMNS, List.of());
  }

  @Override
  public ResultSet getFunctions(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern)
      throws SQLException {
    return show(MetadataShape.FUNCTIONS, List.of());
  }

  @Override
  public ResultSet getFunctionColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String namePattern,
      @Nullable String columnNamePattern)
      throws SQLException {
    return show(MetadataShape.FUNCTION_COLUMNS, List.of());
  }

  @Override
  public ResultSet getColumnPrivileges(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String columnNamePattern)
      throws SQLException {
    return show(MetadataShape.COLUMN_PRIVILEGES, List.of());
  }

  @Override
  public ResultSet getTablePrivileges(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tableNamePattern)
      throws SQLException {
    return show(MetadataShape.TABLE_PRIVILEGES, List.of());
  }

  @Override
  public ResultSet getVersionColumns(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return show(MetadataShape.VERSION_COLUMNS, List.of());
  }

  @Override
  public ResultSet getUDTs(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String typeNamePattern,
      int @Nullable [] types)
      throws SQLException {
    return show(MetadataShape.USER_TYPES, List.of());
  }

  @Override
  public ResultSet getSuperTypes(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String typeNamePattern)
      throws SQLException {
    return show(MetadataShape.SUPER_TYPES, List.of());
  }

  @Override
  public ResultSet getSuperTables(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tableNamePattern)
      throws SQLException {
    return show(MetadataShape.SUPER_TABLES, List.of());
  }

  @Override
  public ResultSet getAttributes(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String typeNamePattern,
      @Nullable String attributeNamePattern)
      throws SQLException {
    return show(MetadataShape.ATTRIBUTES, List.of());
  }

  @Override
  public ResultSet getPseudoColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      @Nullable String columnNamePattern)
      throws SQLException {
    return show(MetadataShape.PSEUDO_COLUMNS, List.of());
  }

  // ---- Reading and showing

  /** Whether {@code catalog} names another database than this one; the empty string does too. */
  private boolean isElsewhere(@Nullable String catalog) {
    return catalog != null && !catalog.equals("%") && !catalog.equals(connection.catalogName());
  }

  private List<@Nullable Object[]> query(String sql, NamePattern filter) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    connection.lock.lock();
    try (SqlStatement statement = connection.prepare(sql, List.of());
        SqlResult result = statement.execute(filter.parameters(), ExecuteOptions.DEFAULT)) {
      int width = result.columns().size();
      for (RowBatch batch = result.fetch(0); batch != null; batch = result.fetch(0)) {
        for (int row = 0; row < batch.rowCount(); row++) {
          @Nullable Object[] values = new @Nullable Object[width];
          for (int column = 0; column < width; column++) {
            values[column] = batch.getObject(column, row);
          }
          rows.add(values);
        }
      }
    } finally {
      connection.lock.unlock();
    }
    return rows;
  }

  private ResultSet show(List<ColumnInfo> columns, List<@Nullable Object[]> rows)
      throws SQLException {
    PpdbStatement statement = connection.newStatement();
    statement.closeOnCompletion();
    return statement.show(new LocalResult(columns, rows));
  }

  static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  static Object known(@Nullable Object value) {
    return java.util.Objects.requireNonNull(value, "INFORMATION_SCHEMA gave NULL");
  }
}
