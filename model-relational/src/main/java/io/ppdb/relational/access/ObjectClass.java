package io.ppdb.relational.access;

import static io.ppdb.relational.access.Privilege.bits;

/** A class of objects that have an owner and privileges of their own. */
public enum ObjectClass {
  /** Tables, views and materialised views. */
  TABLE(
      "table",
      bits(
          Privilege.INSERT,
          Privilege.SELECT,
          Privilege.UPDATE,
          Privilege.DELETE,
          Privilege.TRUNCATE,
          Privilege.REFERENCES,
          Privilege.TRIGGER),
      0),
  SEQUENCE("sequence", bits(Privilege.USAGE, Privilege.SELECT, Privilege.UPDATE), 0),
  SCHEMA("schema", bits(Privilege.USAGE, Privilege.CREATE), 0),
  DATABASE(
      "database",
      bits(Privilege.CREATE, Privilege.CONNECT, Privilege.TEMPORARY),
      bits(Privilege.CONNECT, Privilege.TEMPORARY));

  /** What may be granted on columns. */
  public static final int COLUMN_PRIVILEGES =
      bits(Privilege.INSERT, Privilege.SELECT, Privilege.UPDATE, Privilege.REFERENCES);

  /** The id of the database that a store is. */
  public static final long DATABASE_ID = 2;

  /** The id of schema public, where everybody may look things up unless that is revoked. */
  public static final long PUBLIC_SCHEMA_ID = 1;

  private final String word;
  private final int all;
  private final int ofPublic;

  ObjectClass(String word, int all, int ofPublic) {
    this.word = word;
    this.all = all;
    this.ofPublic = ofPublic;
  }

  /** What messages call it. */
  public String word() {
    return word;
  }

  /** All privileges that there are on such an object. */
  public int all() {
    return all;
  }

  /** What everybody may do with object {@code id} of this class if nothing was granted yet. */
  int ofPublic(long id) {
    return this == SCHEMA && id == PUBLIC_SCHEMA_ID ? Privilege.USAGE.bit() : ofPublic;
  }
}
