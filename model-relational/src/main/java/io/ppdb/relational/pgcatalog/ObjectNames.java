package io.ppdb.relational.pgcatalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.expr.SessionInfo;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names that stand for oids and oids that are shown as names: PostgreSQL's types {@code regclass},
 * {@code regtype} and so on, which are functions here.
 */
public final class ObjectNames {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** What a name is of: a type of PostgreSQL for such names. */
  public enum Kind {
    REGCLASS,
    REGTYPE,
    REGNAMESPACE,
    REGROLE,
    REGPROC,
    REGPROCEDURE;

    /** The type's name. */
    public String typeName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private ObjectNames() {}

  /** The function that gives the oid of a value of such a type. */
  public static String oidFunction(Kind kind) {
    return "$" + kind.typeName() + "_oid";
  }

  /** The function that gives the name that such a value is shown as. */
  public static String textFunction(Kind kind) {
    return "$" + kind.typeName() + "_text";
  }

  /**
   * The oid that {@code value}, a number or a text, stands for.
   *
   * @throws PpdbException UNDEFINED_TABLE or UNDEFINED_OBJECT if there is nothing of that name
   */
  static @Nullable Long oid(Kind kind, Object value, SessionInfo session) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    String text = value.toString();
    if (NUMBER.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    if (text.equals("-")) {
      return 0L;
    }
    Long found = find(kind, text, session);
    if (found == null) {
      throw unknown(kind, text);
    }
    return found;
  }

  private static PpdbException unknown(Kind kind, String text) {
    return switch (kind) {
      case REGCLASS ->
          new PpdbException(ErrorCode.UNDEFINED_TABLE, "relation \"" + text + "\" does not exist");
      case REGNAMESPACE ->
          new PpdbException(ErrorCode.UNDEFINED_SCHEMA, "schema \"" + text + "\" does not exist");
      case REGPROC, REGPROCEDURE ->
          new PpdbException(
              ErrorCode.UNDEFINED_FUNCTION, "function \"" + text + "\" does not exist");
      case REGTYPE ->
          new PpdbException(ErrorCode.UNDEFINED_OBJECT, "type \"" + text + "\" does not exist");
      case REGROLE ->
          new PpdbException(ErrorCode.UNDEFINED_OBJECT, "role \"" + text + "\" does not exist");
    };
  }

  private static @Nullable Long find(Kind kind, String text, SessionInfo session) {
    CatalogSnapshot catalog = session.systemCatalog();
    List<String> parts = Names.parts(text);
    String name = parts.get(parts.size() - 1);
    return switch (kind) {
      case REGCLASS -> {
        Relation relation = relation(parts, session);
        yield relation == null ? null : (Long) relation.oid();
      }
      case REGTYPE -> {
        SystemType type = SystemType.find(text.toLowerCase(Locale.ROOT));
        yield type == null ? null : (Long) type.oid();
      }
      case REGNAMESPACE -> {
        long oid = catalog.schemaOid(name);
        yield oid == 0 ? null : (Long) oid;
      }
      case REGROLE -> {
        Role role = catalog.rights().find(name);
        yield role == null ? null : (Long) Oids.role(role.id());
      }
      case REGPROC, REGPROCEDURE ->
          SystemFunction.ALL.values().stream()
              .filter(function -> function.name().equals(withoutArguments(name)))
              .map(SystemFunction::oid)
              .findFirst()
              .orElse(null);
    };
  }

  private static String withoutArguments(String name) {
    int open = name.indexOf('(');
    return open < 0 ? name : name.substring(0, open);
  }

  private static @Nullable Relation relation(List<String> parts, SessionInfo session) {
    CatalogSnapshot catalog = session.systemCatalog();
    String name = parts.get(parts.size() - 1);
    if (parts.size() > 1) {
      return catalog.find(parts.get(parts.size() - 2), name);
    }
    for (String schema : session.searchPath()) {
      Relation relation = catalog.find(schema, name);
      if (relation != null) {
        return relation;
      }
    }
    return catalog.find(PgCatalog.NAME, name);
  }

  /** What {@code to_regclass} and its like give: the name of what there is, or null. */
  static @Nullable String lookUp(String type, Object value, SessionInfo session) {
    Kind kind = Kind.valueOf(type.toUpperCase(Locale.ROOT));
    Long found = find(kind, value.toString(), session);
    return found == null ? null : text(kind, found, session);
  }

  /** The name that {@code value}, a number or a text, is shown as. */
  static @Nullable String text(Kind kind, Object value, SessionInfo session) {
    if ((kind == Kind.REGPROC || kind == Kind.REGPROCEDURE)
        && value instanceof String text
        && !NUMBER.matcher(text).matches()) {
      // columns of this type have the names of functions that we have not
      List<String> parts = Names.parts(text);
      return parts.get(parts.size() - 1);
    }
    Long oid = oid(kind, value, session);
    if (oid == null || oid == 0) {
      return "-";
    }
    CatalogSnapshot catalog = session.systemCatalog();
    String name =
        switch (kind) {
          case REGCLASS -> {
            Relation relation = catalog.find(oid);
            yield relation == null ? null : visible(session, relation.schema(), relation.name());
          }
          case REGTYPE -> {
            SystemType type = SystemType.find(oid);
            yield type == null ? null : type.format(-1);
          }
          case REGNAMESPACE -> {
            String schema = catalog.schemaName(oid);
            yield schema == null ? null : Names.quoted(schema);
          }
          case REGROLE ->
              catalog.rights().roles().stream()
                  .filter(role -> Oids.role(role.id()) == oid)
                  .map(role -> Names.quoted(role.name()))
                  .findFirst()
                  .orElse(null);
          case REGPROC, REGPROCEDURE -> {
            SystemFunction function = SystemFunction.ALL.get(oid);
            yield function == null ? null : function.name();
          }
        };
    return name == null ? oid.toString() : name;
  }

  /** The name of a relation, with its schema unless it is found without. */
  static String visible(SessionInfo session, String schema, String name) {
    return isVisible(session, schema, name) ? Names.quoted(name) : Names.qualified(schema, name);
  }

  /** Whether a relation is what its name alone means. */
  static boolean isVisible(SessionInfo session, String schema, String name) {
    for (String each : session.searchPath()) {
      if (each.equals(schema)) {
        return true;
      }
      if (session.systemCatalog().find(each, name) != null) {
        return false;
      }
    }
    return schema.equals(PgCatalog.NAME);
  }
}
