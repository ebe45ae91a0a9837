package io.ppdb.relational.information;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.information.InformationSchema.Definitions;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of each table of INFORMATION_SCHEMA. Thread-safe. */
final class InformationRows {
  private static final String OWNER = "ppdb";
  private static final int MICROSECOND_DIGITS = 6;

  private final Definitions definitions;
  private final Collection<InformationTable> systemTables;

  /**
   * Rows over a catalog.
   *
   * @param systemTables the tables of INFORMATION_SCHEMA, a live view: they show themselves too
   */
  InformationRows(Definitions definitions, Collection<InformationTable> systemTables) {
    this.definitions = definitions;
    this.systemTables = systemTables;
  }

  private List<TableDefinition> allTables(ReadView view) {
    List<TableDefinition> all = new ArrayList<>(definitions.tables(view));
    systemTables.forEach(each -> all.add(each.table()));
    return all;
  }

  private static boolean isSystem(TableDefinition table) {
    return table.id() < 0;
  }

  List<@Nullable Object[]> schemata(ReadView view) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (String schema : definitions.schemas(view)) {
      rows.add(row(definitions.catalogName(), schema, OWNER));
    }
    rows.add(row(definitions.catalogName(), InformationSchema.NAME, OWNER));
    return rows;
  }

  List<@Nullable Object[]> tables(ReadView view) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : allTables(view)) {
      rows.add(
          row(
              definitions.catalogName(),
              table.schema(),
              table.name(),
              isSystem(table) ? "VIEW" : "BASE TABLE",
              yesOrNo(!isSystem(table)),
              table.kind()));
    }
    return rows;
  }

  List<@Nullable Object[]> columns(ReadView view) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : allTables(view)) {
      for (int i = 0; i < table.columns().size(); i++) {
        rows.add(columnRow(table, i));
      }
    }
    return rows;
  }

  private @Nullable Object[] columnRow(TableDefinition table, int ordinal) {
    ColumnDefinition column = table.column(ordinal);
    ColumnType type = column.type();
    boolean isText = type.kind() == TypeKind.VARCHAR;
    boolean isDecimal = type.kind() == TypeKind.DECIMAL;
    boolean isLimited = type.precision() != ColumnType.UNLIMITED;
    return row(
        definitions.catalogName(),
        table.schema(),
        table.name(),
        column.name(),
        ordinal + 1,
        column.defaultExpression(),
        yesOrNo(column.nullable()),
        isText && !isLimited ? "text" : type.kind().sqlName(),
        isText && isLimited ? type.precision() : null,
        isDecimal && isLimited ? Integer.valueOf(type.precision()) : binaryPrecision(type.kind()),
        isDecimal ? Integer.valueOf(10) : type.kind().isNumeric() ? Integer.valueOf(2) : null,
        isDecimal && isLimited
            ? Integer.valueOf(type.scale())
            : type.kind().isInteger() ? Integer.valueOf(0) : null,
        datetimePrecision(type.kind()),
        "NO",
        "NEVER",
        yesOrNo(!isSystem(table)));
  }

  private static @Nullable Integer binaryPrecision(TypeKind kind) {
    return switch (kind) {
      case SMALLINT -> 16;
      case INTEGER -> 32;
      case BIGINT -> 64;
      case REAL -> 24;
      case DOUBLE -> 53;
      default -> null;
    };
  }

  private static @Nullable Integer datetimePrecision(TypeKind kind) {
    return switch (kind) {
      case DATE -> 0;
      case TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> MICROSECOND_DIGITS;
      default -> null;
    };
  }

  List<@Nullable Object[]> tableConstraints(ReadView view) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : definitions.tables(view)) {
      if (table.hasPrimaryKey()) {
        rows.add(constraintRow(table, table.primaryKeyName(), "PRIMARY KEY"));
      }
      for (IndexDefinition index : table.indexes()) {
        if (index.constraint()) {
          rows.add(constraintRow(table, index.name(), "UNIQUE"));
        }
      }
    }
    return rows;
  }

  private @Nullable Object[] constraintRow(TableDefinition table, String name, String type) {
    String catalog = definitions.catalogName();
    return row(
        catalog, table.schema(), name, catalog, table.schema(), table.name(), type, "NO", "NO");
  }

  List<@Nullable Object[]> keyColumnUsage(ReadView view) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : definitions.tables(view)) {
      for (int i = 0; i < table.primaryKey().size(); i++) {
        rows.add(keyRow(table, table.primaryKeyName(), table.primaryKey().get(i), i));
      }
      for (IndexDefinition index : table.indexes()) {
        for (int i = 0; index.constraint() && i < index.columns().size(); i++) {
          rows.add(keyRow(table, index.name(), index.columns().get(i).ordinal(), i));
        }
      }
    }
    return rows;
  }

  private @Nullable Object[] keyRow(
      TableDefinition table, String name, int ordinal, int positionInKey) {
    String catalog = definitions.catalogName();
    return row(
        catalog,
        table.schema(),
        name,
        catalog,
        table.schema(),
        table.name(),
        table.column(ordinal).name(),
        positionInKey + 1,
        null);
  }

  List<@Nullable Object[]> statistics(ReadView view) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : definitions.tables(view)) {
      for (int i = 0; i < table.primaryKey().size(); i++) {
        rows.add(
            statisticsRow(
                table, true, table.primaryKeyName(), table.primaryKey().get(i), i, false));
      }
      for (IndexDefinition index : table.indexes()) {
        for (int i = 0; i < index.columns().size(); i++) {
          IndexDefinition.Column column = index.columns().get(i);
          rows.add(
              statisticsRow(
                  table, index.unique(), index.name(), column.ordinal(), i, column.descending()));
        }
      }
    }
    return rows;
  }

  private @Nullable Object[] statisticsRow(
      TableDefinition table,
      boolean unique,
      String indexName,
      int ordinal,
      int positionInIndex,
      boolean descending) {
    return row(
        definitions.catalogName(),
        table.schema(),
        table.name(),
        !unique,
        table.schema(),
        indexName,
        positionInIndex + 1,
        table.column(ordinal).name(),
        descending ? "D" : "A");
  }

  private static String yesOrNo(boolean value) {
    return value ? "YES" : "NO";
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }
}
