package io.ppdb.suites.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.suites.Answer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random queries and changes give what H2 and DuckDB give: the same rows, in the same order if the
 * query has one, the same tables afterwards, and an error where they have one. What is known to
 * differ is not generated: see {@link RandomExpressions} and its subclasses.
 *
 * <p>{@code -Dppdb.seed=} begins elsewhere (a failure says where), {@code -Dppdb.rounds=} asks for
 * more rounds. With {@code ppdb.effort} above 1 there are more than 50,000 queries. With {@code
 * -Dppdb.postgres=} a URL of JDBC, and its driver in the class path, a server is asked, too.
 */
final class DifferentialTest {
  private static final long FIRST_SEED = 20_261_123;
  private static final int QUERIES_PER_ROUND = 40;
  private static final int WRITES_PER_ROUND = 25;
  private static final int ROUND_COUNT = 13;
  private static final int ROUNDS_PER_EFFORT = 63;
  private static final int MOST_FAILURES = 20;

  /** What a change may fail with: violated constraints and values that do not fit. */
  private static final Pattern REFUSALS = Pattern.compile("2[123].*");

  private final List<Peer> databases = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private int queryCount;
  private int rowCount;
  private int writeCount;
  private int refusedCount;
  private int faultCount;

  @AfterEach
  void closeAll() throws SQLException {
    for (Peer database : databases) {
      database.close();
    }
    databases.clear();
  }

  /** PPDB is the first of {@link #databases}. */
  private void openAll(long seed) throws SQLException {
    databases.add(Peer.open("PPDB", "jdbc:ppdb:mem:differential-" + seed));
    databases.addAll(Peer.openAll());
  }

  @Test
  void randomStatementsGiveWhatOthersGive() throws SQLException {
    int effort = Integer.getInteger("ppdb.effort", 1);
    int roundCount =
        Integer.getInteger("ppdb.rounds", effort > 1 ? effort * ROUNDS_PER_EFFORT : ROUND_COUNT);
    long first = Long.getLong("ppdb.seed", FIRST_SEED);
    for (int round = 0; round < roundCount && failures.size() < MOST_FAILURES; round++) {
      compareRound(first + round);
      closeAll();
    }
    System.out.printf(
        "%d queries, %d rows, %d changes, %d refused, %d faults of others, %d differences%n",
        queryCount, rowCount, writeCount, refusedCount, faultCount, failures.size());
    assertThat(failures).isEmpty();
    assertThat(rowCount).as("rows compared, or the test shows nothing").isPositive();
    assertThat(faultCount).as("faults of others").isLessThanOrEqualTo(1 + queryCount / 1000);
    assertThat(refusedCount).as("changes refused").isBetween(writeCount / 20, writeCount / 2);
  }

  private void compareRound(long seed) throws SQLException {
    openAll(seed);
    Random random = new Random(seed);
    RandomQueries queries = new RandomQueries(random);
    RandomWrites writes = new RandomWrites(random, seed % 2 == 0);
    List<RandomStatement> tables = new ArrayList<>(queries.tables());
    tables.addAll(writes.tables());
    for (Peer database : databases) {
      database.execute(tables);
    }
    for (int i = 0; i < QUERIES_PER_ROUND; i++) {
      compareQuery(queries.query(), seed);
    }
    for (Peer database : databases) {
      database.connection().setAutoCommit(false);
    }
    for (int i = 0; i < WRITES_PER_ROUND; i++) {
      compareWrite(writes.write(), writes.changedTables(), seed);
    }
  }

  private void compareQuery(RandomStatement query, long seed) throws SQLException {
    queryCount++;
    Answer actual = databases.get(0).query(query);
    rowCount += actual.rows().size();
    for (Peer peer : databases.subList(1, databases.size())) {
      if (!peer.understands(query)) {
        continue;
      }
      Answer expected = peer.query(query);
      if (peer.isOwnFault(expected)) {
        faultCount++;
      } else {
        compare(peer.name(), expected, actual, query, seed);
      }
    }
  }

  /** A change that all understand and accept is kept, any other is taken back. */
  private void compareWrite(RandomStatement write, List<String> tables, long seed)
      throws SQLException {
    writeCount++;
    List<Answer> actual = databases.get(0).write(write, tables);
    SQLException refusal = actual.get(0).error();
    boolean kept = refusal == null;
    if (refusal != null) {
      refusedCount++;
      if (!REFUSALS.matcher(refusal.getSQLState()).matches()) {
        failures.add("-Dppdb.seed=%d %s%n  %s;".formatted(seed, refusal, write.sql()));
      }
    }
    for (Peer peer : databases.subList(1, databases.size())) {
      kept &= peer.understands(write);
      if (peer.understands(write)) {
        List<Answer> expected = peer.write(write, tables);
        kept &= !expected.get(0).failed();
        for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
          compare(peer.name(), expected.get(i), actual.get(i), write, seed);
        }
      }
    }
    for (Peer database : databases) {
      if (kept) {
        database.connection().commit();
      } else {
        database.connection().rollback();
      }
    }
  }

  private void compare(
      String name, Answer expected, Answer actual, RandomStatement statement, long seed) {
    String difference = actual.differenceTo(expected);
    if (difference != null) {
      failures.add(
          "-Dppdb.seed=%d PPDB and %s: %s%n  %s;"
              .formatted(seed, name, difference, statement.sql()));
    }
  }
}
