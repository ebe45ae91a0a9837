package io.ppdb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./ppdb} in a checkout that has been built, with a stand-in for the JDK that tells how it
 * was called and cannot build.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a POSIX script; Windows has ppdb.cmd")
class LauncherTest {
  private static final String JAVA = "#!/bin/sh\npwd\nprintf '%s\\n' \"$@\"\n";

  @TempDir private Path directory = Path.of("replaced by JUnit");
  private Path launcher = directory;
  private Path jar = directory;

  private record Run(int exitCode, List<String> out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    directory = directory.toRealPath();
    Path checkout = Files.createDirectories(directory.resolve("check out"));
    launcher = Files.copy(Path.of("..", "ppdb"), checkout.resolve("ppdb"));
    makeExecutable(launcher);
    jar = checkout.resolve("server/target/ppdb.jar");
    Files.createDirectories(jar.getParent());
    Files.createFile(jar);
    Path java = directory.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, JAVA);
    makeExecutable(java);
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
  }

  private static void makeExecutable(Path file) {
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Run run(Path program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out.lines().toList(), Files.readString(err));
  }

  @Test
  void argumentsAndDirectoryOfTheCallerReachTheProgramAsTheyAre() throws Exception {
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, Path.of("check out", "ppdb"));
    String[] arguments = {"sql", "-d", "a b", "-c", "SELECT '*', \"$HOME\"; -- it's", ""};
    for (Path program : List.of(launcher, link)) {
      Run run = run(program, arguments);
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).startsWith(directory.toString()).endsWith(arguments);
      assertThat(run.out())
          .containsSequence("-jar", jar.toString(), "sql")
          .contains("-Dppdb.home=" + launcher.getParent());
    }
  }

  @Test
  void benchmarksAreBuiltToRunThemNotForTheirHelp() throws Exception {
    for (String help : List.of("--help", "-h")) {
      assertThat(run(launcher, "bench", help).out()).endsWith("bench", help);
      assertThat(run(launcher, "bench", "kv", help).out()).endsWith("bench", "kv", help);
    }
    assertTriesToBuild(run(launcher, "bench", "kv"));
  }

  @Test
  void theEngineForClustersIsBuiltOnceItIsNeeded() throws Exception {
    Path marker = jar.resolveSibling("ppdb.distributed");
    for (String[] command :
        new String[][] {
          {"cluster", "demo"},
          {"demo", "--store", "hbase://zk/a"},
          {"sql", "--store=hbase://zk/a"},
          {"sql", "--url", "jdbc:ppdb:hbase://zk/a"}
        }) {
      Files.deleteIfExists(marker);
      assertTriesToBuild(run(launcher, command));
      Files.createFile(marker);
      assertThat(run(launcher, command).out()).endsWith(command);
    }
    assertThat(run(launcher, "cluster", "--help").out()).endsWith("cluster", "--help");
    // A build without it has come after.
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    assertTriesToBuild(run(launcher, "cluster", "demo"));
  }

  @Test
  void aNewerSourceIsBuiltFirst() throws Exception {
    Path source = Files.createDirectories(directory.resolve("check out/lsm/src/main/java"));
    Path file = Files.writeString(source.resolve("Changed.java"), "class Changed {}");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    assertTriesToBuild(run(launcher, "--version"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(120)));
    assertThat(run(launcher, "--version").out()).endsWith("--version");
  }

  private static void assertTriesToBuild(Run run) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("building", "needs a JDK", "is a runtime only");
  }
}
