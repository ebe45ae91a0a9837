package io.ppdb.relational.catalog;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.access.AccessList;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.AccessRights.Membership;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where roles, memberships, owners and grants are kept. Each change draws a random version of all
 * of it, so that one key tells whether something has changed, and changes conflict with each other.
 * Thread-safe.
 */
public final class AccessCatalog {
  /** The version of a store in which nobody has created a role or granted anything. */
  private static final long NEVER_CHANGED = 0;

  private static final int MAX_CACHED = 16;

  private static final AccessRights FIRST =
      new AccessRights(NEVER_CHANGED, List.of(), List.of(), Map.of());

  private final Map<Long, AccessRights> cache = new ConcurrentHashMap<>();

  AccessCatalog() {}

  /** The key that changes whenever any right does. */
  public static byte[] versionKey() {
    return CatalogKeys.accessVersion();
  }

  /** The version at {@code view}: what was read at the same one is the same. */
  public long version(ReadView view) {
    byte[] value = view.get(CatalogKeys.accessVersion());
    return value == null ? NEVER_CHANGED : new KeyReader(value).readLong();
  }

  /** Everything at {@code view}. */
  public AccessRights at(ReadView view) {
    long version = version(view);
    if (version == NEVER_CHANGED) {
      return FIRST;
    }
    AccessRights known = cache.get(version);
    if (known == null) {
      known = load(view, version);
      if (cache.size() >= MAX_CACHED) {
        cache.clear();
      }
      cache.put(version, known);
    }
    return known;
  }

  private static AccessRights load(ReadView view, long version) {
    List<Role> roles = new ArrayList<>();
    each(view, CatalogKeys.roles(), (key, value) -> roles.add(RoleCodec.decode(key, value)));
    List<Membership> memberships = new ArrayList<>();
    each(
        view,
        CatalogKeys.memberships(),
        (key, value) ->
            memberships.add(
                new Membership(
                    key.readLong(), key.readLong(), value.readLong(), value.readBoolean())));
    Map<Long, ObjectRights> objects = new HashMap<>();
    each(
        view,
        CatalogKeys.allRights(),
        (key, value) -> objects.put(key.readLong(), RoleCodec.decodeRights(value)));
    return new AccessRights(version, roles, memberships, objects);
  }

  private static void each(
      ReadView view, KeyRange range, BiConsumer<KeyReader, KeyReader> consumer) {
    try (Cursor cursor = view.scan(range)) {
      while (cursor.next()) {
        consumer.accept(
            new KeyReader().reset(cursor.key()).skip().skip(),
            new KeyReader().reset(cursor.value()));
      }
    }
  }

  private static void change(Transaction transaction) {
    long version = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    transaction.put(CatalogKeys.accessVersion(), new KeyWriter().addLong(version).toByteArray());
  }

  /** Stores a role, new or changed. */
  public void put(Transaction transaction, Role role) {
    transaction.put(CatalogKeys.role(role.id()), RoleCodec.encode(role));
    change(transaction);
  }

  /** Removes a role with its memberships. */
  public void remove(Transaction transaction, Role role) {
    for (Membership membership : at(transaction).memberships()) {
      if (membership.role() == role.id() || membership.member() == role.id()) {
        remove(transaction, membership);
      }
    }
    transaction.delete(CatalogKeys.role(role.id()));
    change(transaction);
  }

  /** Stores a membership, in place of one of the same two. */
  public void put(Transaction transaction, Membership membership) {
    transaction.put(
        CatalogKeys.membership(membership.role(), membership.member()),
        new KeyWriter().addLong(membership.grantor()).addBoolean(membership.admin()).toByteArray());
    change(transaction);
  }

  public void remove(Transaction transaction, Membership membership) {
    transaction.delete(CatalogKeys.membership(membership.role(), membership.member()));
    change(transaction);
  }

  /** Stores the rights on an object. */
  public void put(Transaction transaction, long objectId, ObjectRights rights) {
    if (rights.equals(ObjectRights.USUAL)) {
      remove(transaction, objectId);
      return;
    }
    transaction.put(CatalogKeys.rights(objectId), RoleCodec.encodeRights(rights));
    change(transaction);
  }

  /** Forgets the rights on an object, which is dropped. */
  void remove(Transaction transaction, long objectId) {
    if (transaction.get(CatalogKeys.rights(objectId)) != null) {
      transaction.delete(CatalogKeys.rights(objectId));
      change(transaction);
    }
  }

  /** Forgets what was granted on columns that {@code table} has no more. */
  void removeStale(Transaction transaction, TableDefinition table) {
    ObjectRights rights = stored(transaction, table.id());
    if (rights == null) {
      return;
    }
    ObjectRights changed = rights;
    for (String column : rights.columns().keySet()) {
      if (table.columnIndex(column) < 0) {
        changed = changed.withColumn(column, AccessList.EMPTY);
      }
    }
    if (!changed.equals(rights)) {
      put(transaction, table.id(), changed);
    }
  }

  /** Lets what was granted on a column be granted on its new name. */
  void renameColumn(Transaction transaction, long tableId, String name, String newName) {
    ObjectRights rights = stored(transaction, tableId);
    if (rights != null && rights.columns().containsKey(name)) {
      AccessList grants = rights.columnGrants(name);
      put(
          transaction,
          tableId,
          rights.withColumn(name, AccessList.EMPTY).withColumn(newName, grants));
    }
  }

  private static @Nullable ObjectRights stored(ReadView view, long objectId) {
    byte[] value = view.get(CatalogKeys.rights(objectId));
    return value == null ? null : RoleCodec.decodeRights(new KeyReader(value));
  }
}
