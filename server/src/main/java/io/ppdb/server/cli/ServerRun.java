package io.ppdb.server.cli;

import io.ppdb.database.Database;
import io.ppdb.server.PpdbServer;
import io.ppdb.server.PpdbServer.Endpoint;
import io.ppdb.server.config.Configuration;
import java.io.PrintStream;
import java.util.stream.Collectors;

/** A server that runs until the process is told to end. */
final class ServerRun {
  private ServerRun() {}

  /**
   * Serves a database, says that it is ready and how to reach it, and closes both when the process
   * is told to stop, which then ends.
   */
  static void untilStopped(Database database, Configuration configuration, Streams streams)
      throws InterruptedException {
    StopSignal signal = new StopSignal();
    try (database;
        PpdbServer server = PpdbServer.start(database, configuration)) {
      PrintStream out = streams.out();
      out.println(
          "ready "
              + server.endpoints().stream()
                  .map(Endpoint::toString)
                  .collect(Collectors.joining(" ")));
      printCard(server, out);
      out.flush();
      signal.await();
    } finally {
      signal.done();
    }
  }

  private static void printCard(PpdbServer server, PrintStream out) {
    server
        .endpoint("postgres")
        .ifPresent(
            endpoint -> {
              String host = endpoint.address().getAddress().getHostAddress();
              String name = Database.CATALOG_NAME;
              out.println();
              out.println("  JDBC   jdbc:ppdb://" + endpoint.hostAndPort() + "/" + name);
              out.println(
                  "  psql   psql -h " + host + " -p " + endpoint.port() + " -U ppdb " + name);
            });
    server
        .endpoint("http")
        .ifPresent(
            endpoint -> out.println("  HTTP   curl http://" + endpoint.hostAndPort() + "/health"));
  }
}
