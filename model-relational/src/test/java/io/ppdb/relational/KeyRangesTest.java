package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Conditions that become ranges of keys select what they select without keys and indexes. */
final class KeyRangesTest {
  private static final long SEED = Long.getLong("ppdb.seed", 20261124L);
  private static final int ROW_COUNT = 600;
  private static final int CONDITION_COUNT = 1500;
  private static final List<String> COLUMNS = List.of("a", "b", "d");
  private static final List<String> ORDERS =
      List.of("a, b", "a DESC, b DESC", "d DESC, a", "d, a DESC", "a", "b");

  private static KeyValueStore store;
  private static RelationalSession session;

  @BeforeAll
  static void fill() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    session = new RelationalEngine(store, List.of(), List.of()).openSession();
    session.execute("CREATE TABLE keyed (a INT, b INT, d INT, id INT, PRIMARY KEY (id))");
    session.execute("CREATE INDEX keyed_ab ON keyed (a, b)");
    session.execute("CREATE INDEX keyed_da ON keyed (d DESC, a)");
    session.execute("CREATE TABLE plain (a INT, b INT, d INT, id INT)");
    Random random = new Random(SEED);
    PreparedSql insert = session.prepare("INSERT INTO keyed VALUES (?, ?, ?, ?)");
    session.begin();
    for (int i = 0; i < ROW_COUNT; i++) {
      insert.execute(value(random), value(random), value(random), i);
    }
    session.commit();
    session.execute("INSERT INTO plain SELECT a, b, d, id FROM keyed");
    session.execute("ANALYZE keyed");
  }

  @AfterAll
  static void close() {
    session.close();
    store.close();
  }

  private static @Nullable Integer value(Random random) {
    return random.nextInt(12) == 0 ? null : (Integer) random.nextInt(20);
  }

  /** A condition; its parameters go to {@code parameters}. */
  private static String condition(Random random, int depth, List<Object> parameters) {
    int kind = random.nextInt(depth == 0 ? 6 : 10);
    String column = COLUMNS.get(random.nextInt(COLUMNS.size()));
    return switch (kind) {
      case 0, 1 -> column + operator(random) + operand(random, parameters);
      case 2 -> {
        List<String> list = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
          list.add(operand(random, parameters));
        }
        yield column + " IN (" + String.join(", ", list) + ")";
      }
      case 3 -> {
        String low = operand(random, parameters);
        yield column + " BETWEEN " + low + " AND " + operand(random, parameters);
      }
      case 4 -> {
        parameters.add("{" + random.nextInt(20) + ",NULL," + random.nextInt(20) + "}");
        yield column + " = ANY (?)";
      }
      case 5 ->
          random.nextInt(3) == 0
              ? column + " IS NULL"
              : "(a, b)"
                  + operator(random)
                  + "("
                  + operand(random, parameters)
                  + ", "
                  + operand(random, parameters)
                  + ")";
      default -> {
        String left = condition(random, depth - 1, parameters);
        String right = condition(random, depth - 1, parameters);
        yield "(" + left + (kind < 8 ? ") OR (" : ") AND (") + right + ")";
      }
    };
  }

  private static String operator(Random random) {
    return List.of(" = ", " < ", " <= ", " > ", " >= ").get(random.nextInt(5));
  }

  private static String operand(Random random, List<Object> parameters) {
    int value = random.nextInt(20);
    if (random.nextBoolean()) {
      parameters.add(value);
      return "?";
    }
    return String.valueOf(value);
  }

  private static List<String> rows(String sql, List<Object> parameters) {
    return SqlText.rows(session, sql, parameters.toArray());
  }

  @Test
  void conditionsSelectTheSameRowsInTheSameOrderAsWithoutKeys() {
    Random random = new Random(SEED);
    int severalRangeCount = 0;
    for (int i = 0; i < CONDITION_COUNT; i++) {
      List<Object> parameters = new ArrayList<>();
      String condition = condition(random, 3, parameters);
      String order = ORDERS.get(random.nextInt(ORDERS.size()));
      String all = " WHERE " + condition + " ORDER BY " + order;
      String context = "seed " + SEED + " condition " + i + ": " + all + " " + parameters;
      assertThat(rows("SELECT a, b, d, id FROM keyed WHERE " + condition, parameters))
          .as(context)
          .containsExactlyInAnyOrderElementsOf(
              rows("SELECT a, b, d, id FROM plain WHERE " + condition, parameters));
      // Rows that are equal in this order may come in any: their other columns are not compared.
      String columns = order.replace(" DESC", "");
      assertThat(rows("SELECT " + columns + " FROM keyed" + all, parameters))
          .as(context)
          .isEqualTo(rows("SELECT " + columns + " FROM plain" + all, parameters));
      String limited = "SELECT " + columns + " FROM keyed" + all + " LIMIT 7";
      assertThat(rows(limited, parameters))
          .as(context)
          .isEqualTo(rows("SELECT " + columns + " FROM plain" + all + " LIMIT 7", parameters));
      boolean isRanges =
          rows("EXPLAIN " + limited, parameters).stream()
              .anyMatch(line -> line.contains(" using ") && line.contains(" OR "));
      severalRangeCount += isRanges ? 1 : 0;
    }
    assertThat(severalRangeCount).isGreaterThan(CONDITION_COUNT / 10);
  }
}
