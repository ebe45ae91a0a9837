package io.ppdb.server.cli;

import io.ppdb.server.demo.DemoDatabase;
import io.ppdb.server.demo.DemoQueries;
import io.ppdb.server.demo.DemoQueries.Language;
import io.ppdb.server.demo.DemoQueries.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "ppdb-data/demo",
      description = "the database's directory (default: ./ppdb-data/demo)")
  private Path directory = Path.of("ppdb-data", "demo");

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    Streams streams = program.streams();
    PrintStream out = streams.out();
    try (DemoDatabase demo = DemoDatabase.open(directory, streams::tell)) {
      printCounts(demo, out);
      for (Query each : DemoQueries.TOUR) {
        run(each, demo, out);
      }
      if (!once) {
        streams.tell(
            "ppdb: the database stays open until interrupted; servers come with a later version");
        new CountDownLatch(1).await();
      }
    }
    return Program.EXIT_OK;
  }

  private static void printCounts(DemoDatabase demo, PrintStream out) throws SQLException {
    out.append("The demo database holds\n");
    for (Map.Entry<String, Long> each : DemoQueries.counts(demo).entrySet()) {
      out.append("  %-20s %,7d\n".formatted(each.getKey(), each.getValue()));
    }
    Map<String, Long> unlinked = DemoQueries.unlinkedFlights(demo.session());
    for (Map.Entry<String, Long> each : unlinked.entrySet()) {
      out.append(
          "  %s: no such airport; the %,d flights that name it are there and join nothing\n"
              .formatted(each.getKey(), each.getValue()));
    }
    out.flush();
  }

  private static void run(Query query, DemoDatabase demo, PrintStream out) throws SQLException {
    out.append("\n== ").append(query.title()).append(" ==\n").append(query.text()).append("\n\n");
    ResultWriter results = new ResultWriter(OutputFormat.TABLE, out);
    SqlScript sql = new SqlScript(demo.session(), results);
    long start = System.nanoTime();
    if (query.language() == Language.SQL) {
      sql.execute(query.text());
    } else {
      results.write(GremlinRows.of(demo.gremlin().execute(query.text())));
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    out.append("Time: ").append(Long.toString(millis)).append(" ms\n");
    if (query.withPlan()) {
      out.append("Plan:\n");
      List<String> plan = sql.plan(query.text());
      plan.forEach(line -> out.append("  ").append(line).append('\n'));
    }
    out.flush();
  }
}
