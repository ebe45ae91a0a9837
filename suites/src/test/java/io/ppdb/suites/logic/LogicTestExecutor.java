package io.ppdb.suites.logic;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import net.hydromatic.sqllogictest.ISqlTestOperation;
import net.hydromatic.sqllogictest.OptionsParser;
import net.hydromatic.sqllogictest.SltSqlStatement;
import net.hydromatic.sqllogictest.SltTestFile;
import net.hydromatic.sqllogictest.SqlTestQuery;
import net.hydromatic.sqllogictest.TestStatistics;
import net.hydromatic.sqllogictest.executors.JdbcExecutor;

/**
 * Runs one file of sql-logic-test on a new database in memory. Parsing of the files and the
 * judgement of results are the suite's own; the loop is ours, since the suite's gives a whole file
 * up at its first failing statement, and says nothing of statements that should have failed.
 */
final class LogicTestExecutor extends JdbcExecutor {
  private static final int MOST_REASON_LENGTH = 400;

  private final Sample sample;
  private final List<FileResult.Failure> failures = new ArrayList<>();

  private LogicTestExecutor(OptionsParser.SuppliedOptions options, String url, Sample sample) {
    super(options, url, "", "");
    this.sample = sample;
  }

  /**
   * Runs the file, a resource of the suite's jar, with tables in the database {@code name}: all
   * statements, and the queries of {@code sample}.
   */
  static FileResult run(String file, String name, Sample sample)
      throws IOException, SQLException, NoSuchAlgorithmException {
    OptionsParser.SuppliedOptions options =
        new OptionsParser(false, System.out, System.err).getOptions();
    SltTestFile parsed = new SltTestFile(file);
    parsed.parse(options);
    LogicTestExecutor executor = new LogicTestExecutor(options, "jdbc:ppdb:mem:" + name, sample);
    executor.establishConnection();
    try {
      return executor.runAll(file, parsed);
    } finally {
      executor.closeConnection();
    }
  }

  private FileResult runAll(String file, SltTestFile parsed) throws NoSuchAlgorithmException {
    TestStatistics statistics =
        new TestStatistics(false, 0) {
          @Override
          public boolean addFailure(FailedTestDescription failure) {
            failed(file, failure.query.getQuery(), failure.error + " " + failure.details);
            return false;
          }
        };
    long start = System.nanoTime();
    int statementCount = 0;
    int queryCount = 0;
    int skippedCount = 0;
    for (ISqlTestOperation operation : parsed.fileContents) {
      if (operation instanceof SltSqlStatement statement) {
        statementCount++;
        run(file, statement);
      } else if (operation instanceof SqlTestQuery query) {
        if (sample.contains(file, queryCount + skippedCount)) {
          queryCount++;
          run(file, query, statistics);
        } else {
          skippedCount++;
        }
      }
    }
    return new FileResult(
        file, statementCount, queryCount, skippedCount, failures, System.nanoTime() - start);
  }

  private void run(String file, SltSqlStatement record) {
    try (Statement statement = getConnection().createStatement()) {
      statement.execute(record.statement);
    } catch (SQLException | RuntimeException | Error e) {
      if (record.shouldPass) {
        failed(file, record.statement, e.toString());
      } else if (!(e instanceof SQLException refused) || "XX000".equals(refused.getSQLState())) {
        failed(file, record.statement, "refused, but by " + e);
      }
      return;
    }
    if (!record.shouldPass) {
      failed(file, record.statement, "should have been refused");
    }
  }

  private void run(String file, SqlTestQuery query, TestStatistics statistics)
      throws NoSuchAlgorithmException {
    try (Statement statement = getConnection().createStatement();
        ResultSet rows = statement.executeQuery(query.getQuery())) {
      validate(query, rows, query.outputDescription, statistics);
    } catch (SQLException | RuntimeException | Error e) {
      failed(file, query.getQuery(), e.toString());
    }
  }

  private void failed(String file, String sql, String reason) {
    String line = reason.strip().replaceAll("\\s+", " ");
    failures.add(
        new FileResult.Failure(
            file, sql, line.substring(0, Math.min(line.length(), MOST_REASON_LENGTH))));
  }
}
