package io.ppdb.relational.access;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A role: somebody who may open a session, a group of such, or both. Immutable; its text shows no
 * verifier.
 *
 * @param id never used again, nor by an object of another kind
 * @param verifier the text of a {@link ScramVerifier}; null if no password opens a session
 * @param validUntil when the password ends to be one; null for never
 * @param connectionLimit how many sessions it may have at a time; -1 for any number
 */
public record Role(
    long id,
    String name,
    Set<Attribute> attributes,
    @Nullable String verifier,
    @Nullable Instant validUntil,
    int connectionLimit) {
  /** What stands for everybody where a grantee is named. */
  public static final long PUBLIC = 0;

  /** The role that owns what was there before there were roles, and cannot be changed. */
  public static final long BOOTSTRAP = 10;

  /** May read files of the server, by COPY. */
  public static final long READ_SERVER_FILES = 11;

  /** May write files of the server, by COPY. */
  public static final long WRITE_SERVER_FILES = 12;

  /** Any number of sessions. */
  public static final int UNLIMITED = -1;

  /** What a role may do, or have, beside the privileges it is granted. Names are stored. */
  public enum Attribute {
    /** Everything. */
    SUPERUSER,
    /** Uses the privileges of roles it is a member of without SET ROLE. */
    INHERIT,
    /** Creates, changes and drops roles. */
    CREATEROLE,
    /** Kept for those who ask: a store is one database. */
    CREATEDB,
    /** Opens sessions. */
    LOGIN
  }

  public Role {
    attributes = Set.copyOf(attributes);
  }

  /** A role that inherits and has nothing else. */
  public static Role of(long id, String name) {
    return new Role(id, name, EnumSet.of(Attribute.INHERIT), null, null, UNLIMITED);
  }

  public boolean has(Attribute attribute) {
    return attributes.contains(attribute);
  }

  public boolean isSuperuser() {
    return has(Attribute.SUPERUSER);
  }

  /** Whether it is one of PPDB's own, which no statement changes. */
  public boolean isPredefined() {
    return id <= WRITE_SERVER_FILES;
  }

  @Override
  public String toString() {
    return "role " + name;
  }
}
