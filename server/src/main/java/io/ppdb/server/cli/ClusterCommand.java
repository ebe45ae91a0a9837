package io.ppdb.server.cli;

import io.ppdb.database.Engines;
import io.ppdb.kv.ClusterEngine;
import io.ppdb.kv.ClusterEngine.TrialCluster;
import io.ppdb.server.demo.DemoDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ppdb cluster}: stores that lie on a cluster. */
@Command(
    name = "cluster",
    description = "Makes stores on a cluster, and tries one out on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ClusterCommand.Init.class, ClusterCommand.Demo.class})
final class ClusterCommand implements Runnable {
  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Spec @Nullable CommandSpec spec;

  /** Without a command. */
  @Override
  public void run() {
    if (spec == null) {
      throw new IllegalStateException("not parsed yet");
    }
    throw new ParameterException(spec.commandLine(), "cluster: no command given");
  }

  /** {@code ppdb cluster init}: makes what a store needs, as far as it is not there. */
  @Command(
      name = "init",
      description = {
        "Makes the tables of a store, and those that all stores of a cluster share,",
        "as far as they are not there; changes none that is."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Program.Version.class)
  static final class Init implements Callable<Integer> {
    @Option(
        names = "--store",
        paramLabel = "STORE",
        required = true,
        description = "the store: hbase://ZOOKEEPER,…/NAME")
    private String store = "";

    @Option(
        names = "--regions",
        paramLabel = "N",
        defaultValue = "1",
        description = "of how many regions a new table consists (default: 1)")
    private int regionCount = 1;

    @ParentCommand private ClusterCommand cluster = new ClusterCommand();

    @Override
    public Integer call() {
      String location = StoreOption.checked(store);
      List<String> made = Engines.forLocation(location).create(location, regionCount);
      StringBuilder lines = new StringBuilder();
      for (String each : made) {
        lines.append("made table ").append(each).append('\n');
      }
      if (made.isEmpty()) {
        lines.append("all tables are there\n");
      }
      cluster.program.streams().out().append(lines);
      return Program.EXIT_OK;
    }
  }

  /** {@code ppdb cluster demo}: the demo on a cluster that is started for it. */
  @Command(
      name = "demo",
      description = {
        "Starts a whole cluster on this machine, loads the demo database into it,",
        "runs the queries of 'ppdb demo', and ends the cluster; nothing of it stays."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Program.Version.class)
  static final class Demo implements Callable<Integer> {
    private static final String ENGINE = "hbase://";

    @ParentCommand private ClusterCommand cluster = new ClusterCommand();

    @Override
    public Integer call() throws IOException, SQLException {
      if (!(Engines.forLocation(ENGINE) instanceof ClusterEngine engine)) {
        throw new IllegalStateException("the engine for clusters is none");
      }
      Streams streams = cluster.program.streams();
      streams.tell("ppdb: starting HDFS, ZooKeeper, HBase and Omid; this takes half a minute");
      try (TrialCluster trial = engine.startTrial()) {
        try (DemoDatabase demo = DemoDatabase.open(trial.location(), streams::tell)) {
          DemoTour.show(demo, streams.out());
        }
        streams.tell("ppdb: ending the cluster");
      }
      return Program.EXIT_OK;
    }
  }
}
