package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@link JdbcContractTest} over the network. */
class RemoteJdbcContractTest extends JdbcContractTest {
  /** The protocol does not tell of either: this is what a program sees then. */
  @Override
  @Test
  void resultMetadataTellsNullabilityAndOrigin() throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("SELECT x.id AS key, 1.25::numeric(9, 4) FROM t AS x")) {
      ResultSetMetaData data = rows.getMetaData();
      assertThat(data.getColumnLabel(1)).isEqualTo("key");
      assertThat(data.getColumnName(1)).isEqualTo("key");
      assertThat(data.getTableName(1)).isEmpty();
      assertThat(data.isNullable(1)).isEqualTo(ResultSetMetaData.columnNullableUnknown);
      assertThat(data.getPrecision(2)).isEqualTo(9);
      assertThat(data.getScale(2)).isEqualTo(4);
    }
  }
}
