package io.ppdb.server.cli;

import io.ppdb.database.Database;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.demo.DemoDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb demo}: real data in all models, and what can be asked of them. */
@Command(
    name = "demo",
    description = {
      "Makes a database of real airports, routes, flights and weather, or opens it again,",
      "and runs one query per model and one over all of them."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--once", description = "exit after the queries")
  private boolean once;

  @ArgGroup(multiplicity = "0..1")
  private Place place = new Place();

  private static final class Place {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "the database's directory (default: ./ppdb-data/demo)")
    private String directory = "ppdb-data/demo";

    @Option(
        names = "--store",
        paramLabel = "STORE",
        description = "a store on a cluster instead: hbase://ZOOKEEPER,…/NAME")
    private @Nullable String store;

    String location() {
      return store == null ? directory : StoreOption.checked(store);
    }
  }

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    Streams streams = program.streams();
    try (DemoDatabase demo = DemoDatabase.open(place.location(), streams::tell)) {
      DemoTour.show(demo, streams.out());
      if (!once) {
        streams.out().println();
        ServerRun.untilStopped(
            Database.open(place.location()), DemoPorts.free(Configuration.DEFAULT), streams);
      }
    }
    return Program.EXIT_OK;
  }
}
