package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements with what they give, from files: blocks of a statement, a line {@code ----} and the
 * result (rows, a count, or an error), separated by empty lines; {@code #} begins a comment.
 *
 * <p>{@code -Dppdb.rewrite=true} writes the results that were seen into the files.
 */
final class SqlFileTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/sql");
  private static final String SEPARATOR = "----";

  static Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".test"))
          .map(name -> name.substring(0, name.length() - ".test".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void statementsGiveWhatTheFileSays(String name) throws IOException {
    Path file = DIRECTORY.resolve(name + ".test");
    String expected = Files.readString(file);
    String actual = run(expected, (session, sql) -> {});
    if (Boolean.getBoolean("ppdb.rewrite")) {
      Files.writeString(file, actual);
      return;
    }
    assertThat(actual).isEqualTo(expected);
  }

  /** Each statement runs by a plan that was made for other literals, where it has any. */
  @ParameterizedTest
  @MethodSource("names")
  void plansOfOtherLiteralsGiveTheSame(String name) throws IOException {
    String expected = Files.readString(DIRECTORY.resolve(name + ".test"));
    assertThat(run(expected, SqlFileTest::prepareWithOtherLiterals)).isEqualTo(expected);
  }

  private static void prepareWithOtherLiterals(RelationalSession session, String sql) {
    LiteralLifter.Lifted lifted = LiteralLifter.lift(sql);
    if (lifted == null) {
      return;
    }
    Iterator<LiteralLifter.Literal> literals = lifted.literals().iterator();
    StringBuilder other = new StringBuilder();
    boolean quoted = false;
    for (char c : lifted.shape().toCharArray()) {
      quoted ^= c == '\'';
      if (c != '?' || quoted) {
        other.append(c);
      } else if (literals.next().value() instanceof Number number) {
        other.append(number instanceof BigDecimal ? "9.75" : "12");
      } else {
        other.append("'2011-11-11'");
      }
    }
    try {
      session.prepare(other.toString());
    } catch (PpdbException e) {
      // The plan made for the text itself is as good.
    }
  }

  private static String run(String text, BiConsumer<RelationalSession, String> beforeEach) {
    StringBuilder output = new StringBuilder();
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        for (String block : Splitter.on("\n\n").split(text.strip())) {
          output.append(runBlock(session, block, beforeEach)).append("\n\n");
        }
      }
    }
    return output.toString().stripTrailing() + "\n";
  }

  private static String runBlock(
      RelationalSession session, String block, BiConsumer<RelationalSession, String> beforeEach) {
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
    if (sql.isBlank()) {
      return head;
    }
    beforeEach.accept(session, sql);
    return head + "\n" + SEPARATOR + "\n" + String.join("\n", SqlText.result(session, sql));
  }
}
