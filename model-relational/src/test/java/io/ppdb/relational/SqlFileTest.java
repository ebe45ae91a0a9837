package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements with what they give, from files: blocks of a statement, a line {@code ----} and the
 * result (rows, a count, or an error), separated by empty lines; {@code #} begins a comment.
 *
 * <p>{@code -Dppdb.rewrite=true} writes the results that were seen into the files.
 */
final class SqlFileTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/sql");
  private static final String SEPARATOR = "----";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select",
        "aggregates",
        "definitions",
        "writes",
        "clauses",
        "transactions",
        "plans",
        "errors",
        "joins",
        "constraints",
        "views"
      })
  void statementsGiveWhatTheFileSays(String name) throws IOException {
    Path file = DIRECTORY.resolve(name + ".test");
    String expected = Files.readString(file);
    String actual = run(expected);
    if (Boolean.getBoolean("ppdb.rewrite")) {
      Files.writeString(file, actual);
      return;
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static String run(String text) {
    StringBuilder output = new StringBuilder();
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        for (String block : Splitter.on("\n\n").split(text.strip())) {
          output.append(runBlock(session, block)).append("\n\n");
        }
      }
    }
    return output.toString().stripTrailing() + "\n";
  }

  private static String runBlock(RelationalSession session, String block) {
    List<String> statement = new ArrayList<>();
    for (String line : block.lines().toList()) {
      if (line.equals(SEPARATOR)) {
        break;
      }
      statement.add(line);
    }
    String head = String.join("\n", statement);
    String sql =
        String.join("\n", statement.stream().filter(line -> !line.startsWith("#")).toList());
    return sql.isBlank()
        ? head
        : head + "\n" + SEPARATOR + "\n" + String.join("\n", result(session, sql));
  }

  private static List<String> result(RelationalSession session, String sql) {
    try {
      PreparedSql prepared = session.prepare(sql);
      if (prepared.hasRows()) {
        List<String> rows = SqlText.rows(session, sql);
        return rows.isEmpty() ? List.of("(no rows)") : rows;
      }
      try (StatementResult result = prepared.execute()) {
        return List.of("ok " + result.updateCount());
      }
    } catch (PpdbException e) {
      return List.of(e.code() + ": " + e.getMessage());
    }
  }
}
