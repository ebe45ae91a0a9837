package io.ppdb.relational.information;

import static io.ppdb.relational.type.ColumnType.BOOLEAN;
import static io.ppdb.relational.type.ColumnType.INTEGER;
import static io.ppdb.relational.type.ColumnType.TEXT;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of INFORMATION_SCHEMA over one catalog. Thread-safe. */
public final class InformationSchema {
  /** Name of the schema that the tables are in. */
  public static final String NAME = "information_schema";

  private final Map<String, InformationTable> tables = new LinkedHashMap<>();

  /**
   * The tables.
   *
   * @param definitions gives what the catalog holds in a view
   */
  public InformationSchema(Definitions definitions) {
    InformationRows rows = new InformationRows(definitions, tables.values());
    add(
        new InformationTable.Shape("schemata")
            .column("catalog_name", TEXT)
            .column("schema_name", TEXT)
            .column("schema_owner", TEXT),
        rows::schemata);
    add(
        new InformationTable.Shape("tables")
            .column("table_catalog", TEXT)
            .column("table_schema", TEXT)
            .column("table_name", TEXT)
            .column("table_type", TEXT)
            .column("is_insertable_into", TEXT)
            .column("table_kind", TEXT),
        rows::tables);
    add(
        new InformationTable.Shape("columns")
            .column("table_catalog", TEXT)
            .column("table_schema", TEXT)
            .column("table_name", TEXT)
            .column("column_name", TEXT)
            .column("ordinal_position", INTEGER)
            .column("column_default", TEXT)
            .column("is_nullable", TEXT)
            .column("data_type", TEXT)
            .column("character_maximum_length", INTEGER)
            .column("numeric_precision", INTEGER)
            .column("numeric_precision_radix", INTEGER)
            .column("numeric_scale", INTEGER)
            .column("datetime_precision", INTEGER)
            .column("is_identity", TEXT)
            .column("is_generated", TEXT)
            .column("is_updatable", TEXT),
        rows::columns);
    add(
        new InformationTable.Shape("table_constraints")
            .column("constraint_catalog", TEXT)
            .column("constraint_schema", TEXT)
            .column("constraint_name", TEXT)
            .column("table_catalog", TEXT)
            .column("table_schema", TEXT)
            .column("table_name", TEXT)
            .column("constraint_type", TEXT)
            .column("is_deferrable", TEXT)
            .column("initially_deferred", TEXT),
        rows::tableConstraints);
    add(
        new InformationTable.Shape("key_column_usage")
            .column("constraint_catalog", TEXT)
            .column("constraint_schema", TEXT)
            .column("constraint_name", TEXT)
            .column("table_catalog", TEXT)
            .column("table_schema", TEXT)
            .column("table_name", TEXT)
            .column("column_name", TEXT)
            .column("ordinal_position", INTEGER)
            .column("position_in_unique_constraint", INTEGER),
        rows::keyColumnUsage);
    add(
        new InformationTable.Shape("referential_constraints")
            .column("constraint_catalog", TEXT)
            .column("constraint_schema", TEXT)
            .column("constraint_name", TEXT)
            .column("unique_constraint_catalog", TEXT)
            .column("unique_constraint_schema", TEXT)
            .column("unique_constraint_name", TEXT)
            .column("match_option", TEXT)
            .column("update_rule", TEXT)
            .column("delete_rule", TEXT),
        view -> List.of());
    add(
        new InformationTable.Shape("statistics")
            .column("table_catalog", TEXT)
            .column("table_schema", TEXT)
            .column("table_name", TEXT)
            .column("non_unique", BOOLEAN)
            .column("index_schema", TEXT)
            .column("index_name", TEXT)
            .column("seq_in_index", INTEGER)
            .column("column_name", TEXT)
            .column("collation", TEXT),
        rows::statistics);
  }

  private void add(InformationTable.Shape shape, InformationTable.Rows rows) {
    // Catalog ids are positive, so negative ones cannot meet them.
    InformationTable table = new InformationTable(shape.define(-1 - tables.size()), rows);
    tables.put(table.table().name(), table);
  }

  /** The table called {@code name}, or null. */
  public @Nullable TableAccess table(String name) {
    return tables.get(name);
  }

  public Collection<String> tableNames() {
    return tables.keySet();
  }

  /** What a catalog holds in a view. Thread-safe. */
  public interface Definitions {
    /** The name of the database. */
    String catalogName();

    /** The user schemas, in the order of their names. */
    List<String> schemas(ReadView view);

    /** The user tables, in the order of schema and name. */
    List<TableDefinition> tables(ReadView view);
  }
}
