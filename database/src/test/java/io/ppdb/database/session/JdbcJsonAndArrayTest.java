package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcJsonAndArrayTest {
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection(JdbcUrls.newDatabase("json_and_array"));
    statement = connection.createStatement();
    statement.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, doc JSONB, tags TEXT[], n INTEGER[])");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void jsonIsSetAndReadAsText() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t (id, doc) VALUES (?, ?)")) {
      insert.setInt(1, 1);
      insert.setString(2, "{\"b\":1, \"a\":2}");
      insert.executeUpdate();
      insert.setInt(1, 2);
      insert.setObject(2, "[1.0]", Types.OTHER);
      insert.executeUpdate();
    }
    try (ResultSet rows = statement.executeQuery("SELECT doc, doc -> 'a' FROM t ORDER BY id")) {
      assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo("jsonb");
      assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(Types.OTHER);
      assertThat(rows.getMetaData().getColumnClassName(1)).isEqualTo(String.class.getName());
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("{\"a\": 2, \"b\": 1}");
      assertThat(rows.getObject(1)).isEqualTo("{\"a\": 2, \"b\": 1}");
      assertThat(rows.getInt(2)).isEqualTo(2);
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("[1.0]");
    }
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT id FROM t WHERE doc @> ? AND doc ?? ? AND doc -> ? = ?")) {
      find.setString(1, "{\"a\": 2}");
      find.setString(2, "b");
      find.setString(3, "b");
      find.setString(4, "1");
      try (ResultSet rows = find.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(1);
      }
    }
  }

  @Test
  void arraysAreSetAndReadInEachWay() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t (id, tags, n) VALUES (?, ?, ?)")) {
      insert.setInt(1, 1);
      insert.setArray(2, connection.createArrayOf("text", new Object[] {"a", null, "b c"}));
      insert.setObject(3, new int[] {1, 2});
      insert.executeUpdate();
      insert.setInt(1, 2);
      insert.setObject(2, List.of("x"));
      insert.setString(3, "{7,NULL}");
      insert.executeUpdate();
    }
    try (ResultSet rows = statement.executeQuery("SELECT tags, n FROM t ORDER BY id")) {
      assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(Types.ARRAY);
      rows.next();
      Array tags = rows.getArray(1);
      assertThat(tags.getBaseType()).isEqualTo(Types.VARCHAR);
      assertThat((String[]) tags.getArray()).containsExactly("a", null, "b c");
      assertThat((String[]) tags.getArray(3, 1)).containsExactly("b c");
      assertThatThrownBy(() -> tags.getArray(3, 2)).isInstanceOf(SQLException.class);
      assertThat(rows.getString(1)).isEqualTo("{a,NULL,\"b c\"}");
      try (ResultSet elements = tags.getResultSet()) {
        elements.next();
        assertThat(elements.getInt(1)).isEqualTo(1);
        assertThat(elements.getString(2)).isEqualTo("a");
      }
      tags.free();
      assertThatThrownBy(tags::getArray).isInstanceOf(SQLException.class);
      assertThat((Integer[]) ((Array) rows.getObject(2)).getArray()).containsExactly(1, 2);
      assertThat(rows.getObject(2, int[].class)).containsExactly(1, 2);
      rows.next();
      assertThat(rows.getObject(2, Integer[].class)).containsExactly(7, null);
      assertThatThrownBy(() -> rows.getObject(2, int[].class)).isInstanceOf(SQLException.class);
      assertThat(rows.next()).isFalse();
    }
    try (PreparedStatement find =
        connection.prepareStatement("SELECT id FROM t WHERE id = ANY (?) ORDER BY id")) {
      find.setArray(1, connection.createArrayOf("integer", new Object[] {2, 1, 9}));
      try (ResultSet rows = find.executeQuery()) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(1);
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(2);
      }
    }
  }

  @Test
  void manyRowsAreInsertedFromTwoArrays() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO t (id, n) SELECT x, ARRAY[y] FROM unnest(?::int[], ?::int[]) AS v (x,"
                + " y)")) {
      Object[] ids = new Object[5_000];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = i;
      }
      insert.setArray(1, connection.createArrayOf("int", ids));
      insert.setArray(2, connection.createArrayOf("int", ids));
      assertThat(insert.executeUpdate()).isEqualTo(ids.length);
    }
    try (ResultSet rows = statement.executeQuery("SELECT count(*), sum(id), sum(n[1]) FROM t")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(5_000);
      assertThat(rows.getBigDecimal(2)).isEqualByComparingTo(new BigDecimal(12_497_500));
      assertThat(rows.getBigDecimal(3)).isEqualByComparingTo(new BigDecimal(12_497_500));
    }
  }

  @Test
  void metadataNamesTheTypes() throws SQLException {
    try (ResultSet columns = connection.getMetaData().getColumns(null, null, "t", "%")) {
      columns.next();
      columns.next();
      assertThat(columns.getString("TYPE_NAME")).isEqualTo("jsonb");
      columns.next();
      assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.ARRAY);
    }
  }
}
