package io.ppdb.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.database.Database;
import io.ppdb.database.Transaction;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says is compiled and run as it stands there. */
class ReadmeTest {
  private static final String CLASS =
      """
      import static java.nio.charset.StandardCharsets.UTF_8;

      import io.ppdb.database.Database;
      import java.nio.file.Files;
      import java.nio.file.Path;

      public class Snippet {
        public static void main(String[] args) throws Exception {
      %s
        }
      }
      """;

  @TempDir private Path directory = Path.of("replaced by JUnit");

  @Test
  void theJavaSnippetCompilesAndDoesWhatItSays() throws Exception {
    assertThat(Readme.blocks("java")).hasSize(1);
    String snippet = Readme.blocks("java").get(0);
    Path data = directory.resolve("data");
    String place = "Path.of(\"data\")";
    assertThat(snippet).containsOnlyOnce(place);
    run(snippet.replace(place, "Path.of(args[0])"), data);
    try (Database database = Database.open(data);
        Transaction tx = database.begin()) {
      assertThat(tx.sql().execute("DELETE FROM airports WHERE code = 'AUS'").updateCount())
          .isEqualTo(1);
      assertThat(tx.graph().traversal().V().has("airport", "code", "AUS").hasNext()).isTrue();
      assertThat(tx.kv().get("seen".getBytes(UTF_8))).isEqualTo("AUS".getBytes(UTF_8));
    }
  }

  private void run(String snippet, Path data) throws Exception {
    Path source = Files.writeString(directory.resolve("Snippet.java"), CLASS.formatted(snippet));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    int failures =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                classPath,
                "-d",
                directory.toString(),
                source.toString());
    assertThat(failures).isZero();
    URL[] classes = {directory.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      loader
          .loadClass("Snippet")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {data.toString()});
    }
  }

  @Test
  void theFirstScreenHasFortyLinesAtMost() {
    assertThat(Readme.text().lines().takeWhile(line -> !line.startsWith("## ")).toList())
        .hasSizeLessThanOrEqualTo(40);
  }
}
