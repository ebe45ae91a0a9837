package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputFormatTest {
  private static final List<Rows.Column> CITY_COUNT =
      List.of(new Rows.Column("city", false), new Rows.Column("count", true));

  @Test
  void tableIsAligned() throws SQLException {
    assertThat(
            print(
                OutputFormat.TABLE,
                CITY_COUNT,
                row("Boston", 120),
                row("Zürich", 7),
                row(null, null)))
        .isEqualTo(
            """
             city   | count
            --------+-------
             Boston |   120
             Zürich |     7
                    |
            (3 rows)
            """);
    assertThat(print(OutputFormat.TABLE, CITY_COUNT, row("a\nb\u0001", 1)))
        .isEqualTo(
            """
             city       | count
            ------------+-------
             a\\nb\\u0001 |     1
            (1 row)
            """);
  }

  @Test
  void csvQuotesWhatNeedsIt() throws SQLException {
    assertThat(
            print(
                OutputFormat.CSV,
                CITY_COUNT,
                row("a,b", 1),
                row("say \"hi\"", 2),
                row("two\nlines", 3),
                row("", 4),
                row(null, null)))
        .isEqualTo("city,count\n\"a,b\",1\n\"say \"\"hi\"\"\",2\n\"two\nlines\",3\n\"\",4\n,\n");
  }

  @Test
  void csvWritesValuesAsSqlDoes() throws SQLException {
    Map<Object, String> texts = new LinkedHashMap<>();
    texts.put(true, "true");
    texts.put(1.0, "1");
    texts.put(-0.0, "-0");
    texts.put(17.6, "17.6");
    texts.put(1e-4, "0.0001");
    texts.put(1e-5, "1e-5");
    texts.put(123456789012345.0, "123456789012345");
    texts.put(1.5e15, "1.5e+15");
    texts.put(Double.NaN, "NaN");
    texts.put(Double.NEGATIVE_INFINITY, "-Infinity");
    texts.put(0.1f, "0.1");
    texts.put(new BigDecimal("1E+3"), "1000");
    texts.put(new BigDecimal("17.60"), "17.60");
    texts.put(LocalDate.of(2001, 2, 1), "2001-02-01");
    texts.put(LocalTime.of(0, 0), "00:00:00");
    texts.put(LocalDateTime.of(2001, 2, 1, 0, 0), "2001-02-01 00:00:00");
    texts.put(LocalDateTime.of(2001, 2, 1, 0, 0, 0, 500_000_000), "2001-02-01 00:00:00.5");
    texts.put(OffsetDateTime.parse("2001-02-01T00:00:00Z"), "2001-02-01 00:00:00+00");
    texts.put(OffsetDateTime.parse("2001-02-01T00:00:00+05:30"), "2001-02-01 00:00:00+05:30");
    texts.put(new byte[] {0, -1}, "\\x00ff");
    List<Rows.Column> column = List.of(new Rows.Column("v", false));
    for (Map.Entry<Object, String> each : texts.entrySet()) {
      assertThat(print(OutputFormat.CSV, column, row(each.getKey())))
          .isEqualTo("v\n" + each.getValue() + "\n");
    }
  }

  @Test
  void jsonIsOneArrayOfObjects() throws SQLException {
    assertThat(print(OutputFormat.JSON, CITY_COUNT)).isEqualTo("[]\n");
    assertThat(print(OutputFormat.JSON, CITY_COUNT, row("a\"\\\n\u0001", 1), row(null, 2.5)))
        .isEqualTo(
            "[\n"
                + " {\"city\":\"a\\\"\\\\\\n"
                + "\\u0001\",\"count\":1},\n"
                + " {\"city\":null,\"count\":2.5}\n"
                + "]\n");
  }

  @Test
  void jsonNestsMapsAndLists() throws SQLException {
    List<Rows.Column> columns = List.of(new Rows.Column("v", false), new Rows.Column("v", false));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("code", List.of("SEA", 1L));
    map.put("open", true);
    assertThat(print(OutputFormat.JSON, columns, row(map, Double.NaN)))
        .isEqualTo("[\n {\"v\":{\"code\":[\"SEA\",1],\"open\":true},\"v_2\":\"NaN\"}\n]\n");
    assertThat(print(OutputFormat.CSV, columns, row(List.of(1, 2), "x")))
        .isEqualTo("v,v\n\"[1,2]\",x\n");
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static String print(
      OutputFormat format, List<Rows.Column> columns, @Nullable Object[]... rows)
      throws SQLException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = Streams.print(bytes);
    format.print(Rows.of(columns, new ArrayList<>(Arrays.asList(rows))), out);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
