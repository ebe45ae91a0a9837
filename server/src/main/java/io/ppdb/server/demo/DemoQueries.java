package io.ppdb.server.demo;

import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the demo asks its database: counts, what could not be linked, and the tour. */
public final class DemoQueries {
  /** The language of a query. */
  public enum Language {
    SQL,
    GREMLIN
  }

  /**
   * A query of the tour.
   *
   * @param withPlan whether the tour shows how it is run
   */
  public record Query(String title, Language language, String text, boolean withPlan) {}

  private static final Query TABLES =
      new Query(
          "SQL: where the longest runways are",
          Language.SQL,
          """
          SELECT c.name, count(*) AS airports, max(a.longest) AS longest_ft
          FROM airports a JOIN countries c ON c.code = a.country
          GROUP BY c.name ORDER BY longest_ft DESC, c.name LIMIT 5\
          """,
          false);

  private static final Query GRAPH =
      new Query(
          "Gremlin: places that two flights from Seattle reach, by country",
          Language.GREMLIN,
          """
          g.V().has("airport","code","SEA").repeat(out("route")).times(2).dedup()
           .groupCount().by("country").unfold().order().by(values,desc).limit(5)
           .project("country","airports").by(keys).by(values)\
          """,
          false);

  private static final Query SERIES =
      new Query(
          "Time series: Seattle's weather by month",
          Language.SQL,
          """
          SELECT time_bucket(INTERVAL '1' MONTH, day) AS month_start,
            CAST(avg(temp_max) AS DECIMAL(4, 1)) AS temp_max,
            CAST(sum(precipitation) AS DECIMAL(6, 1)) AS rain_mm
          FROM weather
          WHERE airport = 'SEA' AND day >= TIMESTAMP '2012-06-01 00:00:00'
            AND day < TIMESTAMP '2012-10-01 00:00:00'
          GROUP BY time_bucket(INTERVAL '1' MONTH, day) ORDER BY month_start\
          """,
          false);

  private static final Query CROSS_MODEL =
      new Query(
          "All of them: how late flights left from the places Seattle flies to, February 2001",
          Language.SQL,
          """
          SELECT a.city, count(*) AS flights, round(avg(f.delay), 1) AS avg_delay
          FROM TABLE(gremlin('g.V().has("airport","code","SEA").out("route").values("code")')) AS near(code)
          JOIN airports a ON a.code = near.code
          JOIN flights f ON f.origin = a.code
          WHERE f.departed_at >= TIMESTAMP '2001-02-01 00:00:00' AND f.departed_at < TIMESTAMP '2001-03-01 00:00:00'
          GROUP BY a.city HAVING count(*) >= 100 ORDER BY avg_delay DESC, a.city LIMIT 10\
          """,
          true);

  /** One query per model, and one over all of them. */
  public static final List<Query> TOUR = List.of(TABLES, GRAPH, SERIES, CROSS_MODEL);

  private DemoQueries() {}

  /** What is in the database, counted there. */
  public static Map<String, Long> counts(DemoDatabase demo) throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (DemoTable table : DemoTable.ALL) {
      counts.put(
          table.name() + " (SQL)", number(demo.session(), "SELECT count(*) FROM " + table.name()));
    }
    counts.put("airports (Gremlin)", number(demo, "g.V().hasLabel('airport').count()"));
    counts.put("routes (Gremlin)", number(demo, "g.E().hasLabel('route').count()"));
    return counts;
  }

  /** Airport codes of flights that no airport has, with the number of flights that name them. */
  public static Map<String, Long> unlinkedFlights(SqlSession session) throws SQLException {
    Map<String, Long> flightCounts = new LinkedHashMap<>();
    for (String column : List.of("origin", "destination")) {
      String sql =
          """
          SELECT f.%1$s, count(*) FROM flights f LEFT JOIN airports a ON a.code = f.%1$s
          WHERE a.code IS NULL GROUP BY f.%1$s ORDER BY f.%1$s
          """
              .formatted(column);
      try (SqlStatement statement = session.prepare(sql);
          SqlResult result = execute(statement)) {
        for (RowBatch batch = result.fetch(0); batch != null; batch = result.fetch(0)) {
          for (int row = 0; row < batch.rowCount(); row++) {
            flightCounts.merge(
                String.valueOf(batch.getObject(0, row)), batch.getLong(1, row), Long::sum);
          }
        }
      }
    }
    return flightCounts;
  }

  /** The one number that a query gives. */
  static long number(SqlSession session, String sql) throws SQLException {
    try (SqlStatement statement = session.prepare(sql);
        SqlResult result = execute(statement)) {
      RowBatch batch = result.fetch(1);
      if (batch == null) {
        throw new SQLException("no row for " + sql);
      }
      return batch.getLong(0, 0);
    }
  }

  private static long number(DemoDatabase demo, String gremlin) {
    Object count = demo.gremlin().execute(gremlin).get(0);
    if (count instanceof Long number) {
      return number;
    }
    throw new IllegalStateException(gremlin + " gave " + count);
  }

  private static SqlResult execute(SqlStatement statement) throws SQLException {
    return statement.execute(new @Nullable Object[0], ExecuteOptions.DEFAULT);
  }
}
