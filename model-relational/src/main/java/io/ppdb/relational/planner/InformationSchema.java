package io.ppdb.relational.planner;

import com.google.common.base.Splitter;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.Comments;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.Comments.Subject;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables of schema {@code information_schema}: what JDBC's metadata asks. Columns have the
 * names and order of the SQL standard; {@code indexes}, {@code materialized_views} and statistics
 * are our own. Thread-safe.
 */
public final class InformationSchema implements SystemSchema {
  /** The name of the schema. */
  public static final String NAME = "information_schema";

  /** The name of the one catalogue that all tables are in. */
  public static final String CATALOG_NAME = "ppdb";

  private final Catalog catalog;
  private final Map<String, VirtualTable> tables = new HashMap<>();

  public InformationSchema(Catalog catalog) {
    this.catalog = catalog;
    add("schemata", "catalog_name, schema_name, schema_owner", InformationSchema::schemata);
    add(
        "tables",
        "table_catalog, table_schema, table_name, table_type, table_kind, remarks",
        visible -> {
          Map<Subject, String> comments = Comments.all(visible.view());
          return eachTableAndView(visible, (table, rows) -> tableRow(table, comments, rows));
        });
    add(
        "columns",
        "table_catalog, table_schema, table_name, column_name, #ordinal_position, column_default,"
            + " is_nullable, data_type, #character_maximum_length, #numeric_precision,"
            + " #numeric_scale, #datetime_precision, udt_name, is_identity, identity_generation,"
            + " is_generated, generation_expression, remarks",
        visible -> {
          Map<Subject, String> comments = Comments.all(visible.view());
          return eachTableAndView(visible, (table, rows) -> columnRows(table, comments, rows));
        });
    add(
        "comments",
        "object_type, object_schema, object_name, part_type, part_name, remarks",
        CommentRows::all);
    add(
        "views",
        "table_catalog, table_schema, table_name, view_definition, check_option, is_updatable,"
            + " is_insertable_into",
        InformationSchema::views);
    add(
        "materialized_views",
        "table_catalog, table_schema, table_name, view_definition, is_populated",
        visible -> eachTable(visible, (table, rows) -> materializedRow(visible, table, rows)));
    add(
        "sequences",
        "sequence_catalog, sequence_schema, sequence_name, data_type, start_value, minimum_value,"
            + " maximum_value, increment, cycle_option",
        InformationSchema::sequences);
    add(
        "check_constraints",
        "constraint_catalog, constraint_schema, constraint_name, check_clause",
        visible -> eachTable(visible, ConstraintRows::checks));
    add(
        "table_constraints",
        "constraint_catalog, constraint_schema, constraint_name, table_catalog, table_schema,"
            + " table_name, constraint_type",
        visible -> eachTable(visible, ConstraintRows::constraints));
    add(
        "key_column_usage",
        "constraint_catalog, constraint_schema, constraint_name, table_catalog, table_schema,"
            + " table_name, column_name, #ordinal_position, #position_in_unique_constraint",
        visible -> eachTable(visible, ConstraintRows::keyColumns));
    add(
        "referential_constraints",
        "constraint_catalog, constraint_schema, constraint_name, unique_constraint_catalog,"
            + " unique_constraint_schema, unique_constraint_name, match_option, update_rule,"
            + " delete_rule",
        visible -> ConstraintRows.referential(visible.tables()));
    add(
        "constraint_column_usage",
        "table_catalog, table_schema, table_name, column_name, constraint_catalog,"
            + " constraint_schema, constraint_name",
        visible -> ConstraintRows.columnUsage(visible.tables()));
    add(
        "indexes",
        "table_schema, table_name, index_name, is_unique, is_primary, #ordinal_position,"
            + " column_name, sort_direction, is_ready, filter_condition, is_included",
        visible -> eachTable(visible, InformationSchema::indexRows));
    add(
        "column_statistics",
        "table_schema, table_name, column_name, ~row_count, ~null_frac, ~n_distinct,"
            + " most_common_vals, most_common_freqs, histogram_bounds",
        StatisticsRows::columns);
    add(
        "key_statistics",
        "table_schema, table_name, key_name, #column_count, ~n_distinct",
        StatisticsRows::keys);
    addRights();
  }

  private void addRights() {
    add("enabled_roles", "role_name", AccessRows::enabledRoles);
    add("applicable_roles", "grantee, role_name, is_grantable", AccessRows::applicableRoles);
    String ofTables =
        "grantor, grantee, table_catalog, table_schema, table_name, privilege_type, is_grantable,"
            + " with_hierarchy";
    add("table_privileges", ofTables, visible -> AccessRows.tables(visible, true));
    add("role_table_grants", ofTables, visible -> AccessRows.tables(visible, false));
    add(
        "column_privileges",
        "grantor, grantee, table_catalog, table_schema, table_name, column_name, privilege_type,"
            + " is_grantable",
        AccessRows::columns);
    add(
        "usage_privileges",
        "grantor, grantee, object_catalog, object_schema, object_name, object_type,"
            + " privilege_type, is_grantable",
        AccessRows::usage);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable TableAccess table(String name) {
    return tables.get(name);
  }

  /** What its tables are like. */
  public List<TableDefinition> definitions() {
    return tables.values().stream().map(VirtualTable::table).toList();
  }

  /**
   * Adds a table whose columns are text, or integer where the name begins with {@code #}, or double
   * precision where it begins with {@code ~}.
   */
  private void add(String name, String columns, Function<Visible, List<@Nullable Object[]>> rows) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (String column : Splitter.on(", ").split(columns)) {
      ColumnType type =
          switch (column.charAt(0)) {
            case '#' -> ColumnType.INTEGER;
            case '~' -> ColumnType.DOUBLE;
            default -> ColumnType.TEXT;
          };
      String plain = type.equals(ColumnType.TEXT) ? column : column.substring(1);
      definitions.add(new ColumnDefinition(plain, type, true, null));
    }
    TableDefinition table =
        new TableDefinition(
            0, 0, NAME, name, "virtual", Map.of(), definitions, List.of(), List.of(), 0);
    tables.put(name, new VirtualTable(table, catalog, rows));
  }

  private static List<@Nullable Object[]> eachTable(
      Visible visible, BiConsumer<TableDefinition, List<@Nullable Object[]>> writer) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : visible.tables()) {
      writer.accept(table, rows);
    }
    return rows;
  }

  private static List<@Nullable Object[]> views(Visible visible) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (CatalogObject object : visible.objects()) {
      if (object instanceof ViewDefinition definition) {
        rows.add(
            new @Nullable Object[] {
              CATALOG_NAME,
              definition.schema(),
              definition.name(),
              visible.owns(definition) ? definition.query() : null,
              "NONE",
              "NO",
              "NO"
            });
      }
    }
    return rows;
  }

  private static void materializedRow(
      Visible visible, TableDefinition table, List<@Nullable Object[]> rows) {
    if (MaterializedView.is(table)) {
      MaterializedView view = MaterializedView.of(table);
      rows.add(
          new @Nullable Object[] {
            CATALOG_NAME,
            table.schema(),
            table.name(),
            visible.owns(table) ? view.query() : null,
            view.populated() ? "YES" : "NO"
          });
    }
  }

  /** The rows of all tables, those of this schema included. */
  private List<@Nullable Object[]> eachTableAndView(
      Visible visible, BiConsumer<TableDefinition, List<@Nullable Object[]>> writer) {
    List<@Nullable Object[]> rows = eachTable(visible, writer);
    for (CatalogObject object : visible.objects()) {
      if (object instanceof ViewDefinition definition) {
        writer.accept(new ViewAccess(definition).table(), rows);
      }
    }
    for (VirtualTable table : tables.values()) {
      writer.accept(table.table(), rows);
    }
    return rows;
  }

  private static List<@Nullable Object[]> sequences(Visible visible) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (CatalogObject object : visible.objects()) {
      if (object instanceof SequenceDefinition sequence) {
        rows.add(
            new @Nullable Object[] {
              CATALOG_NAME,
              sequence.schema(),
              sequence.name(),
              sequence.type().sqlName(),
              String.valueOf(sequence.start()),
              String.valueOf(sequence.minimum()),
              String.valueOf(sequence.maximum()),
              String.valueOf(sequence.increment()),
              sequence.cycles() ? "YES" : "NO"
            });
      }
    }
    return rows;
  }

  private static List<@Nullable Object[]> schemata(Visible visible) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    AccessRights rights = visible.rights();
    rows.add(new @Nullable Object[] {CATALOG_NAME, NAME, AccessRights.BOOTSTRAP_NAME});
    for (SchemaDefinition schema : visible.schemas()) {
      String owner = rights.name(rights.of(schema.id()).owner());
      rows.add(new @Nullable Object[] {CATALOG_NAME, schema.name(), owner});
    }
    return rows;
  }

  private static void tableRow(
      TableDefinition table, Map<Subject, String> comments, List<@Nullable Object[]> rows) {
    rows.add(
        new @Nullable Object[] {
          CATALOG_NAME,
          table.schema(),
          table.name(),
          table.schema().equals(NAME) || table.kind().equals(ViewAccess.KIND)
              ? "VIEW"
              : MaterializedView.is(table) ? "MATERIALIZED VIEW" : "BASE TABLE",
          table.kind(),
          comments.get(Subject.of(table.id()))
        });
  }

  private static void columnRows(
      TableDefinition table, Map<Subject, String> comments, List<@Nullable Object[]> rows) {
    int position = 1;
    for (ColumnDefinition column : table.columns()) {
      ColumnType type = column.type();
      rows.add(
          new @Nullable Object[] {
            CATALOG_NAME,
            table.schema(),
            table.name(),
            column.name(),
            position++,
            column.generation() == Generation.NONE ? column.defaultExpression() : null,
            column.nullable() ? "YES" : "NO",
            type.precision() == ColumnType.UNLIMITED && type.kind() == TypeKind.VARCHAR
                ? "text"
                : type.kind().sqlName(),
            type.kind() == TypeKind.VARCHAR && type.precision() != ColumnType.UNLIMITED
                ? type.precision()
                : null,
            numericPrecision(type),
            type.kind() == TypeKind.DECIMAL && type.precision() != ColumnType.UNLIMITED
                ? (Integer) type.scale()
                : type.kind().isInteger() ? (Integer) 0 : null,
            fractionDigits(type),
            type.toString(),
            isIdentity(column) ? "YES" : "NO",
            switch (column.generation()) {
              case ALWAYS_IDENTITY -> "ALWAYS";
              case DEFAULT_IDENTITY -> "BY DEFAULT";
              default -> null;
            },
            column.isStored() ? "ALWAYS" : "NEVER",
            column.isStored() ? column.defaultExpression() : null,
            comments.get(new Subject(table.id(), Part.COLUMN, column.name()))
          });
    }
  }

  private static boolean isIdentity(ColumnDefinition column) {
    return column.generation() == Generation.ALWAYS_IDENTITY
        || column.generation() == Generation.DEFAULT_IDENTITY;
  }

  private static @Nullable Integer numericPrecision(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT -> 16;
      case INTEGER -> 32;
      case BIGINT -> 64;
      case REAL -> 24;
      case DOUBLE -> 53;
      case DECIMAL -> type.precision() == ColumnType.UNLIMITED ? null : type.precision();
      default -> null;
    };
  }

  private static @Nullable Integer fractionDigits(ColumnType type) {
    return switch (type.kind()) {
      case TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> 6;
      case DATE -> 0;
      default -> null;
    };
  }

  private static void indexRows(TableDefinition table, List<@Nullable Object[]> rows) {
    for (int i = 0; i < table.primaryKey().size(); i++) {
      String column = table.column(table.primaryKey().get(i)).name();
      rows.add(
          new @Nullable Object[] {
            table.schema(),
            table.name(),
            table.primaryKeyName(),
            "YES",
            "YES",
            i + 1,
            column,
            "ASC",
            "YES",
            null,
            "NO"
          });
    }
    for (IndexDefinition index : table.indexes()) {
      for (int i = 0; i < index.columns().size(); i++) {
        IndexDefinition.Column column = index.columns().get(i);
        rows.add(
            new @Nullable Object[] {
              table.schema(),
              table.name(),
              index.name(),
              index.unique() ? "YES" : "NO",
              "NO",
              i + 1,
              column.name(table),
              column.descending() ? "DESC" : "ASC",
              index.ready() ? "YES" : "NO",
              index.predicate(),
              "NO"
            });
      }
      for (int i = 0; i < index.included().size(); i++) {
        rows.add(
            new @Nullable Object[] {
              table.schema(),
              table.name(),
              index.name(),
              index.unique() ? "YES" : "NO",
              "NO",
              index.columns().size() + i + 1,
              table.column(index.included().get(i)).name(),
              null,
              index.ready() ? "YES" : "NO",
              index.predicate(),
              "YES"
            });
      }
    }
  }
}
