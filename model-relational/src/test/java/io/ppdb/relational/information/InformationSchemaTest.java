package io.ppdb.relational.information;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.ColumnType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InformationSchemaTest {
  private static final TableDefinition ORDERS =
      new TableDefinition(
          16,
          1,
          "public",
          "orders",
          TableDefinition.ROW_KIND,
          Map.of(),
          List.of(
              new ColumnDefinition("id", ColumnType.INTEGER, false, null),
              new ColumnDefinition("price", ColumnType.decimal(15, 2), true, "0"),
              new ColumnDefinition("note", ColumnType.TEXT, true, null)),
          List.of(0),
          List.of(),
          1);

  private final InformationSchema schema =
      new InformationSchema(
          new InformationSchema.Definitions() {
            @Override
            public String catalogName() {
              return "shop";
            }

            @Override
            public List<String> schemas(ReadView view) {
              return List.of("public");
            }

            @Override
            public List<TableDefinition> tables(ReadView view) {
              return List.of(ORDERS);
            }
          });

  private List<List<@Nullable Object>> read(String table, String... columns) {
    TableAccess access = Objects.requireNonNull(schema.table(table));
    int[] ordinals =
        Arrays.stream(columns).mapToInt(name -> access.table().columnIndex(name)).toArray();
    List<ColumnType> types =
        Arrays.stream(ordinals).mapToObj(i -> access.table().column(i).type()).toList();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (KeyValueStore store = new MemoryEngine().open(Path.of("."), StoreOptions.DEFAULT);
        Snapshot view = store.snapshot();
        ScanOperator scan =
            new ScanOperator(
                types,
                access
                    .scanPaths(new ScanRequest(ordinals, List.of(), List.of(), Long.MAX_VALUE))
                    .get(0)
                    .source())) {
      // Batches of two rows, so that a scan spans several.
      scan.open(ExecutionContext.builder().view(view).batchRows(2).build());
      RowCursor cursor = new RowCursor(scan);
      while (cursor.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < ordinals.length; i++) {
          row.add(cursor.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void columnsTellTypesLimitsAndDefaults() {
    assertThat(
            read(
                    "columns",
                    "table_name",
                    "column_name",
                    "ordinal_position",
                    "data_type",
                    "numeric_precision",
                    "numeric_scale",
                    "column_default",
                    "is_nullable")
                .subList(0, 3))
        .containsExactly(
            Arrays.asList("orders", "id", 1, "integer", 32, 0, null, "NO"),
            Arrays.asList("orders", "price", 2, "numeric", 15, 2, "0", "YES"),
            Arrays.asList("orders", "note", 3, "text", null, null, null, "YES"));
  }

  @Test
  void tablesShowThemselvesAsSystemTables() {
    assertThat(read("tables", "table_schema", "table_name", "table_type"))
        .hasSize(1 + schema.tableNames().size())
        .contains(List.of("public", "orders", "BASE TABLE"))
        .contains(List.of("information_schema", "columns", "VIEW"));
    assertThat(read("schemata", "schema_name"))
        .containsExactly(List.of("public"), List.of("information_schema"));
  }

  @Test
  void aPrimaryKeyIsAConstraintAndAnIndex() {
    assertThat(read("table_constraints", "constraint_name", "constraint_type"))
        .containsExactly(List.of("orders_pkey", "PRIMARY KEY"));
    assertThat(read("key_column_usage", "constraint_name", "column_name", "ordinal_position"))
        .containsExactly(List.of("orders_pkey", "id", 1));
    assertThat(read("statistics", "index_name", "non_unique", "column_name", "collation"))
        .containsExactly(List.of("orders_pkey", false, "id", "A"));
    assertThat(schema.table("nothing")).isNull();
  }
}
