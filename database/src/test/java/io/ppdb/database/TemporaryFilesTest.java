package io.ppdb.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a statement cannot hold in memory is kept with its database. */
class TemporaryFilesTest {
  @TempDir private Path directory;

  @Test
  void directoryOfTemporaryFilesIsThereWhileItIsNeeded() throws SQLException, IOException {
    Path temporary = directory.resolve("temporary");
    String url = "jdbc:ppdb:file:" + directory;
    DriverManager.getConnection(url).close();
    Path left = Files.writeString(Files.createDirectory(temporary).resolve("3.tmp"), "of a crash");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertThat(left).doesNotExist();
      assertThat(temporary).doesNotExist();
      statement.execute("CREATE TABLE t (n INTEGER)");
      statement.execute("INSERT INTO t SELECT * FROM generate_series(1, 30000)");
      statement.execute("SET work_mem = '64kB'");
      try (ResultSet rows = statement.executeQuery("SELECT n FROM t ORDER BY n DESC")) {
        for (int n = 30_000; n > 0; n--) {
          assertThat(rows.next()).isTrue();
          assertThat(temporary).isDirectory();
          assertThat(rows.getInt(1)).isEqualTo(n);
        }
        assertThat(rows.next()).isFalse();
      }
    }
    assertThat(temporary).doesNotExist();
  }
}
