package io.ppdb.server.cli;

import io.ppdb.server.demo.DemoDatabase;
import io.ppdb.server.demo.DemoQueries;
import io.ppdb.server.demo.DemoQueries.Language;
import io.ppdb.server.demo.DemoQueries.Query;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Shows what is in the demo database, and what can be asked of it. */
final class DemoTour {
  private DemoTour() {}

  static void show(DemoDatabase demo, PrintStream out) throws SQLException {
    printCounts(demo, out);
    for (Query each : DemoQueries.TOUR) {
      run(each, demo, out);
    }
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
