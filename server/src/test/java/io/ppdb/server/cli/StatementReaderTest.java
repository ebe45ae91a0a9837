package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.server.cli.StatementReader.Lexis;
import io.ppdb.server.cli.StatementReader.Statement;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementReaderTest {
  @Test
  void semicolonsSeparate() throws IOException {
    assertThat(sql("SELECT 1; SELECT 2 ;\nSELECT 3"))
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @Test
  void emptyStatementsAreNone() throws IOException {
    assertThat(sql(" ;; \n ; -- nothing\n /* nor here; */ ")).isEmpty();
    assertThat(sql("")).isEmpty();
  }

  @Test
  void quotesHoldSemicolons() throws IOException {
    assertThat(sql("SELECT ';', 'it''s; so', \"a;\"\"b\"; SELECT 2"))
        .containsExactly("SELECT ';', 'it''s; so', \"a;\"\"b\"", "SELECT 2");
  }

  @Test
  void backslashIsNoEscapeInSql() throws IOException {
    assertThat(sql("SELECT '\\'; SELECT 2")).containsExactly("SELECT '\\'", "SELECT 2");
  }

  @Test
  void dollarQuotesEndWithTheirOwnTag() throws IOException {
    assertThat(sql("SELECT $$a;b$$; SELECT $q$ ; $$ ; $r$ $q$; SELECT 3"))
        .containsExactly("SELECT $$a;b$$", "SELECT $q$ ; $$ ; $r$ $q$", "SELECT 3");
    assertThat(sql("SELECT $$$$; SELECT $1; SELECT a$b; SELECT c$d"))
        .containsExactly("SELECT $$$$", "SELECT $1", "SELECT a$b", "SELECT c$d");
  }

  @Test
  void commentsHoldSemicolonsAndNest() throws IOException {
    assertThat(sql("SELECT 1 -- a; b\n+ 1; SELECT /* a; /* b; */ c; */ 2; SELECT 3 - -1"))
        .containsExactly("SELECT 1 -- a; b\n+ 1", "SELECT /* a; /* b; */ c; */ 2", "SELECT 3 - -1");
    assertThat(sql("SELECT '--'; SELECT 4 / 2; SELECT '/*'; SELECT 5"))
        .containsExactly("SELECT '--'", "SELECT 4 / 2", "SELECT '/*'", "SELECT 5");
  }

  @Test
  void aStatementBeginsAtItsFirstWord() throws IOException {
    StatementReader reader =
        new StatementReader(
            new StringReader("-- header\n\nSELECT 1;\n /* x\n */ SELECT\n2; SELECT 3"), Lexis.SQL);
    assertThat(reader.next()).isEqualTo(new Statement("SELECT 1", 3, 1));
    assertThat(reader.next()).isEqualTo(new Statement("SELECT\n2", 5, 5));
    assertThat(reader.next()).isEqualTo(new Statement("SELECT 3", 6, 4));
    assertThat(reader.next()).isNull();
  }

  @Test
  void anOpenQuoteGivesItsStatementToTheParser() throws IOException {
    assertThat(sql("SELECT 'a; b")).containsExactly("SELECT 'a; b");
    assertThat(sql("SELECT $$a; b")).containsExactly("SELECT $$a; b");
    assertThat(sql("SELECT 1 /* a; b")).containsExactly("SELECT 1 /* a; b");
  }

  @Test
  void gremlinQuotesHaveBackslashEscapes() throws IOException {
    assertThat(
            all("g.V('it\\';s'); g.V(\"a;\\\\\").count(); g.V().out('--').in('$$')", Lexis.GREMLIN))
        .containsExactly("g.V('it\\';s')", "g.V(\"a;\\\\\").count()", "g.V().out('--').in('$$')");
  }

  @Test
  void nothingIsReadBeyondTheEndOfAStatement() throws IOException {
    Reader endless =
        new Reader() {
          private int position;

          @Override
          public int read() {
            return "SELECT 1; ".charAt(position++ % 10);
          }

          @Override
          public int read(char[] buffer, int offset, int length) {
            throw new AssertionError("reads ahead");
          }

          @Override
          public void close() {}
        };
    StatementReader reader = new StatementReader(endless, Lexis.SQL);
    assertThat(reader.next()).isEqualTo(new Statement("SELECT 1", 1, 1));
    assertThat(reader.next()).isEqualTo(new Statement("SELECT 1", 1, 11));
  }

  private static List<String> sql(String script) throws IOException {
    return all(script, Lexis.SQL);
  }

  private static List<String> all(String script, Lexis lexis) throws IOException {
    StatementReader reader = new StatementReader(new StringReader(script), lexis);
    List<String> statements = new ArrayList<>();
    for (Statement s = reader.next(); s != null; s = reader.next()) {
      statements.add(s.text());
    }
    return statements;
  }
}
