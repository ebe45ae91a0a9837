package io.ppdb.relational.pgcatalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.type.ColumnType;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code pg_catalog} that look at the catalog or the session: {@code
 * pg_get_indexdef(oid)} and its like. An oid may be given as a number, or as a text that is a
 * number or a name. Unless said otherwise a NULL argument gives NULL.
 */
public final class CatalogFunctions {
  private static final Map<String, Signature> SIGNATURES = new HashMap<>();

  /** Functions that look at NULLs themselves. */
  private static final Set<String> NULLABLE = Set.of("format_type");

  private static final String ENCODING = "UTF8";
  private static final int ENCODING_NUMBER = 6;

  static {
    define(ColumnType.TEXT, 1, 1, "pg_get_userbyid", "pg_encoding_to_char", "pg_size_pretty");
    define(ColumnType.TEXT, 1, 1, "pg_get_function_result", "pg_get_function_arguments");
    define(ColumnType.TEXT, 1, 1, "pg_get_function_identity_arguments", "pg_get_functiondef");
    define(ColumnType.TEXT, 1, 1, "pg_get_function_sqlbody", "pg_tablespace_location");
    define(ColumnType.TEXT, 1, 1, "pg_get_statisticsobjdef_columns", "pg_get_partkeydef");
    define(ColumnType.TEXT, 1, 1, "to_regclass", "to_regtype", "to_regnamespace", "to_regrole");
    define(ColumnType.TEXT, 1, 2, "pg_get_constraintdef", "pg_get_viewdef", "pg_get_ruledef");
    define(ColumnType.TEXT, 1, 2, "pg_get_triggerdef", "obj_description", "current_setting");
    define(ColumnType.TEXT, 1, 3, "pg_get_indexdef");
    define(ColumnType.TEXT, 2, 2, "col_description", "shobj_description", "format_type");
    define(ColumnType.TEXT, 2, 2, "pg_get_serial_sequence");
    define(ColumnType.TEXT, 2, 3, "pg_get_expr");
    define(ColumnType.TEXT, 3, 3, "set_config");
    define(ColumnType.TEXT, 0, 0, "version", "getdatabaseencoding");
    define(ColumnType.INTEGER, 0, 0, "pg_backend_pid");
    define(ColumnType.INTEGER, 1, 1, "pg_char_to_encoding");
    define(ColumnType.BIGINT, 0, 0, "txid_current", "pg_my_temp_schema");
    define(ColumnType.BIGINT, 1, 1, "pg_table_size", "pg_total_relation_size");
    define(ColumnType.BIGINT, 1, 1, "pg_indexes_size", "pg_database_size");
    define(ColumnType.BIGINT, 1, 2, "pg_relation_size");
    define(ColumnType.BOOLEAN, 0, 0, "pg_is_in_recovery");
    define(ColumnType.BOOLEAN, 1, 1, "pg_table_is_visible", "pg_type_is_visible");
    define(ColumnType.BOOLEAN, 1, 1, "pg_function_is_visible", "pg_operator_is_visible");
    define(ColumnType.BOOLEAN, 1, 1, "pg_opclass_is_visible", "pg_opfamily_is_visible");
    define(ColumnType.BOOLEAN, 1, 1, "pg_collation_is_visible", "pg_conversion_is_visible");
    define(ColumnType.BOOLEAN, 1, 1, "pg_statistics_obj_is_visible", "pg_ts_config_is_visible");
    define(ColumnType.BOOLEAN, 1, 1, "pg_relation_is_publishable", "pg_is_other_temp_schema");
    define(ColumnType.TIMESTAMPTZ, 0, 0, "pg_postmaster_start_time", "pg_conf_load_time");
    define(ColumnType.array(ColumnType.TEXT), 1, 1, "current_schemas");
    define(ColumnType.array(ColumnType.BIGINT), 1, 1, "pg_partition_ancestors");
    for (ObjectNames.Kind kind : ObjectNames.Kind.values()) {
      define(ColumnType.BIGINT, 1, 1, ObjectNames.oidFunction(kind));
      define(ColumnType.TEXT, 1, 1, ObjectNames.textFunction(kind));
    }
  }

  private CatalogFunctions() {}

  /**
   * What a function takes and gives.
   *
   * @param least how many arguments it takes at least
   * @param most and at most
   */
  public record Signature(ColumnType result, int least, int most) {}

  private static void define(ColumnType result, int least, int most, String... names) {
    for (String name : names) {
      SIGNATURES.put(name, new Signature(result, least, most));
    }
  }

  /** The functions, by their names in lower case. */
  public static Map<String, Signature> signatures() {
    return Map.copyOf(SIGNATURES);
  }

  /** The value of a call. */
  public static @Nullable Object call(
      String name, @Nullable Object[] arguments, SessionInfo session) {
    List<Object> given = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument == null) {
        if (!NULLABLE.contains(name) || given.isEmpty()) {
          return null;
        }
        break;
      }
      given.add(argument);
    }
    for (ObjectNames.Kind kind : ObjectNames.Kind.values()) {
      if (name.equals(ObjectNames.oidFunction(kind))) {
        return ObjectNames.oid(kind, given.get(0), session);
      }
      if (name.equals(ObjectNames.textFunction(kind))) {
        return ObjectNames.text(kind, given.get(0), session);
      }
    }
    return name.startsWith("pg_get_")
        ? definition(name, given, session)
        : name.endsWith("_is_visible")
            ? (Object) isVisible(name, given, session)
            : other(name, given, session);
  }

  private static @Nullable String definition(String name, List<Object> given, SessionInfo session) {
    CatalogSnapshot catalog = session.systemCatalog();
    return switch (name) {
      case "pg_get_userbyid" -> userName(catalog, oid(given, session));
      case "pg_get_expr" -> given.get(0).toString();
      case "pg_get_indexdef" -> indexDefinition(catalog.find(oid(given, session)), given);
      case "pg_get_constraintdef" -> {
        Constraint constraint = catalog.constraint(oid(given, session));
        yield constraint == null
            ? null
            : constraint.definition(
                isTrue(given, 1),
                table -> ObjectNames.visible(session, table.schema(), table.name()));
      }
      case "pg_get_viewdef" -> {
        Relation relation = catalog.find(oid(given, session));
        yield relation == null ? null : ObjectRows.query(relation.object());
      }
      case "pg_get_function_result" -> {
        SystemFunction function = SystemFunction.ALL.get(oid(given, session));
        yield function == null
            ? null
            : (function.returnsSet() ? "SETOF " : "") + formatType(function.result(), -1);
      }
      case "pg_get_function_arguments", "pg_get_function_identity_arguments" -> {
        SystemFunction function = SystemFunction.ALL.get(oid(given, session));
        yield function == null
            ? null
            : String.join(
                ", ", function.arguments().stream().map(type -> formatType(type, -1)).toList());
      }
      case "pg_get_serial_sequence" ->
          serialSequence(catalog, oid(given, session), given.get(1).toString());
      default -> null; // rules, triggers, partitions and statistics, of which there are none
    };
  }

  private static boolean isTrue(List<Object> given, int index) {
    return given.size() > index && Boolean.TRUE.equals(given.get(index));
  }

  private static @Nullable String indexDefinition(@Nullable Relation index, List<Object> given) {
    if (index == null || !index.isIndex()) {
      return null;
    }
    int element = given.size() > 1 ? ((Number) given.get(1)).intValue() : 0;
    if (element == 0) {
      return ObjectRows.indexDefinition(index, isTrue(given, 2));
    }
    List<IndexElement> elements = index.elements();
    return element < 0 || element > elements.size() ? "" : elements.get(element - 1).definition();
  }

  private static @Nullable String serialSequence(
      CatalogSnapshot catalog, long tableOid, String column) {
    Relation table = catalog.find(tableOid);
    if (table == null) {
      return null;
    }
    for (Relation relation : catalog.relations()) {
      if (relation.object() instanceof SequenceDefinition sequence
          && Oids.object(sequence.ownerId()) == tableOid) {
        int number = ObjectRows.ownerColumn(table, sequence);
        if (number > 0 && table.columns().get(number - 1).name().equals(column)) {
          return Names.qualified(sequence.schema(), sequence.name());
        }
      }
    }
    return null;
  }

  private static boolean isVisible(String name, List<Object> given, SessionInfo session) {
    if (!name.equals("pg_table_is_visible")) {
      return true; // what is in pg_catalog, which always is
    }
    Relation relation = session.systemCatalog().find(oid(given, session));
    return relation != null && ObjectNames.isVisible(session, relation.schema(), relation.name());
  }

  private static @Nullable Object other(String name, List<Object> given, SessionInfo session) {
    CatalogSnapshot catalog = session.systemCatalog();
    return switch (name) {
      case "format_type" ->
          formatType(
              ((Number) given.get(0)).longValue(),
              given.size() > 1 ? ((Number) given.get(1)).intValue() : -1);
      case "obj_description", "shobj_description" -> {
        long classOid = given.size() > 1 ? classOid(given.get(1).toString()) : Oids.PG_CLASS;
        yield description(catalog, oid(given, session), classOid, 0);
      }
      case "col_description" ->
          description(
              catalog, oid(given, session), Oids.PG_CLASS, ((Number) given.get(1)).intValue());
      case "pg_encoding_to_char" ->
          ((Number) given.get(0)).intValue() == ENCODING_NUMBER ? ENCODING : "";
      case "pg_char_to_encoding" ->
          given.get(0).toString().replace("-", "").equalsIgnoreCase(ENCODING)
              ? ENCODING_NUMBER
              : -1;
      case "getdatabaseencoding" -> ENCODING;
      case "pg_tablespace_location" -> "";
      case "pg_size_pretty" -> Sizes.pretty(((Number) given.get(0)).longValue());
      case "pg_table_size", "pg_relation_size", "pg_total_relation_size", "pg_indexes_size" ->
          size(name, catalog, catalog.find(oid(given, session)));
      case "pg_database_size" -> Sizes.ofAll(catalog);
      case "pg_relation_is_publishable", "pg_is_other_temp_schema", "pg_is_in_recovery" -> false;
      case "pg_partition_ancestors" -> List.of();
      case "pg_my_temp_schema" -> 0L;
      case "pg_backend_pid" -> (int) ProcessHandle.current().pid();
      case "txid_current" -> catalog.view().version();
      case "pg_postmaster_start_time", "pg_conf_load_time" ->
          OffsetDateTime.ofInstant(catalog.opened(), ZoneOffset.UTC);
      case "version" -> ServerParameters.VERSION_TEXT;
      case "current_setting" ->
          session.setting(given.get(0).toString(), /* missingIsNull= */ isTrue(given, 1));
      case "set_config" -> session.setSetting(given.get(0).toString(), given.get(1).toString());
      case "current_schemas" -> schemas(session, isTrue(given, 0));
      default -> ObjectNames.lookUp(name.substring("to_".length()), given.get(0), session);
    };
  }

  private static List<String> schemas(SessionInfo session, boolean withImplicit) {
    List<String> schemas = new ArrayList<>();
    List<String> path = session.searchPath();
    if (withImplicit && !path.contains(PgCatalog.NAME)) {
      schemas.add(PgCatalog.NAME);
    }
    for (String schema : path) {
      if (session.systemCatalog().schemaOid(schema) != 0) {
        schemas.add(schema);
      }
    }
    return schemas;
  }

  private static @Nullable Long size(
      String name, CatalogSnapshot catalog, @Nullable Relation relation) {
    if (relation == null) {
      return null;
    }
    long own = Sizes.of(catalog, relation);
    long indexes =
        relation.object() instanceof TableDefinition table && !relation.isIndex()
            ? Sizes.ofIndexes(catalog, table)
            : 0;
    return switch (name) {
      case "pg_indexes_size" -> indexes;
      case "pg_total_relation_size" -> own + indexes;
      default -> own;
    };
  }

  static String formatType(long oid, int modifier) {
    SystemType type = SystemType.find(oid);
    return type == null ? (oid == 0 ? "-" : "???") : type.format(modifier);
  }

  private static String userName(CatalogSnapshot catalog, long oid) {
    return catalog.rights().roles().stream()
        .filter(role -> Oids.role(role.id()) == oid)
        .map(role -> role.name())
        .findFirst()
        .orElse("unknown (OID=" + oid + ")");
  }

  private static long classOid(String name) {
    SystemRelation relation = SystemRelation.ALL.get(name.toLowerCase(Locale.ROOT));
    return relation == null ? 0 : relation.oid();
  }

  private static @Nullable String description(
      CatalogSnapshot catalog, long oid, long classOid, int part) {
    return catalog.descriptions().get(new CatalogSnapshot.Described(oid, classOid, part));
  }

  private static long oid(List<Object> given, SessionInfo session) {
    Long oid = ObjectNames.oid(ObjectNames.Kind.REGCLASS, given.get(0), session);
    if (oid == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE, "relation \"" + given.get(0) + "\" does not exist");
    }
    return oid;
  }
}
