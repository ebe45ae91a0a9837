package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlType;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as they came: their values in binary form, one after the other, and where each is. */
final class RemoteRows implements RowBatch {
  private static final int NULL = -1;
  private static final int FIRST_BYTES = 1024;
  private static final int FIRST_VALUES = 16;

  private final SqlType[] types;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int end;
  private int[] starts = new int[FIRST_VALUES];
  private int[] lengths = new int[FIRST_VALUES];
  private int rowCount;

  RemoteRows(List<ColumnInfo> columns) {
    this(columns.stream().map(ColumnInfo::type).toArray(SqlType[]::new));
  }

  private RemoteRows(SqlType[] types) {
    this.types = types;
  }

  void clear() {
    rowCount = 0;
    end = 0;
  }

  /** Adds the row of the message that was read last. */
  void add(Wire wire) throws SQLException {
    int count = wire.readShort();
    if (count != types.length) {
      throw wire.violated("a row of " + count + " columns where there are " + types.length);
    }
    int length = wire.remaining();
    if (bytes.length - end < length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + length));
    }
    wire.copyRest(bytes, end);
    int first = rowCount * types.length;
    if (starts.length < first + types.length) {
      starts = Arrays.copyOf(starts, 2 * (first + types.length));
      lengths = Arrays.copyOf(lengths, starts.length);
    }
    int at = end;
    end += length;
    for (int i = 0; i < count; i++) {
      int valueLength = end - at < 4 ? Integer.MAX_VALUE : BigEndian.getInt(bytes, at);
      at += 4;
      if (valueLength < NULL || valueLength > end - at) {
        throw wire.violated("a value that is longer than its row");
      }
      starts[first + i] = at;
      lengths[first + i] = valueLength;
      at += Math.max(0, valueLength);
    }
    rowCount++;
  }

  /** These rows, apart from this object, which is then empty. */
  RemoteRows moved() {
    RemoteRows copy = new RemoteRows(types);
    copy.bytes = bytes;
    copy.end = end;
    copy.starts = starts;
    copy.lengths = lengths;
    copy.rowCount = rowCount;
    bytes = new byte[FIRST_BYTES];
    starts = new int[FIRST_VALUES];
    lengths = new int[FIRST_VALUES];
    clear();
    return copy;
  }

  /** What its values take in memory, about. */
  int byteCount() {
    return end;
  }

  @Override
  public int rowCount() {
    return rowCount;
  }

  @Override
  public boolean isNull(int column, int row) {
    return lengths[row * types.length + column] < 0;
  }

  @Override
  public boolean getBoolean(int column, int row) {
    return bytes[starts[row * types.length + column]] != 0;
  }

  @Override
  public long getLong(int column, int row) {
    int start = starts[row * types.length + column];
    switch (types[column]) {
      case SMALLINT:
        return BigEndian.getShort(bytes, start);
      case INTEGER:
        return BigEndian.getInt(bytes, start);
      default:
        return BigEndian.getLong(bytes, start);
    }
  }

  @Override
  public double getDouble(int column, int row) {
    int start = starts[row * types.length + column];
    return types[column] == SqlType.REAL
        ? Float.intBitsToFloat(BigEndian.getInt(bytes, start))
        : Double.longBitsToDouble(BigEndian.getLong(bytes, start));
  }

  @Override
  public @Nullable Object getObject(int column, int row) {
    int index = row * types.length + column;
    return lengths[index] < 0
        ? null
        : BinaryValues.read(bytes, starts[index], lengths[index], types[column]);
  }
}
