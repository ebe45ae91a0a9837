package io.ppdb.timeseries;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.RelationalEngine;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.expr.TextFormat;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random conditions on a time-series table, where storage checks what it can, and on an ordinary
 * table of the same rows, where none of these conditions is pushed down: the answers are equal.
 */
class SeriesPushDownTest {
  private static final long SEED = Long.getLong("ppdb.seed", 20261123L);
  private static final int ROUNDS = 4;
  private static final int ROWS = 80;
  private static final int CONDITIONS = 30;
  private static final List<String> TAGS = List.of("SEA", "BOS", "", "é", "sea");

  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalSession session =
      new RelationalEngine(store, List.of(new TimeSeriesKind()), List.of()).openSession();

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  @Test
  void conditionsThatStorageChecksSelectWhatTheExecutorSelects() {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(SEED + round);
      String window = List.of("1 second", "1 hour", "7 days", "30000 days").get(round % 4);
      create(window, random);
      for (int i = 0; i < CONDITIONS; i++) {
        String condition = condition(random, 3);
        String seed = "-Dppdb.seed=" + (SEED + round) + " number " + i + ": " + condition;
        compare(condition, random, seed);
        if (i % 10 == 9) {
          String deletion = " WHERE a = 'BOS' AND (" + condition + ")";
          run("DELETE FROM series" + deletion);
          run("DELETE FROM plain" + deletion);
          compare("TRUE", random, seed + ", deleted");
        }
      }
    }
  }

  private void compare(String condition, Random random, String seed) {
    String where = " WHERE " + condition;
    String all = where + " ORDER BY 1, 2, 3, 4";
    assertThat(query("SELECT seen, a, b, n FROM series" + all))
        .as(seed)
        .isEqualTo(query("SELECT seen, a, b, n FROM plain" + all));
    String order = random.nextBoolean() ? " ORDER BY seen" : " ORDER BY seen DESC";
    String first = where + order + " LIMIT " + (1 + random.nextInt(9));
    assertThat(query("SELECT seen FROM series" + first))
        .as(seed)
        .isEqualTo(query("SELECT seen FROM plain" + first));
  }

  private void create(String window, Random random) {
    run("DROP TABLE IF EXISTS series");
    run("DROP TABLE IF EXISTS plain");
    String columns = "seen TIMESTAMP NOT NULL, a VARCHAR, b VARCHAR, n INTEGER";
    run(
        "CREATE TABLE series ("
            + columns
            + ") WITH (kind = 'timeseries', timestamp = 'seen', tags = 'a, b', window_size = '"
            + window
            + "')");
    run("CREATE TABLE plain (id INTEGER PRIMARY KEY, " + columns + ")");
    for (int id = 0; id < ROWS; id++) {
      String values =
          time(random) + ", " + tag(random) + ", " + tag(random) + ", " + number(random);
      run("INSERT INTO series VALUES (" + values + ")");
      run("INSERT INTO plain VALUES (" + id + ", " + values + ")");
      if (id % 7 == 0) { // a duplicate
        run("INSERT INTO series VALUES (" + values + ")");
        run("INSERT INTO plain VALUES (" + (ROWS + id) + ", " + values + ")");
      }
    }
  }

  private static String condition(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 5 : 9);
    return switch (kind) {
      case 0, 1 -> timeCondition(random);
      case 2, 3 -> tagCondition(random, random.nextBoolean() ? "a" : "b");
      case 4 -> "n " + operator(random) + " " + random.nextInt(10);
      case 5 -> "NOT (" + condition(random, depth - 1) + ")";
      case 6 -> "(" + condition(random, depth - 1) + " OR " + condition(random, depth - 1) + ")";
      default -> condition(random, depth - 1) + " AND " + condition(random, depth - 1);
    };
  }

  private static String timeCondition(Random random) {
    return switch (random.nextInt(11)) {
      case 0, 1, 2 -> "seen " + operator(random) + " " + time(random);
      case 3 -> time(random) + " " + operator(random) + " seen";
      case 4 -> "seen BETWEEN " + time(random) + " AND " + time(random);
      case 5 -> "seen IN (" + time(random) + ", " + time(random) + ", NULL)";
      case 6 -> "seen " + operator(random) + " NULL";
      case 7 -> "seen + INTERVAL '1' DAY " + operator(random) + " " + time(random);
      case 8 -> "EXTRACT(YEAR FROM seen) " + operator(random) + " 1970";
      case 9 -> "CAST(seen AS DATE) " + operator(random) + " DATE '1970-01-01'";
      default ->
          "time_bucket(INTERVAL '"
              + (random.nextBoolean() ? "3' MONTH" : "36' HOUR")
              + ", seen) "
              + operator(random)
              + " "
              + time(random);
    };
  }

  private static String tagCondition(Random random, String column) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> column + " " + operator(random) + " " + tag(random);
      case 2 -> column + " IN (" + tag(random) + ", " + tag(random) + ")";
      case 3 -> column + " NOT IN (" + tag(random) + ", " + tag(random) + ")";
      case 4 -> column + " IS " + (random.nextBoolean() ? "NOT " : "") + "NULL";
      case 5 -> column + " LIKE '" + (random.nextBoolean() ? "S%" : "%") + "'";
      case 6 -> "lower(" + column + ") = 'sea'";
      default -> "a " + operator(random) + " b";
    };
  }

  private static String operator(Random random) {
    return List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
  }

  /** A time: near the epoch on either side, at the end of a window, or very far away. */
  private static String time(Random random) {
    String text =
        switch (random.nextInt(8)) {
          case 0 -> "1969-12-31 23:59:59.999999";
          case 1 -> "1970-01-01 00:00:00";
          case 2 -> "0001-01-01 00:00:00";
          case 3 -> "9999-12-31 23:59:59.999999";
          default ->
              "19%02d-0%d-1%d 0%d:00:00"
                  .formatted(
                      68 + random.nextInt(4),
                      1 + random.nextInt(2),
                      random.nextInt(3),
                      random.nextInt(3));
        };
    return "TIMESTAMP '" + text + "'";
  }

  private static String tag(Random random) {
    return random.nextInt(4) == 0
        ? "CAST(NULL AS VARCHAR)"
        : "'" + TAGS.get(random.nextInt(TAGS.size())) + "'";
  }

  private static String number(Random random) {
    return random.nextInt(4) == 0 ? "NULL" : String.valueOf(random.nextInt(10));
  }

  private void run(String sql) {
    session.execute(sql).close();
  }

  private List<String> query(String sql) {
    try (StatementResult result = session.execute(sql)) {
      List<String> lines = new ArrayList<>();
      RowCursor rows = result.rows();
      while (rows.next()) {
        StringJoiner line = new StringJoiner("|");
        for (int i = 0; i < result.columns().size(); i++) {
          line.add(
              rows.isNull(i)
                  ? "NULL"
                  : TextFormat.format(rows.vector(i), rows.position(), ZoneOffset.UTC));
        }
        lines.add(line.toString());
      }
      return lines;
    }
  }
}
