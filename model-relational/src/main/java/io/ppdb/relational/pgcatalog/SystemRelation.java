package io.ppdb.relational.pgcatalog;

import com.google.common.base.Splitter;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table or view of {@code pg_catalog}, as {@code relations.txt} has it: oid, name, {@code r} or
 * {@code v}, and columns with the names of their types, {@code !} for NOT NULL.
 *
 * @param types PostgreSQL's types of the columns; those of {@code table} are what we have for them
 */
record SystemRelation(
    long oid,
    String schema,
    String name,
    boolean isView,
    List<SystemType> types,
    List<Boolean> notNull,
    TableDefinition table,
    Map<String, Integer> ordinals) {
  /** The relations, by name. */
  static final Map<String, SystemRelation> ALL = all();

  SystemRelation {
    types = List.copyOf(types);
    notNull = List.copyOf(notNull);
    ordinals = Map.copyOf(ordinals);
  }

  private static Map<String, SystemRelation> all() {
    Map<String, SystemRelation> relations = new LinkedHashMap<>();
    for (String line : Resources.lines("relations.txt")) {
      SystemRelation relation = parse(Splitter.on(' ').splitToList(line));
      relations.put(relation.name(), relation);
    }
    return relations;
  }

  private static SystemRelation parse(List<String> words) {
    List<SystemType> types = new ArrayList<>();
    List<Boolean> notNull = new ArrayList<>();
    List<ColumnDefinition> columns = new ArrayList<>();
    for (String word : words.subList(3, words.size())) {
      boolean required = word.endsWith("!");
      int colon = word.indexOf(':');
      String typeName = word.substring(colon + 1, word.length() - (required ? 1 : 0));
      SystemType type = SystemType.named(typeName);
      types.add(type);
      notNull.add(required);
      columns.add(new ColumnDefinition(word.substring(0, colon), ours(type), true, null));
    }
    TableDefinition table =
        new TableDefinition(
            0,
            0,
            PgCatalog.NAME,
            words.get(1),
            "virtual",
            Map.of(),
            columns,
            List.of(),
            List.of(),
            0);
    return new SystemRelation(
        Long.parseLong(words.get(0)),
        PgCatalog.NAME,
        words.get(1),
        words.get(2).equals("v"),
        types,
        notNull,
        table,
        ordinals(columns));
  }

  private static Map<String, Integer> ordinals(List<ColumnDefinition> columns) {
    Map<String, Integer> ordinals = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      ordinals.put(columns.get(i).name(), i);
    }
    return ordinals;
  }

  /** A relation of the information schema, whose types are ours. */
  static SystemRelation of(long oid, TableDefinition table) {
    List<SystemType> types = new ArrayList<>();
    List<Boolean> notNull = new ArrayList<>();
    for (ColumnDefinition column : table.columns()) {
      types.add(SystemType.of(column.type()));
      notNull.add(false);
    }
    return new SystemRelation(
        oid, table.schema(), table.name(), true, types, notNull, table, ordinals(table.columns()));
  }

  /** What we have for a type of PostgreSQL: bigint for oids, text for names. */
  static ColumnType ours(SystemType type) {
    return switch (type.name()) {
      case "bool" -> ColumnType.BOOLEAN;
      case "int2" -> ColumnType.SMALLINT;
      case "int4" -> ColumnType.INTEGER;
      case "int8", "oid", "xid" -> ColumnType.BIGINT;
      case "float4" -> ColumnType.REAL;
      case "float8" -> ColumnType.DOUBLE;
      case "bytea" -> ColumnType.BYTEA;
      case "interval" -> ColumnType.INTERVAL;
      case "timestamptz" -> ColumnType.TIMESTAMPTZ;
      case "int2vector" -> ColumnType.array(ColumnType.SMALLINT);
      case "oidvector" -> ColumnType.array(ColumnType.BIGINT);
      default -> {
        SystemType element = SystemType.find(type.elementOid());
        yield type.isArray() && element != null ? ColumnType.array(ours(element)) : ColumnType.TEXT;
      }
    };
  }
}
