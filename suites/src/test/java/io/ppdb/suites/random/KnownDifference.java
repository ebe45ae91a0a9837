package io.ppdb.suites.random;

import io.ppdb.suites.Answer;
import java.util.List;
import java.util.function.Predicate;

/**
 * Where another database answers otherwise than PPDB, which does as PostgreSQL.
 *
 * @param database whose answer it is
 * @param answer the answers that it explains
 * @param reason why they are not PPDB's
 */
record KnownDifference(String database, Predicate<Answer> answer, String reason) {
  private static final List<KnownDifference> ALL =
      List.of(
          new KnownDifference(
              "DuckDB",
              answer -> message(answer).contains("INTERNAL Error"),
              "fails by a defect of its own"),
          new KnownDifference(
              "DuckDB",
              answer -> message(answer).contains("Not implemented"),
              "does not plan every correlated sub-query"));

  private static String message(Answer answer) {
    return String.valueOf(answer.error());
  }

  /** Whether one of them is why {@code database} gives {@code answer}. */
  static boolean explains(String database, Answer answer) {
    return ALL.stream()
        .anyMatch(each -> each.database.equals(database) && each.answer.test(answer));
  }
}
