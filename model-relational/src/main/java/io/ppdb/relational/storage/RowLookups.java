package io.ppdb.relational.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.LookupSource;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table for each of many left rows: by primary key, by a range of it, through an index,
 * or out of an index alone. Rows that are read by their keys are asked for together. Used by one
 * thread.
 */
final class RowLookups implements LookupSource {
  private final ReadView view;
  private final ExecutionContext context;
  private final EntryDecoder decoder;
  private final KeyCondition condition;
  private final byte[] prefix;
  private final byte[] rowsPrefix;
  private final Access access;
  private final boolean withColumns;
  private final VectorBatch batch;

  /** What was added: keys of rows or of unique entries, else ranges. */
  private final List<byte[]> points = new ArrayList<>();

  private final List<KeyRange> ranges = new ArrayList<>();

  /** The left rows that they belong to. */
  private int[] owners = new int[16];

  /** The left rows of the rows in the batch. */
  private int[] leftPositions = new int[16];

  private int added;

  /** How many of them have been read. */
  private int done;

  private @Nullable Cursor cursor;

  /** How the ranges lead to rows. */
  enum Access {
    /** There are none, but keys of the entries that are decoded. */
    GET,
    /** There are none, but keys of entries that lead to rows, and that no two rows have. */
    UNIQUE,
    /** They hold the entries that are decoded. */
    RANGE,
    /** They hold entries that lead to rows. */
    INDEX;

    boolean isIndex() {
      return this != GET && this != RANGE;
    }
  }

  /**
   * @param prefix of the keys that {@code condition} is about: the rows', or an index's
   * @param withColumns whether the values of entries have included columns beside primary keys
   */
  RowLookups(
      ExecutionContext context,
      EntryDecoder decoder,
      List<ColumnType> types,
      KeyCondition condition,
      byte[] prefix,
      byte[] rowsPrefix,
      Access access,
      boolean withColumns) {
    this.view = context.view();
    this.context = context;
    this.decoder = decoder;
    this.condition = condition;
    this.prefix = prefix;
    this.rowsPrefix = rowsPrefix;
    this.access = access;
    this.withColumns = withColumns;
    this.batch = VectorBatch.create(types, 0);
  }

  @Override
  public void add(int leftPosition) {
    if (access == Access.GET || access == Access.UNIQUE) {
      points.addAll(condition.keys(prefix, context));
      setOwner(points.size(), leftPosition);
    } else {
      ranges.addAll(condition.ranges(prefix, context));
      setOwner(ranges.size(), leftPosition);
    }
  }

  /** What was added last, up to {@code end}, belongs to a left row. */
  private void setOwner(int end, int leftPosition) {
    if (end > owners.length) {
      owners = Arrays.copyOf(owners, Math.max(end, 2 * owners.length));
    }
    Arrays.fill(owners, added, end, leftPosition);
    added = end;
  }

  @Override
  public @Nullable VectorBatch next() {
    if (done == added) {
      points.clear();
      ranges.clear();
      added = 0;
      done = 0;
      return null;
    }
    batch.setRowCount(
        switch (access) {
          case GET -> getRows(nextPoints());
          case UNIQUE -> getRows(rowKeys(nextPoints()));
          case RANGE -> readRows();
          case INDEX -> getRows(readEntries());
        });
    return batch;
  }

  @Override
  public int[] leftPositions() {
    return leftPositions;
  }

  /** The row at {@code row} belongs to the left row of what is read at the moment. */
  private void setLeft(int row) {
    if (row == leftPositions.length) {
      leftPositions = Arrays.copyOf(leftPositions, 4 * row);
    }
    leftPositions[row] = owners[done];
  }

  /** Reads rows out of the ranges, until the batch is full. */
  private int readRows() {
    int count = 0;
    batch.reset(16);
    while (count < VectorBatch.DEFAULT_ROWS && done < added) {
      Cursor current = cursor();
      while (count < VectorBatch.DEFAULT_ROWS) {
        if (!current.next()) {
          endRange();
          break;
        }
        ensureRoom(count);
        Slice key = current.key();
        decoder.decodeKey(batch, count, key.array(), key.offset(), key.length());
        if (decoder.needsValue()) {
          Slice value = current.value();
          decoder.decodeValue(batch, count, value.array(), value.offset(), value.length());
        }
        setLeft(count++);
      }
    }
    return count;
  }

  private void ensureRoom(int count) {
    if (batch.columnCount() > 0 && count == batch.column(0).capacity()) {
      for (int i = 0; i < batch.columnCount(); i++) {
        batch.column(i).ensureCapacity(2 * count);
      }
    }
  }

  /** Collects the keys of rows from index entries. */
  private List<byte[]> readEntries() {
    List<byte[]> keys = new ArrayList<>();
    while (keys.size() < VectorBatch.DEFAULT_ROWS && done < added) {
      Cursor current = cursor();
      while (keys.size() < VectorBatch.DEFAULT_ROWS) {
        if (!current.next()) {
          endRange();
          break;
        }
        setLeft(keys.size());
        keys.add(IndexValue.rowKey(rowsPrefix, current.value(), withColumns));
      }
    }
    return keys;
  }

  private List<byte[]> nextPoints() {
    int end = Math.min(added, done + VectorBatch.DEFAULT_ROWS);
    List<byte[]> keys = List.copyOf(points.subList(done, end));
    for (int i = 0; i < keys.size(); i++) {
      setLeft(i);
      done++;
    }
    return keys;
  }

  /** The keys of the rows that entries lead to, of those that exist. */
  private List<byte[]> rowKeys(List<byte[]> entryKeys) {
    List<byte @Nullable []> entries = view.getAll(entryKeys);
    List<byte[]> keys = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      byte[] entry = entries.get(i);
      if (entry != null) {
        leftPositions[keys.size()] = leftPositions[i];
        keys.add(IndexValue.rowKey(rowsPrefix, entry, withColumns));
      }
    }
    return keys;
  }

  private int getRows(List<byte[]> keys) {
    batch.reset(keys.size());
    boolean mustExist = access.isIndex();
    List<byte @Nullable []> rows = view.getAll(keys);
    int count = 0;
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      byte[] row = rows.get(i);
      if (row != null) {
        decoder.decodeKey(batch, count, key, 0, key.length);
        decoder.decodeValue(batch, count, row, 0, row.length);
        leftPositions[count++] = leftPositions[i];
      } else if (mustExist) {
        throw TableKeys.missingRow(key);
      }
    }
    return count;
  }

  private Cursor cursor() {
    Cursor current = cursor;
    if (current == null) {
      context.checkCancelled();
      boolean keysOnly = access == Access.RANGE && !decoder.needsValue();
      current = view.scan(ranges.get(done), ScanOptions.ASCENDING.withKeysOnly(keysOnly));
      cursor = current;
    }
    return current;
  }

  private void endRange() {
    close();
    done++;
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
