package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How keys are rows, and entries cells; byte by byte in {@code docs/design/distributed.md}.
 *
 * <p>The value of a put lies in column {@code v}, behind a byte 1; in an expirable range its expiry
 * in column {@code e}. Each operand of a merge has a column of its own, named by the transaction
 * that wrote it. A lock leaves an empty cell in column {@code l}.
 */
final class RowLayout {
  static final byte[] VALUE = {'v'};
  static final byte[] EXPIRY = {'e'};
  static final byte[] LOCK = {'l'};

  /** What the row of a key begins with. */
  private static final byte KEY_PREFIX = 1;

  /** What rows of the change log begin with: they lie behind those of all keys. */
  static final byte LOG_PREFIX = KEY_PREFIX + 1;

  private static final byte OPERAND = 'm';
  private static final int OPERAND_QUALIFIER_LENGTH = 1 + Long.BYTES + 1;

  /** Omid marks a deleted cell by a value of this length; no value of a put has it. */
  private static final int TOMBSTONE_LENGTH = 0;

  /**
   * What the value of a put begins with; other bytes are for what is to come. Not 0, as the length
   * of a value does, as four bytes.
   */
  private static final byte PLAIN = 1;

  private RowLayout() {}

  static byte[] row(byte[] key) {
    byte[] row = new byte[1 + key.length];
    row[0] = KEY_PREFIX;
    System.arraycopy(key, 0, row, 1, key.length);
    return row;
  }

  static byte[] key(byte[] array, int offset, int length) {
    return Arrays.copyOfRange(array, offset + 1, offset + length);
  }

  /** The row that is the end of {@code range}, exclusive. */
  static byte[] endRow(KeyRange range) {
    byte[] end = range.end();
    return end == null ? new byte[] {LOG_PREFIX} : row(end);
  }

  static byte[] value(byte[] value) {
    byte[] cell = new byte[1 + value.length];
    cell[0] = PLAIN;
    System.arraycopy(value, 0, cell, 1, value.length);
    return cell;
  }

  static byte[] readValue(byte[] array, int offset, int length) {
    if (array[offset] != PLAIN) {
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "a value begins with " + array[offset] + ", expected " + PLAIN);
    }
    return Arrays.copyOfRange(array, offset + 1, offset + length);
  }

  /**
   * Whether a cell of column {@code v} is that of a deletion. It has its value, or where only keys
   * were asked for the length of its value in the place of that; it may have it all the same, if
   * Omid has read it once more.
   */
  static boolean isTombstone(byte[] array, int offset, int length, boolean mayBeLength) {
    return length == TOMBSTONE_LENGTH
        || (mayBeLength
            && array[offset] != PLAIN
            && ByteBuffer.wrap(array, offset, Integer.BYTES).getInt() == TOMBSTONE_LENGTH);
  }

  static byte[] expiry(long millis) {
    return ByteBuffer.allocate(Long.BYTES).putLong(millis).array();
  }

  static long readExpiry(byte[] array, int offset) {
    return ByteBuffer.wrap(array, offset, Long.BYTES).getLong();
  }

  /**
   * The column of an operand. The last byte keeps it from looking like one of Omid's own columns,
   * whatever the timestamp ends with.
   */
  static byte[] operandColumn(long startTimestamp) {
    return ByteBuffer.allocate(OPERAND_QUALIFIER_LENGTH)
        .put(OPERAND)
        .putLong(startTimestamp)
        .put(OPERAND)
        .array();
  }

  static boolean isOperandColumn(byte[] array, int offset, int length) {
    return length == OPERAND_QUALIFIER_LENGTH && array[offset] == OPERAND;
  }

  static byte[] operand(int operatorId, byte[] operand) {
    return ByteBuffer.allocate(Short.BYTES + operand.length)
        .putShort((short) operatorId)
        .put(operand)
        .array();
  }

  static int readOperatorId(byte[] array, int offset) {
    return ByteBuffer.wrap(array, offset, Short.BYTES).getShort();
  }

  static byte[] readOperand(byte[] array, int offset, int length) {
    return Arrays.copyOfRange(array, offset + Short.BYTES, offset + length);
  }

  /**
   * What a view shows of a key.
   *
   * @param value empty if only keys were asked for
   */
  record Visible(byte[] key, byte[] value, long expiryMillis) {}
}
