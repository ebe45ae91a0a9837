package io.ppdb.relational.planner;

import io.ppdb.kv.codec.KeyReader;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.expr.TextFormat;
import io.ppdb.relational.statistics.ColumnStatistics;
import io.ppdb.relational.statistics.ColumnStatistics.CommonValue;
import io.ppdb.relational.statistics.SampleValue;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.storage.KeyColumns;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of INFORMATION_SCHEMA about what ANALYZE has seen. */
final class StatisticsRows {
  private StatisticsRows() {}

  /** One row for each column with statistics. */
  static List<@Nullable Object[]> columns(Visible visible) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : visible.readable()) {
      TableStatistics statistics = statistics(visible, table);
      for (ColumnDefinition column : table.columns()) {
        ColumnStatistics values = statistics.column(column.name(), column.type().kind().name());
        if (values != null) {
          rows.add(
              new @Nullable Object[] {
                table.schema(),
                table.name(),
                column.name(),
                statistics.rowCount(),
                values.nullFraction(),
                values.distinctCount(),
                list(values.common().stream().map(CommonValue::value).toList(), column.type()),
                values.common().stream()
                    .map(common -> String.valueOf(common.fraction()))
                    .collect(Collectors.joining(",", "{", "}")),
                list(values.bounds(), column.type())
              });
        }
      }
    }
    return rows;
  }

  /** One row for each beginning of a key. */
  static List<@Nullable Object[]> keys(Visible visible) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : visible.readable()) {
      TableStatistics statistics = statistics(visible, table);
      if (table.hasPrimaryKey()) {
        addKey(table, statistics, ForeignKeyDefinition.PRIMARY_KEY, rows);
      }
      for (IndexDefinition index : table.indexes()) {
        addKey(table, statistics, index.number(), rows);
      }
    }
    return rows;
  }

  private static TableStatistics statistics(Visible visible, TableDefinition table) {
    return visible.catalog().statistics().find(visible.view(), table.id()).statistics();
  }

  private static void addKey(
      TableDefinition table,
      TableStatistics statistics,
      int number,
      List<@Nullable Object[]> rows) {
    List<Double> counts = statistics.keys().get(number);
    for (int i = 0; counts != null && i < counts.size(); i++) {
      rows.add(
          new @Nullable Object[] {
            table.schema(), table.name(), table.keyName(number), i + 1, counts.get(i)
          });
    }
  }

  private static String list(List<SampleValue> values, ColumnType type) {
    return values.stream()
        .map(value -> text(value, type))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** The value as text; of one that was cut its end is left out. */
  private static String text(SampleValue value, ColumnType type) {
    byte[] element = value.element();
    if (element == null) {
      return "…";
    }
    Vector vector = Vector.create(type, 1);
    vector.reset(1);
    KeyColumns.read(new KeyReader(element), vector, 0);
    return TextFormat.format(vector, 0, ZoneOffset.UTC);
  }
}
