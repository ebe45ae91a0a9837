package io.ppdb.hbase.omid;

import io.ppdb.hbase.omid.RowLayout.Visible;
import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.OperatorRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/** Makes of the cells that a transaction sees of a row what the contract shows of a key. */
final class RowReader {
  private static final byte[] NO_VALUE = {};
  private static final Cell[] NO_CELLS = {};

  /** A key that has more is worth a commit of its own. */
  static final int MAX_OPERANDS = 32;

  private final OperatorRegistry operators;
  private final long instantMillis;

  /** Whether values are lengths: {@link RowScan} asked for them so. */
  private final boolean keysOnly;

  /** Told the keys that have so many operands that they should be folded. */
  private final Consumer<byte[]> folding;

  RowReader(
      OperatorRegistry operators, long instantMillis, boolean keysOnly, Consumer<byte[]> folding) {
    this.operators = operators;
    this.instantMillis = instantMillis;
    this.keysOnly = keysOnly;
    this.folding = folding;
  }

  /** The visible entry; null if the key is absent or has expired. */
  @Nullable Visible read(Result row) {
    byte[] value = null;
    long expiryMillis = Limits.NO_EXPIRY;
    List<Cell> operands = new ArrayList<>(0);
    for (Cell cell : row.rawCells()) {
      if (isColumn(cell, RowLayout.VALUE)) {
        value = value(cell);
      } else if (isColumn(cell, RowLayout.EXPIRY)) {
        expiryMillis = RowLayout.readExpiry(cell.getValueArray(), cell.getValueOffset());
      } else if (isOperand(cell)) {
        operands.add(cell);
      }
    }
    byte[] bytes = row.getRow();
    byte[] key = RowLayout.key(bytes, 0, bytes.length);
    if (!operands.isEmpty()) {
      if (operands.size() > MAX_OPERANDS) {
        folding.accept(key);
      }
      return new Visible(key, keysOnly ? NO_VALUE : fold(value, operands), Limits.NO_EXPIRY);
    }
    return value == null || expiryMillis <= instantMillis
        ? null
        : new Visible(key, value, expiryMillis);
  }

  private byte @Nullable [] value(Cell cell) {
    byte[] array = cell.getValueArray();
    int offset = cell.getValueOffset();
    int length = cell.getValueLength();
    if (RowLayout.isTombstone(array, offset, length, keysOnly)) {
      return null;
    }
    return keysOnly ? NO_VALUE : RowLayout.readValue(array, offset, length);
  }

  /** They commute, so their order is of no meaning. */
  private byte[] fold(byte @Nullable [] base, List<Cell> operands) {
    byte[] value = base == null ? NO_VALUE : base;
    boolean isAbsent = base == null;
    for (Cell cell : operands) {
      byte[] array = cell.getValueArray();
      int offset = cell.getValueOffset();
      byte[] operand = RowLayout.readOperand(array, offset, cell.getValueLength());
      value =
          operators
              .get(RowLayout.readOperatorId(array, offset))
              .apply(isAbsent ? null : value, operand);
      isAbsent = false;
    }
    return value;
  }

  static boolean isColumn(Cell cell, byte[] qualifier) {
    int offset = cell.getQualifierOffset();
    return Arrays.equals(
        cell.getQualifierArray(),
        offset,
        offset + cell.getQualifierLength(),
        qualifier,
        0,
        qualifier.length);
  }

  /** Whether there are so many operands in {@code row} that they should be folded. */
  static boolean hasManyOperands(Result row) {
    int count = 0;
    for (Cell cell : row.isEmpty() ? NO_CELLS : row.rawCells()) {
      count += isOperand(cell) ? 1 : 0;
    }
    return count > MAX_OPERANDS;
  }

  static boolean isOperand(Cell cell) {
    return RowLayout.isOperandColumn(
        cell.getQualifierArray(), cell.getQualifierOffset(), cell.getQualifierLength());
  }
}
