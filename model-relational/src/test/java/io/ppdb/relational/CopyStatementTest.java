package io.ppdb.relational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyStatementTest {
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
  private final RelationalSession session = engine.openSession();

  @TempDir private Path directory;

  @BeforeEach
  void create() {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, c BOOLEAN, d TEXT DEFAULT 'dd')");
  }

  @AfterEach
  void close() {
    session.close();
    store.close();
  }

  private void run(String sql) {
    session.execute(sql).close();
  }

  private List<String> rows() {
    return SqlText.rows(session, "SELECT * FROM t ORDER BY id");
  }

  private long in(String sql, String text) {
    return session.copyIn(sql, new StringReader(text));
  }

  private String out(String sql) {
    StringWriter text = new StringWriter();
    session.copyOut(sql, text);
    return text.toString();
  }

  @Test
  void aFileIsReadAndWritten() throws IOException {
    Path file = directory.resolve("in.csv");
    Files.writeString(
        file, "id,b,c\n1,\"a \"\"q\"\", x\",t\n2,,f\r\n3,\"\",\n4,\"two\nlines\",true");
    run("COPY t (id, b, c) FROM '" + file + "' (FORMAT csv, HEADER)");
    assertThat(rows())
        .containsExactly(
            "1|a \"q\", x|true|dd", "2|NULL|false|dd", "3||NULL|dd", "4|two\nlines|true|dd");
    Path copy = directory.resolve("out.csv");
    run("COPY t TO '" + copy + "' CSV HEADER");
    assertThat(Files.readString(copy))
        .isEqualTo(
            "id,b,c,d\n1,\"a \"\"q\"\", x\",t,dd\n2,,f,dd\n3,\"\",,dd\n4,\"two\nlines\",t,dd\n");
    run("DELETE FROM t WHERE id < 5");
    run("COPY t FROM '" + copy + "' CSV HEADER");
    assertThat(rows()).hasSize(4).contains("2|NULL|false|dd", "3||NULL|dd");
  }

  @Test
  void optionsSayHowRowsAreWritten() {
    in(
        "COPY t (id, b) FROM STDIN (FORMAT csv, DELIMITER '|', QUOTE '''', NULL 'N')",
        "1|'q''q'\n2|N");
    in("COPY t (id, b) FROM STDIN (FORMAT csv, NULL 'N', FORCE_NOT_NULL (b))", "3,N");
    in("COPY t (id, b) FROM STDIN (FORMAT csv, FORCE_NULL (b))", "4,\"\"");
    assertThat(out("COPY t (id, b) TO STDOUT (FORMAT csv, NULL 'nil', FORCE_QUOTE (b))"))
        .isEqualTo("1,\"q'q\"\n2,nil\n3,\"N\"\n4,nil\n");
    assertThat(out("COPY (SELECT b FROM t WHERE id = 1) TO STDOUT (FORMAT csv, QUOTE '''')"))
        .isEqualTo("'q''q'\n");
    assertThat(out("COPY (SELECT id FROM t ORDER BY id DESC LIMIT 1) TO STDOUT CSV HEADER"))
        .isEqualTo("id\n4\n");
  }

  @Test
  void whatIsWrongNamesLineAndColumnAndLeavesNothing() {
    assertThatThrownBy(() -> in("COPY t FROM STDIN CSV", "1,x,t,y\n2,x,maybe,y\n"))
        .hasMessageContaining("line 2, column c: \"maybe\"");
    assertThatThrownBy(() -> in("COPY t FROM STDIN CSV", "1,x\n"))
        .hasMessageContaining("missing data for column \"c\"")
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> in("COPY t FROM STDIN CSV", "1,x,t,y,z\n"))
        .hasMessageContaining("extra data");
    assertThatThrownBy(() -> in("COPY t FROM STDIN CSV", "1,\"x,t,y\n"))
        .hasMessageContaining("unterminated");
    assertThatThrownBy(() -> in("COPY t (id) FROM STDIN CSV", "1\n2\n1\n"))
        .hasMessageContaining("duplicate key")
        .hasMessageContaining("lines 1 to 3");
    assertThatThrownBy(() -> in("COPY t FROM STDIN", "1")).hasMessageContaining("FORMAT csv");
    assertThatThrownBy(() -> in("COPY t FROM STDIN (NOPE)", "1"))
        .hasMessageContaining("not recognized");
    assertThatThrownBy(() -> run("COPY t FROM STDIN CSV")).hasMessageContaining("stream");
    assertThatThrownBy(() -> run("COPY t FROM '/nowhere/at/all' CSV"))
        .hasMessageContaining("/nowhere/at/all");
    assertThat(rows()).isEmpty();
  }

  @Test
  void aFailedCopyLeavesTheTransactionAsItWas() {
    run("BEGIN");
    run("INSERT INTO t (id) VALUES (50)");
    StringBuilder text = new StringBuilder();
    for (int i = 1000; i < 3500; i++) {
      text.append(i).append('\n');
    }
    assertThatThrownBy(() -> in("COPY t (id) FROM STDIN CSV", text + "x\n"))
        .hasMessageContaining("line 2501");
    assertThat(in("COPY t (id) FROM STDIN CSV", "52\n")).isEqualTo(1);
    run("COMMIT");
    assertThat(rows()).containsExactly("50|NULL|NULL|dd", "52|NULL|NULL|dd");
    assertThat(in("COPY t (id) FROM STDIN CSV", text.toString())).isEqualTo(2500);
  }
}
