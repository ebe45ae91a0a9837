package io.ppdb.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ppdb bench}: measures PPDB side by side with its peers.
 *
 * <p>The suites are a program of their own, which the launcher builds on first use; it runs in a
 * child JVM, so that nothing of the peers is ever on PPDB's class path.
 */
@Command(
    name = "bench",
    description = "Measures PPDB side by side with its peers; rows of CSV, all sides compared.",
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class BenchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SUITE", description = "kv, memory, tpch or distributed")
  private String suite = "";

  @Option(names = "--quick", description = "small fixed sizes, a minute at most")
  private boolean quick;

  @Option(names = "--sf", paramLabel = "N", description = "scale factor of suites that have one")
  private @Nullable String scaleFactor;

  @Option(names = "--remote", description = "PPDB over a connection instead of in process")
  private boolean remote;

  @Option(names = "--peers", paramLabel = "A,B", description = "the peers to measure")
  private @Nullable String peers;

  @Option(names = "--out", paramLabel = "FILE", description = "a file that gets the rows too")
  private @Nullable String out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String home = System.getProperty("ppdb.home");
    Path jar = home == null ? null : Path.of(home, "benchmarks", "target", "benchmarks.jar");
    if (jar == null || !Files.exists(jar)) {
      throw new CommandFailure(
          "the benchmarks are not built; './ppdb bench' in a source directory builds them");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(jar.toString());
    command.add(suite);
    addFlag(command, "--quick", quick);
    addFlag(command, "--remote", remote);
    addValue(command, "--sf", scaleFactor);
    addValue(command, "--peers", peers);
    addValue(command, "--out", out);
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      return process.waitFor();
    } finally {
      process.destroy();
    }
  }

  private static void addFlag(List<String> command, String name, boolean isSet) {
    if (isSet) {
      command.add(name);
    }
  }

  private static void addValue(List<String> command, String name, @Nullable String value) {
    if (value != null) {
      command.add(name);
      command.add(value);
    }
  }
}
