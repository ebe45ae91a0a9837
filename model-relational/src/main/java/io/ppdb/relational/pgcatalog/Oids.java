package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.Role;

/**
 * The numbers by which {@code pg_catalog} names things. Those of PostgreSQL's own are its own;
 * others are made of ids that are never used again, so they stay the same for ever:
 *
 * <pre>
 * tables, views, sequences, schemas, roles   16384 + id
 * indexes, and constraints that have one     2^31 + id of the table * 1024 + number of the index
 * other constraints, defaults                3 * 2^30 + id of the table * 1024 + place
 * </pre>
 *
 * Where the last two run out of room (a number over 1023, a million tables) they go on above 2^32,
 * for oids are bigints here. Within one table of the catalog they are unique.
 */
final class Oids {
  static final long PG_CATALOG = 11;
  static final long PUBLIC = 2200;
  static final long INFORMATION_SCHEMA = 13000;
  static final long DATABASE = 16384;
  static final long TABLESPACE = 1663;
  static final long HEAP = 2;
  static final long BTREE = 403;
  static final long DEFAULT_COLLATION = 100;

  /** The numbers of tables of the catalog that others refer to. */
  static final long PG_CLASS = 1259;

  static final long PG_CONSTRAINT = 2606;
  static final long PG_NAMESPACE = 2615;
  static final long PG_ATTRDEF = 2604;

  private static final long FIRST = 16384;
  private static final long READ_SERVER_FILES = 4569;
  private static final long WRITE_SERVER_FILES = 4570;
  private static final long INDEXES = 1L << 31;
  private static final long PARTS = 3L << 30;
  private static final int NUMBER_BITS = 10;
  private static final int ID_BITS = 20;

  /** Beyond what 32 bits hold: all of it is above 2^32. */
  private static final int WIDE_NUMBER_BITS = 24;

  private static final int WIDE_BITS = 60;

  private Oids() {}

  static long object(long id) {
    return FIRST + id;
  }

  static long schema(long id) {
    return id == ObjectClass.PUBLIC_SCHEMA_ID ? PUBLIC : object(id);
  }

  static long role(long id) {
    if (id == Role.READ_SERVER_FILES) {
      return READ_SERVER_FILES;
    }
    if (id == Role.WRITE_SERVER_FILES) {
      return WRITE_SERVER_FILES;
    }
    return id == Role.BOOTSTRAP || id == Role.PUBLIC ? id : object(id);
  }

  /**
   * @param number of the index; 0 for the primary key
   */
  static long index(long tableId, int number) {
    return numbered(INDEXES, 1, tableId, number);
  }

  /**
   * @param place among those of the table, from 0
   */
  static long part(long tableId, int place) {
    return numbered(PARTS, 2, tableId, place);
  }

  private static long numbered(long base, long wideBase, long tableId, int number) {
    return tableId < 1L << ID_BITS && number < 1 << NUMBER_BITS
        ? base + (tableId << NUMBER_BITS) + number
        : (wideBase << WIDE_BITS) + (tableId << WIDE_NUMBER_BITS) + number;
  }
}
