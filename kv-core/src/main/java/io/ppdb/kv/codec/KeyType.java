package io.ppdb.kv.codec;

import org.jspecify.annotations.Nullable;

/**
 * The types an element of a key can have.
 *
 * <p>The first byte of an element is its tag; {@link Tag} lists them. Elements of different types
 * at the same place order by tag, which no caller should rely on: the columns of an index have one
 * type each.
 */
public enum KeyType {
  /** No value; the same for every type. */
  NULL,
  BOOLEAN,
  /** An integer of 64 bits; every narrower integer type shares it. */
  LONG,
  DECIMAL,
  FLOAT,
  DOUBLE,
  STRING,
  BYTES,
  DATE,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  INTERVAL,
  UUID,
  TUPLE,
  /** Not an element: the end of the tuple being read, or of the key. */
  END;

  private static final @Nullable KeyType[] BY_FIRST_BYTE = new @Nullable KeyType[256];

  static {
    put(Tag.FALSE, BOOLEAN);
    put(Tag.TRUE, BOOLEAN);
    for (int length = -Long.BYTES; length <= Long.BYTES; length++) {
      put(Tag.LONG_ZERO + length, LONG);
    }
    put(Tag.DECIMAL_NEGATIVE, DECIMAL);
    put(Tag.DECIMAL_ZERO, DECIMAL);
    put(Tag.DECIMAL_POSITIVE, DECIMAL);
    put(Tag.FLOAT, FLOAT);
    put(Tag.DOUBLE, DOUBLE);
    put(Tag.STRING, STRING);
    put(Tag.BYTES, BYTES);
    put(Tag.DATE, DATE);
    put(Tag.TIME, TIME);
    put(Tag.TIMESTAMP, TIMESTAMP);
    put(Tag.TIMESTAMPTZ, TIMESTAMPTZ);
    put(Tag.INTERVAL, INTERVAL);
    put(Tag.UUID, UUID);
    put(Tag.TUPLE, TUPLE);
    put(Tag.NULL, NULL);
    put(Tag.END, END);
  }

  /** The type of an element that begins with {@code firstByte}, or null if none does. */
  static @Nullable KeyType ofFirstByte(byte firstByte) {
    return BY_FIRST_BYTE[firstByte & 0xFF];
  }

  /** A tag and its complement, which is what a descending element begins with. */
  private static void put(int tag, KeyType type) {
    BY_FIRST_BYTE[tag] = type;
    BY_FIRST_BYTE[tag ^ 0xFF] = type;
  }

  /**
   * First bytes of elements, ascending; descending elements carry the complement. All lie below
   * 0x80, so the top bit of a tag is its direction, and none is 0x00, 0x01 or their complements.
   * Persistent: a tag is never given another meaning.
   */
  static final class Tag {
    /** Closes a nested tuple: less than any tag, so that a shorter tuple sorts first. */
    static final int END = 0x00;

    /** NULL that sorts before every value; the complement is NULL that sorts after. */
    static final int NULL = 0x02;

    static final int FALSE = 0x04;
    static final int TRUE = 0x05;

    /** Zero; a tag n above or below announces n bytes of a positive or negative integer. */
    static final int LONG_ZERO = 0x14;

    static final int DECIMAL_NEGATIVE = 0x20;
    static final int DECIMAL_ZERO = 0x21;
    static final int DECIMAL_POSITIVE = 0x22;
    static final int FLOAT = 0x24;
    static final int DOUBLE = 0x25;
    static final int STRING = 0x28;
    static final int BYTES = 0x29;
    static final int DATE = 0x30;
    static final int TIME = 0x31;
    static final int TIMESTAMP = 0x32;
    static final int TIMESTAMPTZ = 0x33;
    static final int INTERVAL = 0x34;
    static final int UUID = 0x38;
    static final int TUPLE = 0x40;

    private Tag() {}
  }
}
