package io.ppdb.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
  @Test
  void fieldsArePartedByCommasAndRecordsByLines() throws IOException {
    assertThat(read("a,b\nc,d\n")).containsExactly(List.of("a", "b"), List.of("c", "d"));
    assertThat(read("a,b\r\nc,d")).containsExactly(List.of("a", "b"), List.of("c", "d"));
  }

  @Test
  void quotesHoldCommasQuotesAndLines() throws IOException {
    assertThat(read("\"a,b\",\"c\"\"d\"\n\"e\nf\",g\n"))
        .containsExactly(List.of("a,b", "c\"d"), List.of("e\nf", "g"));
  }

  @Test
  void anEmptyFieldIsNullAndEmptyQuotesAreNot() throws IOException {
    assertThat(read("a,,\n\"\",b,\n"))
        .containsExactly(Arrays.asList("a", null, null), Arrays.asList("", "b", null));
  }

  @Test
  void linesAreCounted() throws IOException {
    CsvReader reader = new CsvReader("x.csv", new StringReader("a\n\"b\n\"\n\nc\n"));
    reader.next();
    assertThat(reader.line()).isEqualTo(2);
    reader.next();
    assertThat(reader.line()).isEqualTo(4);
  }

  @Test
  void damageIsNamedWithItsLine() {
    assertThatThrownBy(() -> read("a\n\"b\n"))
        .hasMessage("x.csv, line 2: the quote is never closed");
    assertThatThrownBy(() -> read("\"a\"b\n")).hasMessageContaining("x.csv, line 1");
  }

  private static List<List<String>> read(String text) throws IOException {
    List<List<String>> records = new ArrayList<>();
    try (CsvReader reader = new CsvReader("x.csv", new StringReader(text))) {
      for (List<String> each = reader.next(); each != null; each = reader.next()) {
        records.add(each);
      }
    }
    return records;
  }
}
