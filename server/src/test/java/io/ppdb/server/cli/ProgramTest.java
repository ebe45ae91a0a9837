package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  @Test
  void versionAndHelpGoToStdout() {
    CommandLineRun version = CommandLineRun.of("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).startsWith("ppdb ").contains("Java ").hasLineCount(1);
    assertThat(version.err()).isEmpty();

    CommandLineRun help = CommandLineRun.of("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: ppdb", "sql", "bench");
    assertThat(help.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "sql", "gremlin", "bench"})
  void everyCommandHasHelp(String command) {
    CommandLineRun help = CommandLineRun.of(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: ppdb " + command);
    assertThat(help.err()).isEmpty();
  }

  @Test
  void wrongUsageExitsWith2AndSaysWhat() {
    assertUsage("no command given");
    assertUsage("'frobnicate'", "frobnicate");
    assertUsage("-d=DIR", "sql", "-c", "SELECT 1");
    assertUsage("--format", "sql", "-d", "x", "--format", "xml");
    assertUsage("mutually exclusive", "sql", "-d", "x", "-c", "SELECT 1", "-f", "y");
    assertUsage("SUITE", "bench");
  }

  @Test
  void benchmarksThatAreNotBuiltAreSaidSo() {
    CommandLineRun run = CommandLineRun.of("bench", "kv", "--quick");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("ppdb: the benchmarks are not built").hasLineCount(1);
  }

  private static void assertUsage(String part, String... args) {
    CommandLineRun run = CommandLineRun.of(args);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("ppdb: ").contains(part, "--help");
  }
}
