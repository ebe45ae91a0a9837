package io.ppdb.relational;

import com.google.common.base.Splitter;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessList;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.planner.InformationSchema;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers {@code has_table_privilege} and its like for one statement. */
final class PrivilegeQuestions {
  private static final String GRANT_OPTION = " WITH GRANT OPTION";

  private final SessionSettings settings;
  private final Catalog catalog;
  private final ReadView view;
  private final AccessRights rights;

  PrivilegeQuestions(SessionSettings settings, ReadView view) {
    this.settings = settings;
    this.catalog = settings.roles().catalog();
    this.view = view;
    this.rights = catalog.access().at(view);
  }

  /** Whether any of the privileges that the last argument lists is there. */
  boolean ask(String type, List<String> arguments) {
    int count = type.equals("column") ? 3 : 2;
    boolean names = arguments.size() > count;
    List<String> rest = names ? arguments.subList(1, arguments.size()) : arguments;
    boolean isPublic = names && arguments.get(0).equals("public");
    long role =
        isPublic
            ? Role.PUBLIC
            : names ? rights.require(arguments.get(0)).id() : settings.viewpoint().role();
    for (String text : Splitter.on(',').trimResults().split(rest.get(rest.size() - 1))) {
      if (type.equals("role")
          ? isMember(role, rest.get(0), text)
          : has(role, type, rest, text.toUpperCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  private boolean isMember(long role, String of, String kind) {
    long other = rights.require(of).id();
    return switch (kind.toUpperCase(Locale.ROOT)) {
      case "USAGE" -> rights.hasRightsOf(role, other);
      case "MEMBER" -> rights.isMember(role, other);
      case "MEMBER WITH ADMIN OPTION",
          "MEMBER WITH GRANT OPTION",
          "USAGE WITH ADMIN OPTION",
          "USAGE WITH GRANT OPTION" ->
          rights.isSuperuser(role) || rights.isAdmin(role, other);
      default -> throw unknown(kind);
    };
  }

  private boolean has(long role, String type, List<String> arguments, String text) {
    boolean option = text.endsWith(GRANT_OPTION);
    String word = option ? text.substring(0, text.length() - GRANT_OPTION.length()) : text;
    String name = arguments.get(0);
    ObjectClass objectClass =
        switch (type) {
          case "schema" -> ObjectClass.SCHEMA;
          case "database" -> ObjectClass.DATABASE;
          case "sequence" -> ObjectClass.SEQUENCE;
          default -> ObjectClass.TABLE;
        };
    boolean ofColumn = type.equals("column") || type.equals("any_column");
    Privilege privilege =
        privilege(word, ofColumn ? ObjectClass.COLUMN_PRIVILEGES : objectClass.all(), text);
    return switch (type) {
      case "schema" -> has(role, objectClass, schema(name).id(), null, privilege, option);
      case "database" -> has(role, objectClass, database(name), null, privilege, option);
      case "sequence" -> {
        CatalogObject object = object(name);
        if (!(object instanceof SequenceDefinition)) {
          throw new PpdbException(
              ErrorCode.WRONG_OBJECT_TYPE, "\"" + object.name() + "\" is not a sequence");
        }
        yield has(role, objectClass, object.id(), null, privilege, option);
      }
      case "column" -> {
        CatalogObject table = object(name);
        String column = arguments.get(1);
        requireColumn(table, column);
        yield has(role, objectClass, table.id(), column, privilege, option);
      }
      case "any_column" -> {
        long id = object(name).id();
        yield has(role, objectClass, id, null, privilege, option)
            || rights.of(id).columns().keySet().stream()
                .anyMatch(column -> has(role, objectClass, id, column, privilege, option));
      }
      default -> has(role, objectClass, object(name).id(), null, privilege, option);
    };
  }

  private boolean has(
      long role,
      ObjectClass type,
      long id,
      @Nullable String column,
      Privilege privilege,
      boolean option) {
    if (rights.isSuperuser(role)) {
      return true;
    }
    ObjectRights known = rights.of(id);
    AccessList grants = known.grants(type, id);
    AccessList ofColumn = column == null ? AccessList.EMPTY : known.columnGrants(column);
    Set<Long> all = rights.inherited(role);
    if (option) {
      return all.contains(known.owner())
          || all.stream()
              .anyMatch(
                  each -> ((grants.options(each) | ofColumn.options(each)) & privilege.bit()) != 0);
    }
    int held = grants.privileges(all::contains) | ofColumn.privileges(all::contains);
    return (held & privilege.bit()) != 0;
  }

  private static Privilege privilege(String word, int possible, String text) {
    for (Privilege privilege : Privilege.in(possible)) {
      if (privilege.name().equals(word)
          || (word.equals("TEMP") && privilege == Privilege.TEMPORARY)) {
        return privilege;
      }
    }
    throw unknown(text);
  }

  private static PpdbException unknown(String text) {
    return new PpdbException(
        ErrorCode.INVALID_ARGUMENT, "unrecognized privilege type: \"" + text + "\"");
  }

  private SchemaDefinition schema(String name) {
    SchemaDefinition schema = Schemas.find(view, name);
    if (schema == null) {
      throw new PpdbException(ErrorCode.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist");
    }
    return schema;
  }

  private static long database(String name) {
    if (!name.equals(InformationSchema.CATALOG_NAME)) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_SCHEMA, "database \"" + name + "\" does not exist");
    }
    return ObjectClass.DATABASE_ID;
  }

  private CatalogObject object(String text) {
    List<String> names = SessionSequences.names(text);
    String name = names.get(names.size() - 1);
    List<String> schemas =
        names.size() > 1 ? List.of(names.get(names.size() - 2)) : settings.viewpoint().path();
    for (String schema : schemas) {
      CatalogObject object = catalog.findObject(view, schema, name);
      if (object != null) {
        return object;
      }
    }
    throw new PpdbException(ErrorCode.UNDEFINED_TABLE, "relation \"" + text + "\" does not exist");
  }

  private static void requireColumn(CatalogObject object, String column) {
    boolean exists =
        object instanceof TableDefinition table
            ? table.columnIndex(column) >= 0
            : object instanceof ViewDefinition view
                && view.columns().stream().anyMatch(each -> each.name().equals(column));
    if (!exists) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + column + "\" of relation \"" + object.name() + "\" does not exist");
    }
  }
}
