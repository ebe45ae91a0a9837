package io.ppdb.server.cli;

import io.ppdb.database.Database;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.ConfigurationException;
import io.ppdb.server.config.ConfigurationFile;
import io.ppdb.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb server}: a database that others reach over the network. */
@Command(
    name = "server",
    description = {
      "Serves a database: PostgreSQL protocol and JDBC at port 5432, health and metrics by HTTP at",
      "port 8080, to this machine only unless the configuration says otherwise. Ends on SIGTERM."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class ServerCommand implements Callable<Integer> {
  private static final String DEFAULT_DIRECTORY = "ppdb-data/ppdb";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the database's directory (default: ./" + DEFAULT_DIRECTORY + ")")
  private @Nullable String directory;

  @Option(names = "--config", paramLabel = "FILE", description = "a TOML file of settings")
  private @Nullable String config;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "a store on a cluster instead of a directory: hbase://ZOOKEEPER,…/NAME")
  private @Nullable String store;

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException, InterruptedException {
    Streams streams = program.streams();
    try {
      Configuration configuration =
          config == null ? Configuration.DEFAULT : ConfigurationFile.read(Path.of(config));
      ServerRun.untilStopped(Database.open(location(configuration)), configuration, streams);
      return Program.EXIT_OK;
    } catch (ConfigurationException e) {
      // Its lines are to be read, and some of them to be copied.
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** Where the database is: what flags say, the file, or the usual directory, which is made. */
  private String location(Configuration configuration) throws IOException {
    if (store != null) {
      return StoreOption.checked(store);
    }
    String configured = configuration.get(Setting.DATA_DIR);
    if (directory != null) {
      return made(directory);
    }
    return made(configured.isEmpty() ? DEFAULT_DIRECTORY : configured);
  }

  private static String made(String directory) throws IOException {
    Files.createDirectories(Path.of(directory));
    return directory;
  }
}
