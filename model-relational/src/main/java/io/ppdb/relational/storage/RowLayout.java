package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.LayoutDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the columns of a table lie in the value of a row.
 *
 * <pre>
 * +--------+-----------+---------------+-------------+--------------+-------------+
 * | header | layout    | null bits     | fixed part  | ends         | var part    |
 * | 1 byte | 2 bytes   | ⌈columns / 8⌉ |             | 2 or 4 each  |             |
 * +--------+-----------+---------------+-------------+--------------+-------------+
 * </pre>
 *
 * <p>Stored are the columns that the key does not give back exactly. Each has a null bit; a column
 * of fixed width has its place in the fixed part even when NULL, so its offset is the same in every
 * row. Immutable.
 */
final class RowLayout {
  /** High four bits of the header: the version of this format. */
  static final int FORMAT = 0x10;

  /** Bit of the header: ends take four bytes rather than two. */
  static final int WIDE = 0x01;

  static final int NULLS_OFFSET = 3;

  /** Largest var part whose ends take two bytes. */
  static final int MAX_NARROW_BYTES = 0xFFFF;

  /** How a column is stored. */
  private enum Place {
    KEY,
    FIXED,
    VARIABLE
  }

  private final Place[] places;
  private final int[] nullBits;
  private final int[] offsets;
  private final ColumnType[] types;
  private final int storedCount;
  private final int variableCount;
  private final int endsOffset;
  private final int number;

  /** The layout of rows that are written now. */
  RowLayout(TableDefinition table) {
    this(table, table.layouts().size());
  }

  /**
   * The layout with {@code number}: the newest one, whose columns are those of the table, or an
   * older one, whose columns are its slots.
   */
  RowLayout(TableDefinition table, int number) {
    this(number, types(table, number), keyColumns(table, number));
  }

  /** The layout of rows that have no key: all columns are stored. */
  RowLayout(List<ColumnType> types) {
    this(0, types, List.of());
  }

  private RowLayout(int number, List<ColumnType> columns, List<Integer> key) {
    this.number = number;
    int count = columns.size();
    places = new Place[count];
    nullBits = new int[count];
    offsets = new int[count];
    types = columns.toArray(ColumnType[]::new);
    int stored = 0;
    for (int i = 0; i < count; i++) {
      boolean inKey = key.contains(i) && isExactInKey(types[i]);
      places[i] = inKey ? Place.KEY : fixedWidth(types[i]) > 0 ? Place.FIXED : Place.VARIABLE;
      nullBits[i] = inKey ? -1 : stored++;
    }
    storedCount = stored;
    int offset = NULLS_OFFSET + (stored + 7) / 8;
    int variable = 0;
    for (int i = 0; i < count; i++) {
      switch (places[i]) {
        case FIXED -> {
          offsets[i] = offset;
          offset += fixedWidth(types[i]);
        }
        case VARIABLE -> offsets[i] = variable++;
        case KEY -> offsets[i] = -1;
      }
    }
    endsOffset = offset;
    variableCount = variable;
  }

  private static List<ColumnType> types(TableDefinition table, int number) {
    if (number == table.layouts().size()) {
      return table.columns().stream().map(ColumnDefinition::type).toList();
    }
    List<ColumnType> types = new ArrayList<>();
    for (LayoutDefinition.Slot slot : table.layouts().get(number).slots()) {
      ColumnType dropped = slot.droppedType();
      types.add(dropped == null ? table.column(slot.ordinal()).type() : dropped);
    }
    return types;
  }

  private static List<Integer> keyColumns(TableDefinition table, int number) {
    if (number == table.layouts().size()) {
      return table.primaryKey();
    }
    List<LayoutDefinition.Slot> slots = table.layouts().get(number).slots();
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < slots.size(); place++) {
      if (table.primaryKey().contains(slots.get(place).ordinal())) {
        places.add(place);
      }
    }
    return places;
  }

  /** Whether a key gives a value of {@code type} back bit by bit. */
  static boolean isExactInKey(ColumnType type) {
    return switch (type.kind()) {
      case REAL, DOUBLE -> false; // -0.0 and 0.0 are one key
      case DECIMAL -> type.isLongDecimal(); // 1.0 and 1.00 are one key
      default -> true;
    };
  }

  /** Bytes that a value of {@code type} takes in the fixed part; 0 if its length varies. */
  static int fixedWidth(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> 1;
      case SMALLINT -> 2;
      case INTEGER, DATE, REAL -> 4;
      case BIGINT, DOUBLE, TIME, TIMESTAMP, TIMESTAMPTZ -> 8;
      case DECIMAL -> type.isLongDecimal() ? 8 : 0;
      case INTERVAL, UUID -> 16;
      case VARCHAR, BYTEA, JSON, ARRAY -> 0;
    };
  }

  /** The number that rows of this layout carry. */
  int number() {
    return number;
  }

  /** The number that the row at {@code base} carries. */
  static int numberOf(byte[] row, int base) {
    return (row[base + 1] & 0xFF) << 8 | (row[base + 2] & 0xFF);
  }

  int columnCount() {
    return types.length;
  }

  ColumnType type(int column) {
    return types[column];
  }

  boolean isInKey(int column) {
    return places[column] == Place.KEY;
  }

  boolean isVariable(int column) {
    return places[column] == Place.VARIABLE;
  }

  int nullBit(int column) {
    return nullBits[column];
  }

  /** Offset in the row of a fixed column; index among the variable columns of a variable one. */
  int offset(int column) {
    return offsets[column];
  }

  int storedCount() {
    return storedCount;
  }

  int variableCount() {
    return variableCount;
  }

  /** Offset in the row of the ends. */
  int endsOffset() {
    return endsOffset;
  }

  /** Whether {@code column} is NULL in the row that begins at {@code base}. */
  boolean isNull(int column, byte[] row, int base) {
    int bit = nullBits[column];
    return (row[base + NULLS_OFFSET + (bit >> 3)] & (1 << (bit & 7))) != 0;
  }

  /** Fails with CORRUPTION if the bytes cannot be a row of this layout. */
  void check(byte[] row, int base, int length) {
    if (length < endsOffset || (row[base] & 0xF0) != FORMAT) {
      throw new PpdbException(
          ErrorCode.CORRUPTION,
          "row of "
              + length
              + " bytes with header "
              + (length == 0 ? "none" : Integer.toHexString(row[base] & 0xFF))
              + ", expected at least "
              + endsOffset
              + " bytes and format "
              + (FORMAT >> 4));
    }
  }

  /** The types of {@code columns}, ordinals beyond the visible columns meaning the row id. */
  List<ColumnType> types(int[] columns) {
    ColumnType[] result = new ColumnType[columns.length];
    for (int i = 0; i < columns.length; i++) {
      result[i] = columns[i] < types.length ? types[columns[i]] : ColumnType.BIGINT;
    }
    return List.of(result);
  }
}
