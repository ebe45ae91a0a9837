package io.ppdb.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ppdb.server.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts of {@code psql}, each against a server of its own, whose whole output is compared with
 * the file beside it. With {@code ppdb.rewrite} that file is written.
 *
 * <p>Without the program {@code psql} nothing is tested; where {@code CI} is set, that is an error.
 */
@Timeout(120)
class PsqlTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/psql");

  @TempDir Path directory;

  static List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sql"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scriptsSayWhatIsExpected(String script) throws Exception {
    if (System.getenv("CI") == null) {
      assumeThat(isInstalled()).as("psql is installed").isTrue();
    }
    String output;
    try (TestServer server = TestServer.start()) {
      output = run(server.port("postgres"), SCRIPTS.resolve(script));
    }
    Path expected = SCRIPTS.resolve(script.replace(".sql", ".out"));
    if (Boolean.getBoolean("ppdb.rewrite")) {
      Files.writeString(expected, output);
    }
    assertThat(output).isEqualTo(Files.readString(expected));
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("psql", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String run(int port, Path script) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
            new ArrayList<>(
                List.of(
                    "psql",
                    "--no-psqlrc",
                    "--no-password",
                    "--echo-all",
                    "--host=127.0.0.1",
                    "--port=" + port,
                    "--username=ppdb",
                    "--dbname=ppdb")));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("PGTZ", "UTC");
    builder.environment().put("PGCLIENTENCODING", "UTF8");
    Process psql =
        builder
            .redirectInput(script.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!psql.waitFor(60, TimeUnit.SECONDS)) {
      psql.destroyForcibly();
      throw new AssertionError("psql hangs: " + Files.readString(output));
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
