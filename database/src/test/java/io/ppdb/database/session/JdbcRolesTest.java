package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Connections that stand for a role. */
class JdbcRolesTest {
  private static final String URL = "jdbc:ppdb:mem:roles";

  private static String currentUser(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT current_user")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void userIsTheRoleWhoseRightsAConnectionHas() throws SQLException {
    try (Connection owner = DriverManager.getConnection(URL);
        Statement statement = owner.createStatement()) {
      statement.execute("CREATE ROLE reader LOGIN");
      statement.execute("CREATE TABLE seen (v INT)");
      statement.execute("CREATE TABLE hidden (v INT)");
      statement.execute("GRANT SELECT ON seen TO reader");
      try (Connection connection = DriverManager.getConnection(URL, "reader", "any");
          Statement reading = connection.createStatement()) {
        assertThat(currentUser(connection)).isEqualTo("reader");
        assertThat(reading.executeQuery("SELECT v FROM seen").next()).isFalse();
        assertThatThrownBy(() -> reading.executeQuery("SELECT v FROM hidden"))
            .isInstanceOf(SQLException.class)
            .hasFieldOrPropertyWithValue("SQLState", "42501");
        assertThatThrownBy(() -> reading.executeUpdate("INSERT INTO seen VALUES (1)"))
            .hasFieldOrPropertyWithValue("SQLState", "42501");
      }
    }
  }

  @Test
  void noUserMayDoEverythingAndAnUnknownOneNothing() throws SQLException {
    try (Connection connection = DriverManager.getConnection(URL, "", "")) {
      assertThat(currentUser(connection)).isEqualTo("ppdb");
    }
    assertThatThrownBy(() -> DriverManager.getConnection(URL, "nobody", ""))
        .isInstanceOf(SQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", "28000")
        .hasMessageContaining("nobody");
  }
}
