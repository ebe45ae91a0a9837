package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random queries give what H2 gives: the same rows, in the same order if the query has one.
 *
 * <p>{@code -Dppdb.seed=} begins elsewhere (a failure says where), {@code -Dppdb.rounds=} asks for
 * more rounds. Known differences are kept out by {@link RandomQueries}; here numbers lose what
 * their types add: trailing zeros, and digits of an average past the ninth.
 */
final class H2ComparisonTest {
  private static final int ROUND_COUNT = 6;
  private static final long FIRST_SEED = 20_261_123;
  private static final int QUERIES_PER_ROUND = 40;
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final MathContext PRECISION = new MathContext(9);

  @Test
  void randomQueriesGiveWhatH2Gives() throws SQLException {
    int roundCount = Integer.getInteger("ppdb.rounds", ROUND_COUNT);
    long first = Long.getLong("ppdb.seed", FIRST_SEED);
    int rowCount = 0;
    for (int round = 0; round < roundCount; round++) {
      rowCount += compareRound(first + round);
    }
    assertThat(rowCount).as("rows compared, or the test shows nothing").isPositive();
  }

  private static int compareRound(long seed) throws SQLException {
    RandomQueries queries = new RandomQueries(new Random(seed));
    int rowCount = 0;
    try (Connection h2 =
            DriverManager.getConnection("jdbc:h2:mem:;MODE=PostgreSQL;DEFAULT_NULL_ORDERING=HIGH");
        Statement statement = h2.createStatement();
        KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        List<String> tables = queries.tables();
        for (String sql : tables) {
          statement.execute(sql);
          session.execute(sql).close();
        }
        for (int i = 0; i < QUERIES_PER_ROUND; i++) {
          String sql = queries.query();
          List<String> expected = ofH2(statement, sql);
          List<String> actual = ofPpdb(session, sql);
          if (!sql.contains(" ORDER BY ")) {
            expected.sort(null);
            actual.sort(null);
          }
          assertThat(actual)
              .as("-Dppdb.seed=%d%n%s;%n%s;", seed, String.join(";\n", tables), sql)
              .isEqualTo(expected);
          rowCount += expected.size();
        }
      }
    }
    return rowCount;
  }

  private static List<String> ofH2(Statement statement, String sql) {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columnCount = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringJoiner row = new StringJoiner("|");
        for (int i = 1; i <= columnCount; i++) {
          String text = result.getString(i);
          row.add(text == null ? "NULL" : normal(text));
        }
        rows.add(row.toString());
      }
    } catch (SQLException e) {
      rows.clear();
      rows.add("H2 fails: " + e.getMessage());
    }
    return rows;
  }

  private static List<String> ofPpdb(RelationalSession session, String sql) {
    List<String> rows = new ArrayList<>();
    try {
      for (String row : SqlText.rows(session, sql)) {
        StringJoiner normal = new StringJoiner("|");
        for (String text : row.split("\\|", -1)) {
          normal.add(normal(text));
        }
        rows.add(normal.toString());
      }
    } catch (PpdbException e) {
      rows.clear();
      rows.add("PPDB fails: " + e.getMessage());
    }
    return rows;
  }

  private static String normal(String text) {
    if (text.equals("TRUE") || text.equals("FALSE")) {
      return text.toLowerCase(Locale.ROOT);
    }
    if (!NUMBER.matcher(text).matches()) {
      return text;
    }
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    return number.scale() <= 0
        ? number.toPlainString()
        : number.round(PRECISION).stripTrailingZeros().toPlainString();
  }
}
