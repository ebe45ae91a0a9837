package io.ppdb.relational.access;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whom an object belongs to, and what was granted on it. Immutable.
 *
 * @param granted null as long as nothing was granted or revoked: the owner then may do everything,
 *     others what they usually may
 * @param columns what was granted on columns, by their names; none has an empty list
 */
public record ObjectRights(
    long owner, @Nullable AccessList granted, Map<String, AccessList> columns) {
  /** What belongs to whoever was there before there were roles. */
  public static final ObjectRights USUAL = ObjectRights.ownedBy(Role.BOOTSTRAP);

  public ObjectRights {
    columns = Map.copyOf(columns);
  }

  /** What has just been created by {@code owner}. */
  public static ObjectRights ownedBy(long owner) {
    return new ObjectRights(owner, null, Map.of());
  }

  /** What is granted on object {@code id} of class {@code type}, usual grants included. */
  public AccessList grants(ObjectClass type, long id) {
    AccessList known = granted;
    if (known != null) {
      return known;
    }
    AccessList usual =
        AccessList.EMPTY.grant(owner, new AccessList.Entry(owner, owner, type.all(), 0));
    int ofPublic = type.ofPublic(id);
    return ofPublic == 0
        ? usual
        : usual.grant(owner, new AccessList.Entry(Role.PUBLIC, owner, ofPublic, 0));
  }

  /** What is granted on a column alone. */
  public AccessList columnGrants(String column) {
    return columns.getOrDefault(column, AccessList.EMPTY);
  }

  public ObjectRights withGranted(AccessList newGranted) {
    return new ObjectRights(owner, newGranted, columns);
  }

  /** These rights with other grants on a column. */
  public ObjectRights withColumn(String column, AccessList grants) {
    Map<String, AccessList> changed = new TreeMap<>(columns);
    if (grants.isEmpty()) {
      changed.remove(column);
    } else {
      changed.put(column, grants);
    }
    return new ObjectRights(owner, granted, changed);
  }

  /** These rights with each list of grants changed. */
  private ObjectRights changed(long newOwner, Function<AccessList, AccessList> change) {
    AccessList known = granted;
    ObjectRights result =
        new ObjectRights(newOwner, known == null ? null : change.apply(known), Map.of());
    for (Map.Entry<String, AccessList> column : columns.entrySet()) {
      result = result.withColumn(column.getKey(), change.apply(column.getValue()));
    }
    return result;
  }

  /** These rights with another owner, who takes the place of the old one in all grants. */
  public ObjectRights withOwner(long newOwner) {
    return changed(newOwner, list -> list.withOwner(owner, newOwner));
  }

  /** These rights without what was granted to or by {@code role}, who is not the owner. */
  public ObjectRights without(long role) {
    return changed(owner, list -> list.without(owner, role));
  }

  /** Whether anything is granted to or by {@code role}. */
  public boolean names(long role) {
    AccessList known = granted;
    return (known != null && known.names(role))
        || columns.values().stream().anyMatch(list -> list.names(role));
  }
}
