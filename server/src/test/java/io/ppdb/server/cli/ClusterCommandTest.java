package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Stores on a cluster, as far as commands go without one: each answer is one line that says what is
 * missing. With one: {@code kv-hbase}, and {@code ppdb cluster demo}.
 */
class ClusterCommandTest {
  private static final String NOWHERE = "hbase://localhost:1/store";

  private static void assertFails(CommandLineRun run, String... words) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("ppdb: ").contains(words).hasLineCount(1);
  }

  /** A build with the engine looks for the cluster, one without says how to get it. */
  private static String[] noCluster() {
    boolean hasEngine =
        KeyValueEngine.all(ClusterCommandTest.class.getClassLoader())
            .anyMatch(engine -> engine.name().equals("hbase"));
    return hasEngine
        ? new String[] {"ERROR 57P03", "cannot reach ZooKeeper at localhost:1"}
        : new String[] {"ERROR 0A000", NOWHERE, "mvn -Pdistributed package"};
  }

  @Test
  void everyCommandThatOpensADatabaseTakesAStore() {
    for (List<String> command :
        List.of(
            List.of("sql", "--store", NOWHERE, "-c", "SELECT 1"),
            List.of("sql", "--url", "jdbc:ppdb:" + NOWHERE, "-c", "SELECT 1"),
            List.of("sql", "-d", NOWHERE, "-c", "SELECT 1"),
            List.of("gremlin", "--store", NOWHERE, "-c", "g.V()"),
            List.of("demo", "--once", "--store", NOWHERE),
            List.of("cluster", "init", "--store", NOWHERE))) {
      assertFails(CommandLineRun.of(command.toArray(String[]::new)), noCluster());
    }
  }

  @Test
  void whatNamesNoStoreIsRefused() {
    assertFails(
        CommandLineRun.of("sql", "--store", "tikv://pd/store", "-c", "SELECT 1"),
        "ERROR 22023",
        "no storage engine is called 'tikv'",
        "lsm, memory");
    assertFails(CommandLineRun.of("cluster", "init", "--store", "data"), "'data' names no store");
    CommandLineRun both =
        CommandLineRun.of("sql", "-d", "data", "--store", NOWHERE, "-c", "SELECT 1");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("cluster").exitCode()).isEqualTo(2);
  }

  @Test
  void commandsOnFilesNameTheEngineThatHasNone() {
    for (List<String> command :
        List.of(
            List.of("verify", NOWHERE),
            List.of("dump", NOWHERE),
            List.of("repair", NOWHERE, "--mode", "salvage"),
            List.of("restore", NOWHERE, "--checkpoint", "c", "--archive", "a"))) {
      assertFails(
          CommandLineRun.of(command.toArray(String[]::new)),
          "ERROR 0A000",
          "ppdb " + command.get(0),
          "the hbase engine");
    }
  }
}
