package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tools ask a driver: the calls of DBeaver's generic driver, replayed in its order. */
class JdbcMetadataTest {
  private String url = "";
  private Connection connection;
  private DatabaseMetaData data;

  @BeforeEach
  void connect() throws SQLException {
    url = JdbcUrls.newDatabase("metadata");
    connection = DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE airports (id INTEGER PRIMARY KEY, code VARCHAR(3) NOT NULL UNIQUE,"
              + " city VARCHAR, lat DOUBLE PRECISION, fee DECIMAL(10,2) DEFAULT 1.5)");
      statement.execute("CREATE TABLE air_ports (id INTEGER PRIMARY KEY)");
      statement.execute("CREATE INDEX airports_by_city ON airports (city)");
    }
    data = connection.getMetaData();
  }

  /**
   * What the metadata of a result says for the schema of a column that comes from {@code schema}.
   */
  String schemaOfOrigin(String schema) {
    return schema;
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  /** The rows as text, the columns parted by bars; only the columns that are named. */
  private static List<String> rows(ResultSet result, String... columns) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (result) {
      assertThat(result.getStatement()).isNotNull();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (String each : columns) {
          row.add(String.valueOf(result.getObject(each)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  private static List<String> columnNames(ResultSet result) throws SQLException {
    ResultSetMetaData shape = result.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= shape.getColumnCount(); i++) {
      names.add(shape.getColumnLabel(i));
    }
    return names;
  }

  @Test
  void whatIsAskedOnConnectingHasAnAnswer() throws SQLException {
    connection.setClientInfo("ApplicationName", "DBeaver 26.1 - Main");
    assertThat(connection.isValid(5)).isTrue();
    assertThat(data.getDatabaseProductName()).isEqualTo("PPDB");
    assertThat(data.getDatabaseProductVersion()).startsWith("0.");
    assertThat(data.getDatabaseMajorVersion()).isZero();
    assertThat(data.getDriverName()).isNotEmpty();
    assertThat(data.getDriverVersion()).isNotEmpty();
    assertThat(data.getURL()).isEqualTo(url);
    assertThat(data.getUserName()).isEqualTo("ppdb");
    assertThat(data.isReadOnly()).isFalse();
    assertThat(data.getSchemaTerm()).isEqualTo("schema");
    assertThat(data.getCatalogTerm()).isNotEmpty();
    assertThat(data.getProcedureTerm()).isNotEmpty();
    assertThat(data.supportsTransactions()).isTrue();
    assertThat(data.supportsBatchUpdates()).isTrue();
    assertThat(data.supportsSavepoints()).isTrue();
    assertThat(data.supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ))
        .isTrue();
    assertThat(data.supportsTransactionIsolationLevel(Connection.TRANSACTION_NONE)).isFalse();
    assertThat(data.getIdentifierQuoteString()).isEqualTo("\"");
    assertThat(data.storesLowerCaseIdentifiers()).isTrue();
    assertThat(data.supportsMixedCaseQuotedIdentifiers()).isTrue();
    assertThat(data.getSQLKeywords()).doesNotContain(" ");
    assertThat(data.getNumericFunctions()).contains("abs");
    assertThat(data.getStringFunctions()).isNotEmpty();
    assertThat(data.getSystemFunctions()).isNotEmpty();
    assertThat(data.getTimeDateFunctions()).isNotEmpty();
    assertThat(data.getJDBCMajorVersion()).isEqualTo(4);
  }

  @Test
  void theTreeShowsCatalogueSchemasAndTables() throws SQLException {
    String catalog = connection.getCatalog();
    assertThat(rows(data.getCatalogs(), "TABLE_CAT")).containsExactly(catalog);
    assertThat(rows(data.getSchemas(catalog, "%"), "TABLE_SCHEM", "TABLE_CATALOG"))
        .containsExactly("information_schema|" + catalog, "public|" + catalog);
    assertThat(rows(data.getSchemas(), "TABLE_SCHEM")).hasSize(2);
    assertThat(rows(data.getTableTypes(), "TABLE_TYPE")).contains("TABLE", "VIEW");
    assertThat(rows(data.getTables(catalog, "public", "%", null), "TABLE_NAME", "TABLE_TYPE"))
        .containsExactly("air_ports|TABLE", "airports|TABLE");
    assertThat(rows(data.getTables(null, null, "%", new String[] {"TABLE"}), "TABLE_NAME"))
        .containsExactly("air_ports", "airports");
    assertThat(
            rows(
                data.getTables(null, "information_schema", "tables", new String[] {"SYSTEM VIEW"}),
                "TABLE_NAME"))
        .containsExactly("tables");
    assertThat(rows(data.getTables("elsewhere", null, "%", null), "TABLE_NAME")).isEmpty();
  }

  @Test
  void schemasAreThereToBeUsed() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA other");
      statement.execute("CREATE TABLE other.airports (id INT PRIMARY KEY)");
    }
    assertThat(rows(data.getSchemas(null, "o%"), "TABLE_SCHEM")).containsExactly("other");
    assertThat(rows(data.getTables(null, "%", "airports", null), "TABLE_SCHEM"))
        .containsExactly("other", "public");
    assertThat(connection.getSchema()).isEqualTo("public");
    connection.setSchema("other");
    assertThat(connection.getSchema()).isEqualTo("other");
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM airports")) {
      assertThat(result.getMetaData().getSchemaName(1)).isEqualTo(schemaOfOrigin("other"));
    }
    assertThatThrownBy(() -> connection.setSchema("none"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("3F000"));
    assertThat(connection.getSchema()).isEqualTo("other");
  }

  @Test
  void commentsAreRemarks() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("COMMENT ON TABLE airports IS 'where they land'");
      statement.execute("COMMENT ON COLUMN airports.code IS 'three letters'");
      statement.execute("CREATE MATERIALIZED VIEW codes AS SELECT code FROM airports");
    }
    assertThat(rows(data.getTables(null, "public", "airports", null), "TABLE_NAME", "REMARKS"))
        .containsExactly("airports|where they land");
    assertThat(rows(data.getColumns(null, "public", "airports", "co%"), "COLUMN_NAME", "REMARKS"))
        .containsExactly("code|three letters");
    assertThat(
            rows(
                data.getTables(null, "public", "%", new String[] {"MATERIALIZED VIEW"}),
                "TABLE_NAME"))
        .containsExactly("codes");
  }

  @Test
  void patternsAndTheirEscapesAreHonoured() throws SQLException {
    String escape = data.getSearchStringEscape();
    assertThat(rows(data.getTables(null, null, "air_ports", null), "TABLE_NAME"))
        .as("an underscore is any character")
        .containsExactly("air_ports");
    assertThat(rows(data.getTables(null, null, "air_orts", null), "TABLE_NAME"))
        .containsExactly("airports");
    assertThat(rows(data.getTables(null, null, "air" + escape + "_ports", null), "TABLE_NAME"))
        .containsExactly("air_ports");
    assertThat(rows(data.getColumns(null, "public", "airports", "c%"), "COLUMN_NAME"))
        .containsExactly("code", "city");
    assertThat(rows(data.getPrimaryKeys(null, "public", "air_ports"), "TABLE_NAME"))
        .containsExactly("air_ports");
  }

  @Test
  void columnsAreDescribedInOrder() throws SQLException {
    assertThat(
            rows(
                data.getColumns(null, "public", "airports", "%"),
                "COLUMN_NAME",
                "DATA_TYPE",
                "TYPE_NAME",
                "COLUMN_SIZE",
                "DECIMAL_DIGITS",
                "NULLABLE",
                "COLUMN_DEF",
                "ORDINAL_POSITION",
                "IS_NULLABLE"))
        .containsExactly(
            "id|" + Types.INTEGER + "|integer|10|0|0|null|1|NO",
            "code|" + Types.VARCHAR + "|varchar|3|null|0|null|2|NO",
            "city|" + Types.VARCHAR + "|varchar|2147483647|null|1|null|3|YES",
            "lat|" + Types.DOUBLE + "|double precision|15|null|1|null|4|YES",
            "fee|" + Types.NUMERIC + "|numeric|10|2|1|1.5|5|YES");
    assertThat(columnNames(data.getColumns(null, null, "%", "%")))
        .hasSize(24)
        .startsWith("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE")
        .endsWith("SOURCE_DATA_TYPE", "IS_AUTOINCREMENT", "IS_GENERATEDCOLUMN");
  }

  @Test
  void keysAndIndexesAreFoundByTableAndForAWholeSchema() throws SQLException {
    assertThat(
            rows(
                data.getPrimaryKeys(null, "public", "airports"),
                "TABLE_NAME",
                "COLUMN_NAME",
                "KEY_SEQ",
                "PK_NAME"))
        .containsExactly("airports|id|1|airports_pkey");
    assertThat(rows(data.getPrimaryKeys(null, "public", "%"), "TABLE_NAME"))
        .containsExactlyInAnyOrder("airports", "air_ports");
    List<String> indexes =
        rows(
            data.getIndexInfo(null, "public", "airports", false, true),
            "NON_UNIQUE",
            "COLUMN_NAME",
            "ORDINAL_POSITION",
            "ASC_OR_DESC");
    assertThat(indexes).contains("false|id|1|A", "false|code|1|A").endsWith("true|city|1|A");
    assertThat(rows(data.getIndexInfo(null, "public", "airports", true, true), "COLUMN_NAME"))
        .containsExactlyInAnyOrder("id", "code");
    assertThat(rows(data.getImportedKeys(null, "public", "airports"), "FK_NAME")).isEmpty();
    assertThat(rows(data.getExportedKeys(null, "public", "%"), "FK_NAME")).isEmpty();
    assertThat(
            rows(
                data.getBestRowIdentifier(
                    null, "public", "airports", DatabaseMetaData.bestRowSession, false),
                "COLUMN_NAME"))
        .containsExactly("id");
  }

  @Test
  void foreignKeysAreImportedByChildrenAndExportedByParents() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE gates (id INTEGER PRIMARY KEY, airport INTEGER, CONSTRAINT at_airport"
              + " FOREIGN KEY (airport) REFERENCES airports ON DELETE CASCADE ON UPDATE SET NULL)");
    }
    String key =
        "airports|id|gates|airport|1|%d|%d|at_airport|airports_pkey"
            .formatted(DatabaseMetaData.importedKeySetNull, DatabaseMetaData.importedKeyCascade);
    String[] columns = {
      "PKTABLE_NAME",
      "PKCOLUMN_NAME",
      "FKTABLE_NAME",
      "FKCOLUMN_NAME",
      "KEY_SEQ",
      "UPDATE_RULE",
      "DELETE_RULE",
      "FK_NAME",
      "PK_NAME"
    };
    assertThat(rows(data.getImportedKeys(null, "public", "gates"), columns)).containsExactly(key);
    assertThat(rows(data.getExportedKeys(null, "public", "airports"), columns))
        .containsExactly(key);
    assertThat(
            rows(
                data.getCrossReference(null, "public", "airports", null, "public", "gates"),
                columns))
        .containsExactly(key);
    assertThat(rows(data.getImportedKeys(null, "public", "airports"), columns)).isEmpty();
  }

  @Test
  void whatDoesNotExistIsEmptyNotAnError() throws SQLException {
    assertThat(rows(data.getProcedures(null, null, "%"))).isEmpty();
    assertThat(rows(data.getProcedureColumns(null, null, "%", "%"))).isEmpty();
    assertThat(rows(data.getFunctions(null, null, "%"))).isEmpty();
    assertThat(rows(data.getFunctionColumns(null, null, "%", "%"))).isEmpty();
    assertThat(rows(data.getUDTs(null, null, "%", null))).isEmpty();
    assertThat(rows(data.getSuperTables(null, null, "%"))).isEmpty();
    assertThat(rows(data.getSuperTypes(null, null, "%"))).isEmpty();
    assertThat(rows(data.getAttributes(null, null, "%", "%"))).isEmpty();
    assertThat(rows(data.getPseudoColumns(null, null, "%", "%"))).isEmpty();
    assertThat(rows(data.getTablePrivileges(null, null, "%"))).isEmpty();
    assertThat(rows(data.getColumnPrivileges(null, null, "airports", "%"))).isEmpty();
    assertThat(rows(data.getVersionColumns(null, null, "airports"))).isEmpty();
    assertThat(rows(data.getCrossReference(null, null, "a", null, null, "b"))).isEmpty();
    assertThat(rows(data.getClientInfoProperties(), "NAME")).contains("ApplicationName");
  }

  @Test
  void typesAreListedByTheirCode() throws SQLException {
    List<Integer> codes = new ArrayList<>();
    try (ResultSet types = data.getTypeInfo()) {
      while (types.next()) {
        codes.add(types.getInt("DATA_TYPE"));
        assertThat(types.getString("TYPE_NAME")).isNotEmpty();
      }
    }
    assertThat(codes).isSorted().contains(Types.INTEGER, Types.VARCHAR, Types.TIMESTAMP);
  }
}
