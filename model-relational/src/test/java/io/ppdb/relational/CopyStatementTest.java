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
import java.util.Random;
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

  @Test
  void withoutAFormatRowsStandBetweenTabsAsInPostgres() {
    in(
        "COPY t (id, b, c) FROM STDIN",
        "1\ta\\tb\\\\\\n\\v\tt\n2\t\\N\tf\r\n3\t\t\\N\n\\.\n9\tx\tt\n");
    assertThat(rows()).containsExactly("1|a\tb\\\n\u000b|true|dd", "2|NULL|false|dd", "3||NULL|dd");
    assertThat(out("COPY (SELECT id, b, c FROM t ORDER BY id) TO STDOUT"))
        .isEqualTo("1\ta\\tb\\\\\\n\\v\tt\n2\t\\N\tf\n3\t\t\\N\n");
    assertThat(
            out(
                "COPY (SELECT id, b FROM t WHERE id < 3 ORDER BY id) TO STDOUT (DELIMITER '|',"
                    + " NULL '', HEADER)"))
        .isEqualTo("id|b\n1|a\\tb\\\\\\n\\v\n2|\n");
  }

  @Test
  void escapesNameCharactersAndBytes() {
    in(
        "COPY t (id, b) FROM STDIN (FORMAT text, DELIMITER ',')",
        "1,\\101\\x42\\q\n2,\\xc3\\xa4\\303\\266\n3,a\\,b\n4,two\\\nlines\n5,x\\N\n6,\\\\N\n");
    assertThat(rows())
        .containsExactly(
            "1|ABq|NULL|dd",
            "2|äö|NULL|dd",
            "3|a,b|NULL|dd",
            "4|two\nlines|NULL|dd",
            "5|xN|NULL|dd",
            "6|\\N|NULL|dd");
    assertThatThrownBy(() -> in("COPY t (id, b) FROM STDIN", "7\tok\n8\t\\xff\n"))
        .hasMessageContaining("invalid byte sequence for encoding \"UTF8\": \\xff (line 2)");
    assertThat(rows()).hasSize(6);
  }

  @Test
  void whatIsWrittenIsReadAgainInEachFormat() {
    Random random = new Random(1);
    int[] alphabet = "ab\\N.\t,|\"'\n\r\b\u000b0x1ü😀 ".codePoints().toArray();
    PreparedSql insert = session.prepare("INSERT INTO t (id, b) VALUES (?, ?)");
    for (int id = 0; id < 300; id++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(6), 0, alphabet.length)
          .forEach(at -> text.appendCodePoint(alphabet[at]));
      insert.execute(id, id % 7 == 0 ? null : text.toString()).close();
    }
    List<String> before = rows();
    for (String options :
        List.of(
            "",
            "(DELIMITER '|', NULL 'nil')",
            "(FORMAT csv)",
            "(FORMAT csv, QUOTE '''', ESCAPE '\\')")) {
      String text = out("COPY t TO STDOUT " + options);
      run("TRUNCATE t");
      in("COPY t FROM STDIN " + options, text);
      assertThat(rows()).as(options).isEqualTo(before);
    }
  }

  @Test
  void optionsOfTheOtherFormatAndBadOnesAreRefused() {
    assertThatThrownBy(() -> out("COPY t TO STDOUT (QUOTE 'x')"))
        .hasMessage("option \"quote\" of COPY is not for format text (line 1, column 1)");
    assertThatThrownBy(() -> out("COPY t TO STDOUT (DELIMITER 'n')"))
        .hasMessageContaining("COPY delimiter cannot be \"n\"");
    assertThatThrownBy(() -> out("COPY t TO STDOUT (FORMAT 'binary')"))
        .hasMessageContaining("COPY format \"binary\" is not known; expected csv or text");
    assertThatThrownBy(() -> in("COPY t (id, b) FROM STDIN", "1\n"))
        .hasMessageContaining("missing data for column \"b\" (COPY t, line 1)");
    assertThatThrownBy(() -> in("COPY t (id, b) FROM STDIN", "1\t2\t3\n"))
        .hasMessageContaining("extra data after last expected column (COPY t, line 1)");
  }
}
