package io.ppdb.suites.random;

import io.ppdb.suites.Answer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database that PPDB is compared with, set to PostgreSQL's order of NULLs and its division. */
record Peer(String name, Connection connection) implements AutoCloseable {
  /**
   * H2 and DuckDB in memory, and PostgreSQL if {@code -Dppdb.postgres=} has the URL of a server.
   */
  static List<Peer> openAll() throws SQLException {
    List<Peer> peers = new ArrayList<>();
    peers.add(
        open(RandomExpressions.H2, "jdbc:h2:mem:;MODE=PostgreSQL;DEFAULT_NULL_ORDERING=HIGH"));
    Peer duck = open(RandomExpressions.DUCK_DB, "jdbc:duckdb:");
    duck.execute("SET integer_division = true");
    duck.execute("SET default_null_order = 'NULLS_LAST_ON_ASC_FIRST_ON_DESC'");
    peers.add(duck);
    String url = System.getProperty("ppdb.postgres");
    if (url != null) {
      Peer postgres = open("PostgreSQL", url);
      postgres.execute("DROP SCHEMA IF EXISTS random CASCADE");
      postgres.execute("CREATE SCHEMA random");
      postgres.execute("SET search_path TO random");
      peers.add(postgres);
    }
    return peers;
  }

  static Peer open(String name, String url) throws SQLException {
    return new Peer(name, DriverManager.getConnection(url));
  }

  /**
   * Whether an answer says nothing of the statement: H2 cannot read its own text of it ({@code a =
   * EXISTS (…)} in a sub-query of FROM), DuckDB has lost its way within.
   */
  boolean isOwnFault(Answer answer) {
    if (answer.error() == null) {
      return false;
    }
    String message = String.valueOf(answer.error().getMessage());
    return switch (name) {
      case RandomExpressions.H2 ->
          message.startsWith("Syntax error in SQL statement") && message.contains("\"\"PUBLIC\"\"");
      case RandomExpressions.DUCK_DB ->
          message.contains("BindBuiltinScalarFunction did not return a BoundFunctionExpression");
      default -> false;
    };
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void execute(List<RandomStatement> statements) throws SQLException {
    for (RandomStatement random : statements) {
      if (understands(random)) {
        execute(random.sql());
      }
    }
  }

  boolean understands(RandomStatement random) {
    return !random.notFor().contains(name);
  }

  Answer query(RandomStatement query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Answer answer = Answer.of(statement, query.sql());
      return query.isOrdered() ? answer : answer.sorted();
    }
  }

  /** What a change answers, and what tables are like afterwards, within the open transaction. */
  List<Answer> write(RandomStatement write, List<String> tables) throws SQLException {
    List<Answer> answers = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      answers.add(Answer.ofWrite(statement, write.sql()).sorted());
      if (!answers.get(0).failed()) {
        for (String table : tables) {
          answers.add(Answer.of(statement, "SELECT * FROM " + table + " ORDER BY 1"));
        }
      }
    }
    return answers;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
