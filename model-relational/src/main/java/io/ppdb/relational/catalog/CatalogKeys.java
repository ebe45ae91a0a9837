package io.ppdb.relational.catalog;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.codec.KeyWriter;

/**
 * Keys of the catalog.
 *
 * <pre>
 *   (0, 0)                  -> next object id
 *   (0, 1, schema, name)    -> what the name stands for: table or index, object id, version
 *   (0, 2, object id)       -> table definition; unchanged while no schema change commits
 *   (0, 3, object id, part) -> when a dropped object or index may be removed physically
 *   (0, 4, object id, state) -> the last value of a sequence
 *   (0, 5, object id)       -> statistics of a table
 *   (0, 6, schema)          -> its id
 *   (0, 7, object id, part, name) -> a comment
 *   (0, 8, object id)       -> nothing: a change of the object takes several transactions
 *   (0, 9)                  -> version of what the next three have
 *   (0, 10, role id)        -> a role
 *   (0, 11, role id, member id) -> a membership
 *   (0, 12, object id)      -> owner and grants of an object
 * </pre>
 */
final class CatalogKeys {
  static final long CATALOG = 0;

  /** Ids below are PPDB's own objects. */
  static final long FIRST_USER_OBJECT = 16;

  /** The part of a dropped object that is the whole object. */
  static final long WHOLE_OBJECT = -1;

  private static final long NEXT_ID = 0;
  private static final long NAMES = 1;
  private static final long DEFINITIONS = 2;
  private static final long DROPPED = 3;
  private static final long SEQUENCES = 4;
  private static final long STATISTICS = 5;
  private static final long SCHEMAS = 6;
  private static final long COMMENTS = 7;
  private static final long UNFINISHED = 8;
  private static final long ACCESS_VERSION = 9;
  private static final long ROLES = 10;
  private static final long MEMBERSHIPS = 11;
  private static final long RIGHTS = 12;

  private CatalogKeys() {}

  static KeyRange all() {
    return KeyWriter.rangeOf(CATALOG);
  }

  static byte[] nextId() {
    return section(NEXT_ID).toByteArray();
  }

  static byte[] name(String schema, String name) {
    return section(NAMES).addString(schema).addString(name).toByteArray();
  }

  static KeyRange names(String schema) {
    return section(NAMES).addString(schema).toPrefixRange();
  }

  static byte[] definition(long objectId) {
    return section(DEFINITIONS).addLong(objectId).toByteArray();
  }

  static KeyRange definitions() {
    return section(DEFINITIONS).toPrefixRange();
  }

  static byte[] dropped(long objectId, long part) {
    return section(DROPPED).addLong(objectId).addLong(part).toByteArray();
  }

  static KeyRange allDropped() {
    return section(DROPPED).toPrefixRange();
  }

  static byte[] sequence(long objectId, long stateId) {
    return section(SEQUENCES).addLong(objectId).addLong(stateId).toByteArray();
  }

  static byte[] statistics(long objectId) {
    return section(STATISTICS).addLong(objectId).toByteArray();
  }

  static byte[] schema(String name) {
    return section(SCHEMAS).addString(name).toByteArray();
  }

  static KeyRange schemas() {
    return section(SCHEMAS).toPrefixRange();
  }

  static byte[] comment(long objectId, long part, String name) {
    return section(COMMENTS).addLong(objectId).addLong(part).addString(name).toByteArray();
  }

  static KeyRange comments(long objectId) {
    return section(COMMENTS).addLong(objectId).toPrefixRange();
  }

  static KeyRange comments() {
    return section(COMMENTS).toPrefixRange();
  }

  static byte[] unfinished(long objectId) {
    return section(UNFINISHED).addLong(objectId).toByteArray();
  }

  static KeyRange allUnfinished() {
    return section(UNFINISHED).toPrefixRange();
  }

  static byte[] accessVersion() {
    return section(ACCESS_VERSION).toByteArray();
  }

  static byte[] role(long id) {
    return section(ROLES).addLong(id).toByteArray();
  }

  static KeyRange roles() {
    return section(ROLES).toPrefixRange();
  }

  static byte[] membership(long roleId, long memberId) {
    return section(MEMBERSHIPS).addLong(roleId).addLong(memberId).toByteArray();
  }

  static KeyRange memberships() {
    return section(MEMBERSHIPS).toPrefixRange();
  }

  static byte[] rights(long objectId) {
    return section(RIGHTS).addLong(objectId).toByteArray();
  }

  static KeyRange allRights() {
    return section(RIGHTS).toPrefixRange();
  }

  private static KeyWriter section(long number) {
    return new KeyWriter().addLong(CATALOG).addLong(number);
  }
}
