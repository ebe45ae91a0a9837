package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients of PostgreSQL ask {@code pg_catalog}, in their own words as a server has logged
 * them, and what they are answered about {@code schema.sql}: files of sections of a line {@code ===
 * command}, the statement, a line {@code ----} and the rows. {@code {shop.orders}} is the oid of a
 * table.
 *
 * <p>{@code -Dppdb.rewrite=true} writes the rows that were seen into the files.
 */
final class ClientQueriesTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/pgcatalog");
  private static final Pattern OID = Pattern.compile("\\b\\d{5,10}\\b");
  private static final Splitter SECTIONS = Splitter.on(Pattern.compile("(?m)^=== "));
  private static final Pattern NAME = Pattern.compile("\\{([a-z_.]+)\\}");

  @ParameterizedTest
  @ValueSource(strings = {"psql", "pgjdbc"})
  void clientsAreAnsweredInWhatTheyAsk(String client) throws IOException {
    Path file = DIRECTORY.resolve(client + ".txt");
    String expected = Files.readString(file);
    String actual = run(expected);
    if (Boolean.getBoolean("ppdb.rewrite")) {
      Files.writeString(file, actual);
      return;
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static String run(String text) throws IOException {
    StringBuilder output = new StringBuilder();
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT)) {
      RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
      try (RelationalSession session = engine.openSession()) {
        for (String statement :
            Splitter.on(";\n")
                .omitEmptyStrings()
                .split(Files.readString(DIRECTORY.resolve("schema.sql")))) {
          session.execute(statement).close();
        }
        Map<String, String> oids = oids(session);
        for (String section : SECTIONS.split(text)) {
          if (!section.isBlank()) {
            output.append("=== ").append(runSection(session, section, oids)).append("\n");
          }
        }
      }
    }
    return output.toString();
  }

  private static Map<String, String> oids(RelationalSession session) {
    Map<String, String> oids = new HashMap<>();
    String query =
        "SELECT n.nspname || '.' || c.relname, c.oid FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid >= 16384";
    for (String row : SqlText.rows(session, query)) {
      int bar = row.indexOf('|');
      oids.put(row.substring(0, bar), row.substring(bar + 1));
    }
    return oids;
  }

  private static String runSection(
      RelationalSession session, String section, Map<String, String> oids) {
    int end = section.indexOf("\n----\n");
    String head = end < 0 ? section.strip() : section.substring(0, end);
    String statement = head.substring(head.indexOf('\n') + 1);
    String sql = NAME.matcher(statement).replaceAll(name -> oids.getOrDefault(name.group(1), "?"));
    String plain = sql.endsWith(";") ? sql.substring(0, sql.length() - 1) : sql;
    Map<String, String> names =
        oids.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    String rows =
        OID.matcher(String.join("\n", SqlText.result(session, plain)))
            .replaceAll(oid -> Matcher.quoteReplacement(name(oid.group(), names)));
    return head + "\n----\n" + rows.replaceAll("\\b\\d+ bytes", "some bytes") + "\n";
  }

  private static String name(String oid, Map<String, String> names) {
    String name = names.get(oid);
    return name == null ? oid : "{" + name + "}";
  }
}
