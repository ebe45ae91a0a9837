package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The examples of docs/sql.md do what the page says. They run from top to bottom in one database:
 * in each block marked {@code sql}, statements are separated by empty lines; below a line {@code
 * ----} stands what a statement gives, as in the files of {@link SqlFileTest}. One without such a
 * line has to succeed. One that begins with {@code -- another session} runs in another one. What
 * COPY writes to STDOUT are its rows; what it reads from STDIN stands below its semicolon.
 *
 * <p>{@code -Dppdb.rewrite=true} writes the results that were seen into the page.
 */
final class SqlReferenceTest {
  private static final Path PAGE = Path.of("../docs/sql.md");
  private static final Pattern BLOCK = Pattern.compile("(?<=```sql\n)(.*?)(?=```)", Pattern.DOTALL);
  private static final String SEPARATOR = "\n----\n";
  private static final String ANOTHER = "-- another session\n";

  @Test
  void examplesDoWhatThePageSays() throws IOException {
    String expected = Files.readString(PAGE);
    StringBuilder actual = new StringBuilder();
    int count = 0;
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession();
          RelationalSession other = engine.openSession()) {
        Matcher matcher = BLOCK.matcher(expected);
        while (matcher.find()) {
          count++;
          String block = run(session, other, matcher.group());
          matcher.appendReplacement(actual, Matcher.quoteReplacement(block));
        }
        matcher.appendTail(actual);
      }
    }
    if (Boolean.getBoolean("ppdb.rewrite")) {
      Files.writeString(PAGE, actual);
      return;
    }
    assertThat(actual.toString()).isEqualTo(expected);
    assertThat(count).as("blocks of examples").isGreaterThan(40);
  }

  private static String run(RelationalSession session, RelationalSession other, String block) {
    List<String> examples = new ArrayList<>();
    for (String example : Splitter.on("\n\n").split(block.strip())) {
      int end = (example + "\n").indexOf(SEPARATOR);
      String sql = end < 0 ? example : example.substring(0, end);
      List<String> result = result(sql.startsWith(ANOTHER) ? other : session, sql);
      boolean shown = end >= 0 || !result.get(0).startsWith("ok ");
      examples.add(shown ? sql + SEPARATOR + String.join("\n", result) : sql);
    }
    return String.join("\n\n", examples) + "\n";
  }

  private static List<String> result(RelationalSession session, String sql) {
    try {
      if (sql.startsWith("COPY") && sql.contains("STDOUT")) {
        StringWriter out = new StringWriter();
        session.copyOut(sql, out);
        return out.toString().lines().toList();
      }
      int data = sql.indexOf(";\n");
      if (sql.startsWith("COPY") && data > 0) {
        StringReader rows = new StringReader(sql.substring(data + 2));
        return List.of("ok " + session.copyIn(sql.substring(0, data), rows));
      }
    } catch (PpdbException e) {
      return List.of(e.code() + ": " + e.getMessage());
    }
    List<String> result = SqlText.result(session, sql);
    // A conflict names a key and versions, which change with all that comes before.
    return result.get(0).startsWith("CONFLICT: ") ? List.of("CONFLICT") : result;
  }
}
