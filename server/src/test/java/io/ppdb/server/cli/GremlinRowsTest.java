package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GremlinRowsTest {
  @Test
  void valuesStandInOneColumn() throws SQLException {
    Rows rows = GremlinRows.of(Arrays.asList(1L, null, "x"));
    assertThat(rows.columns()).containsExactly(new Rows.Column("result", false));
    assertThat(all(rows))
        .containsExactly(Arrays.asList(1L), Arrays.asList((Object) null), List.of("x"));
    assertThat(GremlinRows.of(List.of(1, 2.5)).columns())
        .containsExactly(new Rows.Column("result", true));
    assertThat(all(GremlinRows.of(List.of()))).isEmpty();
  }

  @Test
  void keysOfMapsAreTheColumns() throws SQLException {
    Rows rows =
        GremlinRows.of(List.of(Map.of("code", "SEA"), Map.of("dist", 7), Map.of("code", "LHR")));
    assertThat(rows.columns())
        .containsExactly(new Rows.Column("code", false), new Rows.Column("dist", true));
    assertThat(all(rows))
        .containsExactly(
            Arrays.asList("SEA", null), Arrays.asList(null, 7), Arrays.asList("LHR", null));
  }

  @Test
  void mapsAmongOtherValuesAreValues() throws SQLException {
    Rows rows = GremlinRows.of(List.of(Map.of("a", 1), 2));
    assertThat(rows.columns()).containsExactly(new Rows.Column("result", false));
    assertThat(all(rows)).containsExactly(List.of(Map.of("a", 1)), List.of(2));
  }

  private static List<List<@Nullable Object>> all(Rows rows) throws SQLException {
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
      all.add(Arrays.asList(row));
    }
    return all;
  }
}
