package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sub-queries that become semi and anti joins find what counting their rows finds. */
class SemiJoinsTest {
  private static KeyValueStore store;
  private static RelationalSession session;

  @BeforeAll
  static void fill() {
    store = new MemoryEngine().open("", StoreOptions.DEFAULT);
    session = new RelationalEngine(store, List.of(), List.of()).openSession();
    session.execute("CREATE TABLE few (id INTEGER PRIMARY KEY, k INTEGER, g INTEGER NOT NULL)");
    session.execute("CREATE TABLE many (id INTEGER PRIMARY KEY, k INTEGER, g INTEGER NOT NULL)");
    session.execute("CREATE INDEX many_k ON many (k)");
    Random random = new Random(3);
    insert("few", 60, random);
    insert("many", 2000, random);
    session.execute("ANALYZE");
  }

  private static void insert(String table, int count, Random random) {
    PreparedSql insert = session.prepare("INSERT INTO " + table + " VALUES (?, ?, ?)");
    for (int i = 0; i < count; i++) {
      insert.execute(
          i, random.nextInt(8) == 0 ? null : random.nextInt(3000), random.nextInt(40) * 7 % 90);
    }
  }

  @AfterAll
  static void close() {
    session.close();
    store.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "i.k = o.k",
        "i.id = o.id + 3",
        "i.k = o.k AND i.g > o.g",
        "i.g > o.g + 80",
        "i.g = o.g AND o.id > 20",
        "i.g = o.g AND o.k IS NULL AND i.id % 3 = 0",
        "i.k IS NOT DISTINCT FROM o.k AND i.g < 20",
        "i.id = o.k OR i.k = o.id",
        "i.id < 0 AND i.g = o.g",
      })
  void existsIsWhatCountingSays(String condition) {
    for (String tables : List.of("few o|many i", "many o|few i", "few o|few i")) {
      String outer = tables.substring(0, tables.indexOf('|'));
      String inner = tables.substring(tables.indexOf('|') + 1);
      String rows = "FROM " + inner + " WHERE " + condition;
      assertSame(outer, "EXISTS (SELECT * " + rows + ")", "(SELECT count(*) " + rows + ") > 0");
      assertSame(
          outer,
          "NOT EXISTS (SELECT 1 FROM (SELECT * " + rows + ") AS s ORDER BY s.g)",
          "(SELECT count(*) " + rows + ") = 0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"g IN g", "k IN k", "id IN g", "g IN k", "k IN id"})
  void inIsWhatCountingSays(String columns) {
    String left = "o." + columns.substring(0, columns.indexOf(' '));
    String right = "i." + columns.substring(columns.lastIndexOf(' ') + 1);
    for (String where : List.of("i.g < 25", "i.g < o.g", "i.id < 0")) {
      for (String tables : List.of("few o|many i", "many o|few i")) {
        String outer = tables.substring(0, tables.indexOf('|'));
        String inner = " FROM " + tables.substring(tables.indexOf('|') + 1) + " WHERE " + where;
        String isTrue = "(SELECT count(*)" + inner + " AND " + left + " = " + right + ")";
        String isUnknown =
            "(SELECT count(*)" + inner + " AND (" + left + " = " + right + ") IS NULL)";
        assertSame(outer, left + " IN (SELECT " + right + inner + ")", isTrue + " > 0");
        assertSame(
            outer,
            left + " NOT IN (SELECT " + right + inner + ")",
            isTrue + " = 0 AND " + isUnknown + " = 0");
      }
    }
  }

  private static void assertSame(String outer, String condition, String counting) {
    String query = "SELECT o.id, o.k, o.g FROM " + outer + " WHERE ";
    assertThat(SqlText.rows(session, query + condition + " ORDER BY 1"))
        .as(query + condition)
        .isEqualTo(SqlText.rows(session, query + counting + " ORDER BY 1"));
    String others = query + "o.g > 10 AND " + condition + " AND o.id % 2 = 0 ORDER BY 1";
    assertThat(SqlText.rows(session, others))
        .as(others)
        .isEqualTo(
            SqlText.rows(
                session, query + "o.g > 10 AND " + counting + " AND o.id % 2 = 0 ORDER BY 1"));
  }

  @Test
  void aFewRowsAreLookedUpAmongMany() {
    assertThat(plan("SELECT * FROM few o WHERE NOT EXISTS (SELECT 1 FROM many i WHERE i.k = o.k)"))
        .contains("Lookup Anti Join")
        .contains("many_k")
        .doesNotContain("Aggregate");
    assertThat(plan("SELECT * FROM few o WHERE o.k IN (SELECT i.k FROM many i WHERE i.g > 5)"))
        .contains("Lookup Semi Join")
        .contains("many_k")
        .doesNotContain("Aggregate");
    assertThat(plan("SELECT * FROM many o WHERE o.id NOT IN (SELECT i.g FROM few i)"))
        .contains("Hash Anti Join")
        .doesNotContain("Aggregate");
    assertThat(plan("SELECT * FROM many o WHERE o.id IN (SELECT i.k FROM few i)"))
        .as("a join with the distinct ones of the few rows")
        .contains("Lookup Join")
        .contains("Hash Aggregate")
        .doesNotContain("Semi");
  }

  private static String plan(String query) {
    return String.join("\n", SqlText.rows(session, "EXPLAIN " + query));
  }
}
