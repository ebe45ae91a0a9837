package io.ppdb.relational.planner;

import io.ppdb.relational.access.AccessList.Entry;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.AccessRights.Membership;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link InformationSchema} shows of roles and privileges. */
final class AccessRows {
  private static final String CATALOG = InformationSchema.CATALOG_NAME;

  private AccessRows() {}

  /** Rows of {@code enabled_roles}: the role itself and those whose privileges it has. */
  static List<@Nullable Object[]> enabledRoles(Visible visible) {
    AccessRights rights = visible.rights();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Role role : rights.roles()) {
      if (rights.hasRightsOf(visible.role(), role.id())) {
        rows.add(new @Nullable Object[] {role.name()});
      }
    }
    return rows;
  }

  /** Rows of {@code applicable_roles}: memberships that the role has a part in. */
  static List<@Nullable Object[]> applicableRoles(Visible visible) {
    AccessRights rights = visible.rights();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Membership membership : rights.memberships()) {
      if (rights.hasRightsOf(visible.role(), membership.member())) {
        rows.add(
            new @Nullable Object[] {
              rights.name(membership.member()),
              rights.name(membership.role()),
              yes(membership.admin())
            });
      }
    }
    return rows;
  }

  /**
   * Rows of {@code table_privileges}.
   *
   * @param withPublic whether what everybody has is among them
   */
  static List<@Nullable Object[]> tables(Visible visible, boolean withPublic) {
    Rows rows = new Rows(visible, withPublic);
    for (CatalogObject object : visible.objects()) {
      if (!(object instanceof SequenceDefinition)) {
        ObjectRights known = visible.rights().of(object.id());
        for (Entry entry : known.grants(ObjectClass.TABLE, object.id()).entries()) {
          rows.add(
              known,
              entry,
              (privilege, grantable) ->
                  new @Nullable Object[] {
                    rows.grantor(entry),
                    rows.grantee(entry),
                    CATALOG,
                    object.schema(),
                    object.name(),
                    privilege.name(),
                    grantable,
                    yes(privilege == Privilege.SELECT)
                  });
        }
      }
    }
    return rows.found;
  }

  /** Rows of {@code column_privileges}: what is granted on tables is granted on their columns. */
  static List<@Nullable Object[]> columns(Visible visible) {
    Rows rows = new Rows(visible, true);
    for (CatalogObject object : visible.objects()) {
      ObjectRights known = visible.rights().of(object.id());
      for (String column : columns(object)) {
        List<Entry> entries =
            new ArrayList<>(known.grants(ObjectClass.TABLE, object.id()).entries());
        entries.addAll(known.columnGrants(column).entries());
        for (Entry entry : entries) {
          Entry ofColumn =
              new Entry(
                  entry.grantee(),
                  entry.grantor(),
                  entry.privileges() & ObjectClass.COLUMN_PRIVILEGES,
                  entry.options());
          rows.add(
              known,
              ofColumn,
              (privilege, grantable) ->
                  new @Nullable Object[] {
                    rows.grantor(entry),
                    rows.grantee(entry),
                    CATALOG,
                    object.schema(),
                    object.name(),
                    column,
                    privilege.name(),
                    grantable
                  });
        }
      }
    }
    return rows.found;
  }

  private static List<String> columns(CatalogObject object) {
    List<ColumnDefinition> columns =
        object instanceof TableDefinition table
            ? table.columns()
            : object instanceof ViewDefinition view ? view.columns() : List.of();
    return columns.stream().map(ColumnDefinition::name).toList();
  }

  /** Rows of {@code usage_privileges}: of sequences. */
  static List<@Nullable Object[]> usage(Visible visible) {
    Rows rows = new Rows(visible, true);
    for (CatalogObject object : visible.objects()) {
      if (object instanceof SequenceDefinition) {
        ObjectRights known = visible.rights().of(object.id());
        for (Entry entry : known.grants(ObjectClass.SEQUENCE, object.id()).entries()) {
          Entry usage =
              new Entry(
                  entry.grantee(),
                  entry.grantor(),
                  entry.privileges() & Privilege.USAGE.bit(),
                  entry.options());
          rows.add(
              known,
              usage,
              (privilege, grantable) ->
                  new @Nullable Object[] {
                    rows.grantor(entry),
                    rows.grantee(entry),
                    CATALOG,
                    object.schema(),
                    object.name(),
                    "SEQUENCE",
                    privilege.name(),
                    grantable
                  });
        }
      }
    }
    return rows.found;
  }

  private static String yes(boolean truth) {
    return truth ? "YES" : "NO";
  }

  /** One row of a privilege. */
  @FunctionalInterface
  private interface RowMaker {
    @Nullable Object[] row(Privilege privilege, String grantable);
  }

  /** Collects rows of grants that concern the role: given by, to, or with it. */
  private static final class Rows {
    private final AccessRights rights;
    private final boolean all;
    private final boolean withPublic;
    private final Set<Long> enabled;
    private final List<@Nullable Object[]> found = new ArrayList<>();

    Rows(Visible visible, boolean withPublic) {
      this.rights = visible.rights();
      this.all = visible.isAll();
      this.withPublic = withPublic;
      this.enabled = rights.inherited(visible.role());
    }

    void add(ObjectRights object, Entry entry, RowMaker maker) {
      boolean isPublic = entry.grantee() == Role.PUBLIC;
      boolean concerns =
          all
              || (isPublic && withPublic)
              || enabled.contains(entry.grantee())
              || enabled.contains(entry.grantor());
      if (!concerns || (isPublic && !withPublic)) {
        return;
      }
      for (Privilege privilege : Privilege.in(entry.privileges())) {
        boolean grantable =
            entry.grantee() == object.owner() || (entry.options() & privilege.bit()) != 0;
        found.add(maker.row(privilege, yes(grantable)));
      }
    }

    String grantor(Entry entry) {
      return rights.name(entry.grantor());
    }

    String grantee(Entry entry) {
      return rights.name(entry.grantee());
    }
  }
}
