package io.ppdb.relational.access;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * What has been granted on one object, or one column: who granted what to whom, as PostgreSQL keeps
 * it. A grantor other than the owner holds a grant option for each privilege it has granted, so
 * every grant is reached from the owner. Immutable.
 *
 * @param entries one for each pair of grantee and grantor
 */
public record AccessList(List<Entry> entries) {
  /** Nothing granted to anybody. */
  public static final AccessList EMPTY = new AccessList(List.of());

  /**
   * What {@code grantor} has granted to {@code grantee}.
   *
   * @param privileges bits of {@link Privilege}
   * @param options those of them that the grantee may grant in its turn
   */
  public record Entry(long grantee, long grantor, int privileges, int options) {}

  public AccessList {
    entries = List.copyOf(entries);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The privileges of whoever has those of the roles that {@code has} names. */
  public int privileges(LongPredicate has) {
    int bits = 0;
    for (Entry entry : entries) {
      if (entry.grantee() == Role.PUBLIC || has.test(entry.grantee())) {
        bits |= entry.privileges();
      }
    }
    return bits;
  }

  /** What the role {@code grantee} itself, and not through others, may grant. */
  public int options(long grantee) {
    int bits = 0;
    for (Entry entry : entries) {
      if (entry.grantee() == grantee) {
        bits |= entry.options();
      }
    }
    return bits;
  }

  /** Whether anything is granted to or by {@code role}. */
  public boolean names(long role) {
    return entries.stream().anyMatch(e -> e.grantee() == role || e.grantor() == role);
  }

  /**
   * This list with a grant.
   *
   * @param owner of the object, who may grant without an option
   */
  public AccessList grant(long owner, Entry grant) {
    if (grant.options() != 0) {
      requireNoCircle(owner, grant);
    }
    List<Entry> changed = new ArrayList<>();
    boolean found = false;
    for (Entry entry : entries) {
      boolean same = entry.grantee() == grant.grantee() && entry.grantor() == grant.grantor();
      found |= same;
      changed.add(
          same
              ? new Entry(
                  entry.grantee(),
                  entry.grantor(),
                  entry.privileges() | grant.privileges(),
                  entry.options() | grant.options())
              : entry);
    }
    if (!found) {
      changed.add(grant);
    }
    return new AccessList(changed);
  }

  /** Fails if the grantor has its option from the grantee: nobody could take such a grant back. */
  private void requireNoCircle(long owner, Entry grant) {
    if (grant.grantor() == owner) {
      return;
    }
    AccessList without = this;
    for (Entry entry : entries) {
      if (entry.grantee() == grant.grantee() && (entry.options() & grant.options()) != 0) {
        without = without.revoke(owner, new Entry(entry.grantee(), entry.grantor(), 0, -1), true);
      }
    }
    if ((grant.options() & ~without.options(grant.grantor())) != 0) {
      throw new PpdbException(
          ErrorCode.INVALID_GRANT, "grant options cannot be granted back to your own grantor");
    }
  }

  /**
   * This list without a grant, and without those that rest on its options.
   *
   * @param revoked which of the privileges, and of the options, to take back
   * @param cascade whether grants that rest on it go too; else DEPENDENT_OBJECTS if there are any
   */
  public AccessList revoke(long owner, Entry revoked, boolean cascade) {
    int before = options(revoked.grantee());
    List<Entry> left = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.grantee() != revoked.grantee() || entry.grantor() != revoked.grantor()) {
        left.add(entry);
        continue;
      }
      int privileges = entry.privileges() & ~revoked.privileges();
      int options = entry.options() & ~(revoked.options() | revoked.privileges());
      if (privileges != 0) {
        left.add(new Entry(entry.grantee(), entry.grantor(), privileges, options));
      }
    }
    AccessList changed = new AccessList(left);
    int lost = before & ~changed.options(revoked.grantee());
    return lost == 0 || revoked.grantee() == owner
        ? changed
        : changed.revokeGrantsOf(owner, revoked.grantee(), lost, cascade);
  }

  private AccessList revokeGrantsOf(long owner, long grantor, int lost, boolean cascade) {
    AccessList changed = this;
    for (Entry entry : entries) {
      int dependent = entry.privileges() & lost;
      if (entry.grantor() == grantor && dependent != 0) {
        if (!cascade) {
          throw new PpdbException(
              ErrorCode.DEPENDENT_OBJECTS,
              "dependent privileges exist; use CASCADE to revoke them too");
        }
        changed =
            changed.revoke(
                owner, new Entry(entry.grantee(), grantor, dependent, dependent), cascade);
      }
    }
    return changed;
  }

  /** This list when {@code from} has given the object to {@code to}. */
  public AccessList withOwner(long from, long to) {
    AccessList changed = EMPTY;
    for (Entry entry : entries) {
      changed =
          changed.with(
              new Entry(
                  entry.grantee() == from ? to : entry.grantee(),
                  entry.grantor() == from ? to : entry.grantor(),
                  entry.privileges(),
                  entry.options()));
    }
    return changed;
  }

  private AccessList with(Entry added) {
    return grant(added.grantor(), added);
  }

  /** This list without what was granted to or by {@code role}. */
  public AccessList without(long owner, long role) {
    AccessList changed = this;
    for (Entry entry : entries) {
      if (entry.grantee() == role || entry.grantor() == role) {
        changed =
            changed.revoke(
                owner, new Entry(entry.grantee(), entry.grantor(), -1, -1), /* cascade= */ true);
      }
    }
    return changed;
  }
}
