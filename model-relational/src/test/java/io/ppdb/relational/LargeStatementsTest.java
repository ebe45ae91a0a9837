package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Statements that are long, wide or deep are answered, or refused in words; and not in hours. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LargeStatementsTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalSession session =
      new RelationalEngine(store, List.of(), List.of()).openSession();

  @BeforeEach
  void fill() {
    session.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER)").close();
    session.execute("INSERT INTO t VALUES (1, 2), (3, 4), (5, 6)").close();
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  private List<String> rows(String sql) {
    return SqlText.rows(session, sql);
  }

  private static String list(int count, String separator, IntFunction<String> item) {
    return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(separator));
  }

  @Test
  void parenthesesNestDeeply() {
    assertThat(rows("SELECT " + "(".repeat(200) + "1" + ")".repeat(200))).containsExactly("1");
    assertThat(rows("SELECT " + "(".repeat(3000) + "1" + ")".repeat(3000))).containsExactly("1");
  }

  @Test
  void longChainsOfConditions() {
    String or = list(10_000, " OR ", i -> "a = " + i);
    assertThat(rows("SELECT count(*) FROM t WHERE " + or)).containsExactly("3");
    String and = list(500, " AND ", i -> "a <> " + (i + 2));
    assertThat(rows("SELECT a FROM t WHERE " + and)).containsExactly("1");
    String both = list(2_000, " OR ", i -> "a = " + i + " AND b = " + (i + 1));
    assertThat(rows("SELECT count(*) FROM t WHERE " + both)).containsExactly("3");
    String mixed = list(1_000, " AND ", i -> "a + b > " + -i);
    assertThat(rows("SELECT count(*) FROM t WHERE " + mixed)).containsExactly("3");
  }

  @Test
  void theOrderOfConditionsStays() {
    String guarded = "a <> 0 AND " + list(40, " AND ", i -> "b <> " + (100 + i));
    assertThat(rows("SELECT count(*) FROM t WHERE " + guarded + " AND 10 / a > 0"))
        .containsExactly("3");
    assertThat(rows("SELECT a FROM t WHERE " + list(9, " OR ", i -> "a = " + i + " OR NULL")))
        .containsExactly("1", "3", "5");
  }

  @Test
  void longLists() {
    assertThat(rows("SELECT count(*) FROM t WHERE a IN (" + list(1_000, ", ", i -> "" + i) + ")"))
        .containsExactly("3");
    String values = list(20_000, ", ", i -> "(" + (i + 10) + ", 0)");
    try (StatementResult result = session.execute("INSERT INTO t VALUES " + values)) {
      assertThat(result.updateCount()).isEqualTo(20_000);
    }
    String columns = list(1_000, ", ", i -> "a + " + i);
    assertThat(rows("SELECT " + columns + " FROM t WHERE a = 1").get(0)).endsWith("|1000");
    assertThat(rows(list(1_000, " UNION ALL ", i -> "SELECT " + i))).hasSize(1_000);
  }

  @Test
  void aStatementOfAMegabyte() {
    String text = "x".repeat(1 << 20);
    assertThat(rows("SELECT length('" + text + "')")).containsExactly("1048576");
    assertThat(rows("SELECT 1 /* " + text + " */")).containsExactly("1");
    assertThatThrownBy(() -> rows("SELECT " + text)).isInstanceOf(PpdbException.class);
    assertThatThrownBy(() -> rows("SELECT '" + text)).hasMessageContaining("not closed");
  }

  @Test
  void tenThousandParameters() {
    String in = "SELECT count(*) FROM t WHERE a IN (" + list(10_000, ", ", i -> "?") + ")";
    Object[] values = IntStream.range(0, 10_000).boxed().toArray();
    try (StatementResult result = session.execute(in, values)) {
      assertThat(SqlText.rows(result)).containsExactly("3");
    }
  }

  @Test
  void queriesWithinQueries() {
    String nested =
        "(SELECT a, b FROM ".repeat(50) + "t" + list(50, "", i -> ") AS x" + i) + " ORDER BY a";
    assertThat(rows("SELECT a FROM " + nested)).containsExactly("1", "3", "5");
    String in = "a IN (SELECT a FROM t WHERE ".repeat(12) + "TRUE" + ")".repeat(12);
    assertThat(rows("SELECT count(*) FROM t WHERE " + in)).containsExactly("3");
  }

  @Test
  void branchesWithinBranches() {
    String nested = "CASE WHEN a = 1 THEN 1 ELSE ".repeat(100) + "2" + " END".repeat(100);
    assertThat(rows("SELECT " + nested + " FROM t ORDER BY a")).containsExactly("1", "2", "2");
  }

  /** What is evaluated by recursion has to fit on the stack of whoever asks. */
  @Test
  void expressionsAsDeepAsAllowedRunOnASmallStack() throws InterruptedException {
    String sum = "SELECT " + list(480, " + ", i -> "a") + " FROM t WHERE a = 1";
    List<List<String>> results = new CopyOnWriteArrayList<>();
    Thread small = new Thread(null, () -> results.add(rows(sum)), "small", 1 << 20);
    small.start();
    small.join();
    assertThat(results).containsExactly(List.of("480"));
  }

  @Test
  void whatIsTooDeepIsRefused() {
    for (String sql :
        List.of(
            "SELECT " + list(20_000, " + ", i -> "a") + " FROM t",
            "SELECT " + list(20_000, " || ", i -> "'a'"),
            "SELECT " + "NOT ".repeat(20_000) + "TRUE",
            "SELECT " + "ABS(".repeat(5_000) + "1" + ")".repeat(5_000),
            "SELECT a " + "::INTEGER".repeat(5_000) + " FROM t")) {
      assertThatThrownBy(() -> rows(sql))
          .as(sql.substring(0, 40))
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TOO_COMPLEX))
          .hasMessageContaining("nested too deeply");
    }
    assertThat(rows("SELECT 1")).containsExactly("1");
  }
}
