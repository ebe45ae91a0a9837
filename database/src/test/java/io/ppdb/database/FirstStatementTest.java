package io.ppdb.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first statement of a process, after it has opened a database, takes at most a second: of
 * processor time, which other work on the machine hardly changes, and the best of a few starts.
 */
@Timeout(120)
class FirstStatementTest {
  private static final int STARTS = 3;
  private static final String QUERY =
      "SELECT c.name, count(*) FROM city AS c JOIN person AS p ON p.city = c.id"
          + " WHERE c.pop > 50 GROUP BY c.name ORDER BY 2 DESC, 1 LIMIT 5";

  @TempDir Path directory;

  /** Prints the milliseconds of processor time that the first statement took its thread. */
  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:ppdb:file:" + arguments[0]);
        Statement statement = connection.createStatement()) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      try (ResultSet rows = statement.executeQuery(QUERY)) {
        if (!rows.next()) {
          throw new IllegalStateException("no rows");
        }
      }
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
      System.out.println("millis " + TimeUnit.NANOSECONDS.toMillis(nanos));
    }
  }

  @Test
  void theFirstStatementAfterAnOpenTakesAtMostASecond() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:ppdb:file:" + directory);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, pop BIGINT)");
      statement.execute(
          "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, city INTEGER REFERENCES city)");
      statement.execute(
          "INSERT INTO city SELECT g, 'c' || g, g * 10 FROM generate_series(1, 100) AS g");
      statement.execute(
          "INSERT INTO person SELECT g, 'p' || g, 1 + g % 100 FROM generate_series(1, 1000) AS g");
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < STARTS && best > 1000; i++) {
      best = Math.min(best, millisOfAProcess());
    }
    assertThat(best).as("milliseconds of processor time").isPositive().isLessThanOrEqualTo(1000);
  }

  private long millisOfAProcess() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FirstStatementTest.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    System.out.println("first statement: " + output);
    return Long.parseLong(output.substring(output.lastIndexOf(' ') + 1));
  }
}
