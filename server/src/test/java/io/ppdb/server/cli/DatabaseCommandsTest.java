package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ppdb sql} and {@code ppdb gremlin} on real databases. */
class DatabaseCommandsTest {
  @TempDir private Path directory = Path.of("replaced by JUnit");

  @Test
  void statementsWriteTheirResultsAndNothingElse() {
    CommandLineRun run =
        sql(
            "csv",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR, seen TIMESTAMP, ok BOOLEAN);"
                + "INSERT INTO t VALUES (1, 'a;b', TIMESTAMP '2001-02-01 00:00:00', true),"
                + " (2, NULL, NULL, false), (3, '', NULL, NULL);"
                + "SELECT * FROM t ORDER BY id; SELECT count(*) AS n FROM t");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            id,name,seen,ok
            1,a;b,2001-02-01 00:00:00,true
            2,,,false
            3,"",,

            n
            3
            """);
  }

  @Test
  void aDatabaseKeepsWhatWasCommitted() {
    assertThat(
            sql("csv", "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (7)").err())
        .isEmpty();
    assertThat(sql("json", "SELECT id FROM t").out()).isEqualTo("[\n {\"id\":7}\n]\n");
    assertThat(sql("table", "SELECT id FROM t").out()).isEqualTo(" id\n----\n  7\n(1 row)\n");
  }

  @Test
  void statementsComeFromStdinAndFilesToo() throws IOException {
    Path script = directory.resolveSibling(directory.getFileName() + ".sql");
    Files.writeString(script, "-- a file\nSELECT 'é' AS x;\n");
    CommandLineRun fromFile =
        CommandLineRun.of("sql", "-d", path(), "--format", "csv", "-f", script.toString());
    assertThat(fromFile.out()).isEqualTo("x\né\n");
    Files.delete(script);
    CommandLineRun fromStdin =
        CommandLineRun.withInput(
            "SELECT 1 AS x;\nSELECT 2 AS y", "sql", "-d", path(), "--format=csv");
    assertThat(fromStdin.out()).isEqualTo("x\n1\n\ny\n2\n");
    CommandLineRun byUrl =
        CommandLineRun.of(
            "sql", "--url", "jdbc:ppdb:file:" + path(), "--format=csv", "-c", "SELECT 1 AS x");
    assertThat(byUrl.out()).isEqualTo("x\n1\n");
  }

  @Test
  void theFirstErrorEndsTheRunInOneLine() {
    CommandLineRun run =
        sql(
            "csv",
            "SELECT 1 AS x;\nSELECT nope FROM nowhere;\nCREATE TABLE t (id INTEGER PRIMARY KEY)");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("x\n1\n");
    assertThat(run.err())
        .startsWith("ppdb: ERROR 42P01: ")
        .contains("nowhere", "line 2")
        .hasLineCount(1)
        .doesNotContain("Exception", "\tat ");
    assertThat(sql("csv", "SELECT count(*) AS n FROM t").err()).startsWith("ppdb: ERROR 42P01: ");
  }

  @Test
  void aSyntaxErrorHasItsPosition() {
    CommandLineRun run = sql("csv", "SELECT 1 FROM WHERE");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("ppdb: ERROR 42601: ").contains("line 1").hasLineCount(1);
  }

  @Test
  void aPositionIsThatOfTheScript() {
    assertThat(sql("csv", "SELECT 1 AS x; SELECT nope").err()).contains("line 1, column 23)");
    assertThat(sql("csv", "SELECT 1 AS x;\n\n  SELECT 1,\n nope").err())
        .contains("line 4, column 2)");
    assertThat(sql("csv", "SELECT 1 AS x;\n SELECT 1 / 0").err())
        .contains("in the statement that begins at line 2");
    assertThat(gremlin("csv", "g.V();\ng.V();  g.V(.count()").err()).contains("line 2, column 13:");
  }

  @Test
  void aScriptThatIsADirectoryIsSaidSo() {
    CommandLineRun run = CommandLineRun.of("sql", "-d", path(), "-f", path());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(path(), "is a directory").hasLineCount(1);
  }

  @Test
  void aScriptThatIsNotUtf8IsRefusedNotDamaged() throws IOException {
    Path script = directory.resolveSibling(directory.getFileName() + ".latin1.sql");
    Files.write(script, "SELECT 'Z\u00fcrich'".getBytes(StandardCharsets.ISO_8859_1));
    CommandLineRun run = CommandLineRun.of("sql", "-d", path(), "-f", script.toString());
    Files.delete(script);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("ppdb: the script is not UTF-8\n");
  }

  @Test
  void labelsThatOccurTwiceStayApartInJson() {
    assertThat(sql("json", "SELECT 1 AS id, 2 AS id, 3 AS id_2").out())
        .isEqualTo("[\n {\"id\":1,\"id_2\":2,\"id_2_2\":3}\n]\n");
  }

  @Test
  void aStatementThatIsNestedTooDeeplyIsSaidSoInOneLine() {
    int depth = 20_000;
    for (CommandLineRun run :
        new CommandLineRun[] {
          sql("csv", "SELECT " + "abs(".repeat(depth) + "1" + ")".repeat(depth)),
          gremlin("csv", "g.V()" + ".out()".repeat(depth))
        }) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("nested too deeply").hasLineCount(1);
    }
  }

  @Test
  void resultsThatCannotBeWrittenAreAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    Streams streams =
        new Streams(InputStream.nullInputStream(), Streams.print(full), Streams.print(err));
    assertThat(new Program(streams).run("sql", "-d", path(), "-c", "SELECT 1")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot write").hasLineCount(1);
  }

  @Test
  void aTransactionIsWholeOrNotAtAll() {
    sql("csv", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
    sql(
        "csv",
        "BEGIN; INSERT INTO t VALUES (1); ROLLBACK; BEGIN; INSERT INTO t VALUES (2); COMMIT");
    assertThat(sql("csv", "SELECT id FROM t").out()).isEqualTo("id\n2\n");
    CommandLineRun open = sql("csv", "BEGIN; INSERT INTO t VALUES (3)");
    assertThat(open.exitCode()).isZero();
    assertThat(open.err()).contains("rolled back").hasLineCount(1);
    assertThat(sql("csv", "SELECT id FROM t").out()).isEqualTo("id\n2\n");
  }

  @Test
  void traversalsRunOnTheGraph() {
    CommandLineRun write =
        gremlin("csv", "g.addV('airport').property('code','SEA').values('code'); g.V().count()");
    assertThat(write.err()).isEmpty();
    assertThat(write.out()).isEqualTo("result\nSEA\n\nresult\n1\n");
    assertThat(gremlin("json", "g.V().project('c','n').by('code').by(label())").out())
        .isEqualTo("[\n {\"c\":\"SEA\",\"n\":\"airport\"}\n]\n");
    CommandLineRun wrong = gremlin("csv", "g.V(.count()");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err())
        .startsWith("ppdb: ERROR 42601: ")
        .contains("line 1, column")
        .hasLineCount(1);
  }

  @Test
  void aDirectoryThatIsNoDatabaseIsSaidSo() throws IOException {
    Path missing = directory.resolve("missing");
    assertRefused(missing, "does not exist");
    assertThat(missing).doesNotExist();

    Path file = Files.writeString(directory.resolve("file"), "x");
    assertRefused(file, "is not a directory");

    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "Dear");
    assertRefused(other, "other");
    assertThat(other).isDirectoryContaining("glob:**letter.txt");
    try (var files = Files.list(other)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aDamagedDatabaseIsSaidSo() throws IOException {
    sql("csv", "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
    try (var files = Files.list(directory)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(each);
        java.util.Arrays.fill(bytes, 0, Math.min(bytes.length, 64), (byte) 0x5A);
        Files.write(each, bytes);
      }
    }
    CommandLineRun run = sql("csv", "SELECT * FROM t");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("ppdb: ERROR XX001: ").hasLineCount(1);
  }

  private static void assertRefused(Path place, String reason) {
    for (String command : new String[] {"sql", "gremlin"}) {
      CommandLineRun run = CommandLineRun.of(command, "-d", place.toString(), "-c", "x");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("ppdb: ").contains(reason).hasLineCount(1);
    }
  }

  private CommandLineRun sql(String format, String text) {
    return CommandLineRun.of("sql", "-d", path(), "--format", format, "-c", text);
  }

  private CommandLineRun gremlin(String format, String text) {
    return CommandLineRun.of("gremlin", "-d", path(), "--format", format, "-c", text);
  }

  private String path() {
    return directory.toString();
  }
}
