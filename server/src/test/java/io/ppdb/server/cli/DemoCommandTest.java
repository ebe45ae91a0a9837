package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.database.Database;
import io.ppdb.server.Readme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ppdb demo --once}, with all of the sample data. */
class DemoCommandTest {
  @TempDir private Path directory = Path.of("replaced by JUnit");

  @Test
  void theDemoLoadsRunsAndIsFoundAgain() {
    CommandLineRun first = demo();
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err()).contains("loading the demo database");
    assertShowsEverything(first.out());

    CommandLineRun second = demo();
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.err()).isEmpty();
    assertShowsEverything(second.out());

    setState("loading");
    CommandLineRun third = demo();
    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(third.err()).contains("half loaded", "loading the demo database");
    assertShowsEverything(third.out());
  }

  @Test
  void aDatabaseThatIsNotTheDemoIsLeftAlone() {
    CommandLineRun.of("gremlin", "-d", directory.toString(), "-c", "g.addV('mine')");
    CommandLineRun run = demo();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("not the demo").hasLineCount(1);
    assertThat(
            CommandLineRun.of(
                    "gremlin", "-d", directory.toString(), "--format=csv", "-c", "g.V().label()")
                .out())
        .isEqualTo("result\nmine\n");
  }

  private CommandLineRun demo() {
    return CommandLineRun.of("demo", "--once", "--data", directory.toString());
  }

  private void setState(String state) {
    try (Database database = Database.open(directory)) {
      database.transact(
          transaction -> {
            transaction
                .kv()
                .put(
                    "ppdb.demo".getBytes(StandardCharsets.UTF_8),
                    state.getBytes(StandardCharsets.UTF_8));
            return state;
          });
    }
  }

  private static void assertShowsEverything(String out) {
    assertThat(out)
        .containsPattern("countries \\(SQL\\) +237\n")
        .containsPattern("airports \\(SQL\\) +3,504\n")
        .containsPattern("flights \\(SQL\\) +20,000\n")
        .containsPattern("weather \\(SQL\\) +2,922\n")
        .containsPattern("airports \\(Gremlin\\) +3,504\n")
        .containsPattern("routes \\(Gremlin\\) +50,637\n")
        .contains("ILE: no such airport; the 25 flights", "DUT: no such airport; the 3 flights")
        .contains("Plan:")
        .contains(Readme.blocks("sql").get(0).replace(";\n", "\n\n") + shownInReadme())
        .containsPattern("Boston +\\| +120 \\| +17.6\n +Denver")
        .containsPattern("Dallas +\\| +392 \\| +12.7\n");
  }

  /** README's result of the query over all models, up to where it stops. */
  private static String shownInReadme() {
    String shown = Readme.blocks("").get(1);
    assertThat(shown).contains("Boston").endsWith("\n …\n");
    return shown.substring(0, shown.indexOf(" …"));
  }
}
