package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever somebody types, the answer is rows, a count or an error that tells what is wrong: after
 * each statement of the files of {@link SqlFileTest} run some that differ from it by a few words or
 * letters. None may fail as a defect does: with INTERNAL, or by anything but a {@link
 * PpdbException}; and none takes long.
 *
 * <p>{@code -Dppdb.seed=} mutates otherwise; {@code ppdb.effort} says how many times as much.
 */
final class MutatedStatementsTest {
  private static final int MUTANTS_PER_STATEMENT = 14;
  private static final long FIRST_SEED = 20_261_123;
  private static final int MOST_SECONDS = 20;

  /** Recursions without an end are no defect. */
  private static final String TIMEOUT = "SET statement_timeout = '5s'";

  private static final Path DIRECTORY = Path.of("src/test/resources/sql");
  private static final Pattern TOKEN =
      Pattern.compile("'[^']*'|\"[^\"]*\"|[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|\\s+|.", Pattern.DOTALL);

  private static final List<String> WORDS =
      List.of(
          "NULL",
          "''",
          "'a'",
          "-1",
          "0",
          "1e308",
          "9223372036854775807",
          "99999999999999999999",
          "0.5",
          "(",
          ")",
          "()",
          ",",
          "*",
          "-",
          "||",
          "=",
          "?",
          "::",
          "::int",
          "::text",
          "::date",
          "[1]",
          "SELECT",
          "SELECT 1",
          "(SELECT 1)",
          "(SELECT id FROM t)",
          "FROM",
          "WHERE",
          "AND",
          "OR",
          "NOT",
          "IN",
          "EXISTS",
          "GROUP BY 1",
          "ORDER BY 1",
          "HAVING",
          "LIMIT 1",
          "LIMIT -1",
          "UNION ALL",
          "JOIN",
          "LEFT JOIN",
          "ON TRUE",
          "USING (id)",
          "AS x",
          "DISTINCT",
          "ALL",
          "CASE WHEN",
          "END",
          "BETWEEN",
          "LIKE",
          "ESCAPE",
          "IS NULL",
          "CAST(",
          "AS INTEGER)",
          "count(*)",
          "sum(",
          "min(",
          "coalesce(",
          "OVER ()",
          "FILTER (WHERE TRUE)",
          "VALUES",
          "INTERVAL '1' DAY",
          "DATE '2001-01-01'",
          "TIMESTAMP",
          "ARRAY[1, 2]",
          "ROW(1, 2)",
          "WITH c AS (SELECT 1)",
          "LATERAL",
          "DEFAULT",
          "PRIMARY KEY",
          "TABLE",
          "INDEX",
          "RETURNING",
          ";",
          "--",
          "/*",
          "\"",
          "'",
          "\\",
          "\u0000",
          "\uD800",
          "é",
          "$1",
          "@",
          "#",
          "{",
          "}");

  @Test
  void onlyErrorsThatTellWhatIsWrong() throws IOException {
    long seed = Long.getLong("ppdb.seed", FIRST_SEED);
    Random random = new Random(seed);
    List<String> failures = new ArrayList<>();
    int count = 0;
    int answeredCount = 0;
    for (int round = 0; round < Integer.getInteger("ppdb.effort", 1); round++) {
      for (Path file : files()) {
        List<String> statements = statements(file);
        try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
            RelationalSession session =
                new RelationalEngine(store, List.of(), List.of()).openSession()) {
          session.execute(TIMEOUT);
          for (String statement : statements) {
            for (int i = 0; i < MUTANTS_PER_STATEMENT; i++) {
              String mutant = mutant(statement, statements, random);
              count++;
              answeredCount += run(session, mutant, failures) ? 1 : 0;
              session.rollback();
            }
            run(session, statement, failures);
          }
        }
      }
    }
    assertThat(failures)
        .as("-Dppdb.seed=%d: %d statements, %d failures", seed, count, failures.size())
        .isEmpty();
    assertThat(count).isGreaterThanOrEqualTo(5000);
    assertThat(answeredCount).as("mutants that mean something").isGreaterThan(count / 20);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith(".test")).sorted().toList();
    }
  }

  private static List<String> statements(Path file) throws IOException {
    List<String> statements = new ArrayList<>();
    for (String block : Splitter.on("\n\n").split(Files.readString(file).strip())) {
      String statement =
          block
              .lines()
              .takeWhile(line -> !line.equals("----"))
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.joining("\n"));
      if (!statement.isBlank()) {
        statements.add(statement);
      }
    }
    return statements;
  }

  /** Whether it was answered, be it by rows or a count. */
  private static boolean run(RelationalSession session, String sql, List<String> failures) {
    long start = System.nanoTime();
    try {
      return answered(session, sql);
    } catch (PpdbException e) {
      if (e.code() == ErrorCode.INTERNAL) {
        failures.add(described(sql, e));
      }
    } catch (RuntimeException | Error e) {
      failures.add(described(sql, e));
    } finally {
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      if (seconds > MOST_SECONDS) {
        failures.add(sql + "\n  took " + seconds + " s");
      }
    }
    return false;
  }

  private static boolean answered(RelationalSession session, String sql) {
    PreparedSql prepared = session.prepare(sql);
    Object[] nulls = new Object[prepared.parameterTypes().size()];
    try (StatementResult result = prepared.execute(nulls)) {
      if (prepared.hasRows()) {
        SqlText.rows(result);
      }
    }
    return true;
  }

  private static String described(String sql, Throwable e) {
    String message = String.valueOf(e);
    String place =
        Stream.of(e.getStackTrace())
            .map(StackTraceElement::toString)
            .filter(frame -> frame.contains("io.ppdb"))
            .findFirst()
            .orElse("?");
    return sql + "\n  " + message.substring(0, Math.min(300, message.length())) + "\n  at " + place;
  }

  private static String mutant(String statement, List<String> others, Random random) {
    List<String> tokens = tokens(statement);
    int changeCount = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
    for (int i = 0; i < changeCount && !tokens.isEmpty(); i++) {
      int place = random.nextInt(tokens.size());
      switch (random.nextInt(8)) {
        case 0 -> tokens.remove(place);
        case 1 -> tokens.add(place, tokens.get(random.nextInt(tokens.size())));
        case 2 -> tokens.set(place, tokens.get(random.nextInt(tokens.size())));
        case 3 -> tokens.set(place, word(random));
        case 4 -> tokens.add(place, " " + word(random) + " ");
        case 5 -> {
          List<String> other = tokens(others.get(random.nextInt(others.size())));
          int first = random.nextInt(other.size());
          int end = first + 1 + random.nextInt(Math.min(6, other.size() - first));
          tokens.addAll(place, other.subList(first, end));
        }
        case 6 -> tokens.subList(place, tokens.size()).clear();
        default -> tokens.set(place, scratched(tokens.get(place), random));
      }
    }
    return String.join("", tokens);
  }

  private static String word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static String scratched(String token, Random random) {
    int at = random.nextInt(token.length());
    return token.substring(0, at) + (char) (32 + random.nextInt(95)) + token.substring(at + 1);
  }

  private static List<String> tokens(String statement) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(statement);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }
}
