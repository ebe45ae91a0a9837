package io.ppdb.relational.pgcatalog;

import com.google.common.base.Splitter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type of PostgreSQL, as {@code types.txt} has it: oid, name, length, by value, type, category,
 * preferred, delimiter, element, array, input, output, receive, send, alignment, storage,
 * collation, subscript handler.
 */
record SystemType(List<String> fields) {
  private static final Map<Long, SystemType> BY_OID = new LinkedHashMap<>();
  private static final Map<String, SystemType> BY_NAME = new LinkedHashMap<>();

  /** What format_type says in place of a name. */
  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("bool", "boolean"),
          Map.entry("int2", "smallint"),
          Map.entry("int4", "integer"),
          Map.entry("int8", "bigint"),
          Map.entry("float4", "real"),
          Map.entry("float8", "double precision"),
          Map.entry("varchar", "character varying"),
          Map.entry("bpchar", "character"),
          Map.entry("char", "\"char\""),
          Map.entry("any", "\"any\""),
          Map.entry("time", "time without time zone"),
          Map.entry("timetz", "time with time zone"),
          Map.entry("timestamp", "timestamp without time zone"),
          Map.entry("timestamptz", "timestamp with time zone"));

  static {
    for (String line : Resources.lines("types.txt")) {
      SystemType type = new SystemType(Splitter.on(' ').splitToList(line));
      BY_OID.put(type.oid(), type);
      BY_NAME.put(type.name(), type);
    }
  }

  SystemType {
    fields = List.copyOf(fields);
  }

  static Iterable<SystemType> all() {
    return BY_OID.values();
  }

  static @Nullable SystemType find(long oid) {
    return BY_OID.get(oid);
  }

  /** The type of this name, long or short, which may be that of an array; or null. */
  static @Nullable SystemType find(String text) {
    String name = text.startsWith("pg_catalog.") ? text.substring("pg_catalog.".length()) : text;
    if (name.endsWith("[]")) {
      SystemType element = find(name.substring(0, name.length() - 2));
      return element == null ? null : find(element.arrayOid());
    }
    SystemType known = BY_NAME.get(name);
    if (known != null) {
      return known;
    }
    for (Map.Entry<String, String> entry : LONG_NAMES.entrySet()) {
      if (entry.getValue().equals(name)) {
        return BY_NAME.get(entry.getKey());
      }
    }
    return switch (name) {
      case "int" -> BY_NAME.get("int4");
      case "decimal" -> BY_NAME.get("numeric");
      case "float" -> BY_NAME.get("float8");
      default -> null;
    };
  }

  /** The type of a column of ours. */
  static SystemType of(ColumnType type) {
    return named(PostgresTypes.of(type).name());
  }

  /** The type of this name, which there is. */
  static SystemType named(String name) {
    SystemType type = BY_NAME.get(name);
    if (type == null) {
      throw new IllegalStateException("types.txt has no " + name);
    }
    return type;
  }

  long oid() {
    return Long.parseLong(fields.get(0));
  }

  String name() {
    return fields.get(1);
  }

  int length() {
    return Integer.parseInt(fields.get(2));
  }

  boolean isByValue() {
    return fields.get(3).equals("t");
  }

  String kind() {
    return fields.get(4);
  }

  String category() {
    return fields.get(5);
  }

  boolean isPreferred() {
    return fields.get(6).equals("t");
  }

  String delimiter() {
    return fields.get(7);
  }

  long elementOid() {
    return Long.parseLong(fields.get(8));
  }

  long arrayOid() {
    return Long.parseLong(fields.get(9));
  }

  /** The name of a function: 10 input, 11 output, 12 receive, 13 send, 17 subscript handler. */
  String function(int field) {
    return fields.get(field);
  }

  String alignment() {
    return fields.get(14);
  }

  String storage() {
    return fields.get(15);
  }

  long collation() {
    return Long.parseLong(fields.get(16));
  }

  boolean isArray() {
    return category().equals("A") && elementOid() != 0;
  }

  /**
   * The type as format_type writes it.
   *
   * @param modifier as {@link PostgresTypes#modifier} makes it; -1 for none
   */
  String format(int modifier) {
    if (isArray()) {
      SystemType element = find(elementOid());
      return (element == null ? "???" : element.format(modifier)) + "[]";
    }
    String text = LONG_NAMES.getOrDefault(name(), name());
    if (modifier < 0) {
      return text;
    }
    int parameters = modifier - 4;
    return switch (name()) {
      case "varchar", "bpchar" -> text + "(" + parameters + ")";
      case "numeric" -> text + "(" + (parameters >> 16) + "," + (parameters & 0xFFFF) + ")";
      default -> text;
    };
  }
}
