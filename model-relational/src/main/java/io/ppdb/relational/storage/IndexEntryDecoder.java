package io.ppdb.relational.storage;

import io.ppdb.kv.codec.KeyReader;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Decodes columns of rows out of the entries of an index, so that the rows are not read: those of
 * its key that keys give back exactly, those that it includes, and those of the primary key.
 *
 * <p>One for each scan; not thread-safe.
 */
final class IndexEntryDecoder implements EntryDecoder {
  private final int prefixLength;
  private final boolean withColumns;

  /** For each element of the index's key, as far as one is wanted, its output; -1 for none. */
  private final int[] keyOutputs;

  private final RowDecoder primaryKey;
  private final boolean readsPrimaryKey;
  private final RowLayout includedLayout;

  /** Outputs that come from the included columns, with the places of these and decoders. */
  private final int[] includedOutputs;

  private final int[] includedPlaces;
  private final ColumnDecoder[] decoders;
  private final KeyReader keyReader = new KeyReader();

  private IndexEntryDecoder(
      TableDefinition table,
      RowLayout layout,
      IndexDefinition index,
      int prefixLength,
      int[] columns,
      Place[] places) {
    this.prefixLength = prefixLength;
    this.withColumns = !index.included().isEmpty();
    int[] elements = new int[index.columns().size()];
    Arrays.fill(elements, -1);
    List<Integer> included = new ArrayList<>();
    int elementCount = 0;
    boolean readsKey = false;
    for (int output = 0; output < columns.length; output++) {
      switch (places[output]) {
        case KEY -> {
          int element = element(index, columns[output]);
          elements[element] = output;
          elementCount = Math.max(elementCount, element + 1);
        }
        case PRIMARY_KEY -> readsKey = true;
        case INCLUDED -> included.add(output);
      }
    }
    this.keyOutputs = Arrays.copyOf(elements, elementCount);
    // To it the other columns are those of a value, which it is never given.
    this.primaryKey = new RowDecoder(table, layout, 0, columns);
    this.readsPrimaryKey = readsKey;
    this.includedLayout = IndexValue.includedLayout(table, index);
    this.includedOutputs = included.stream().mapToInt(Integer::intValue).toArray();
    this.includedPlaces = new int[includedOutputs.length];
    this.decoders = new ColumnDecoder[includedOutputs.length];
    for (int i = 0; i < includedOutputs.length; i++) {
      includedPlaces[i] = index.included().indexOf(columns[includedOutputs[i]]);
      decoders[i] = ColumnDecoder.of(includedLayout, includedPlaces[i]);
    }
  }

  /** Where in an entry a column is. */
  private enum Place {
    KEY,
    PRIMARY_KEY,
    INCLUDED
  }

  /**
   * A decoder of {@code columns}; null if the entries of {@code index} do not hold all of them.
   *
   * @param prefixLength of the keys of its entries
   * @param columns ordinals of the table's columns, beyond the last one the row id; each once
   */
  static @Nullable IndexEntryDecoder of(
      TableDefinition table,
      RowLayout layout,
      IndexDefinition index,
      int prefixLength,
      int[] columns) {
    Place[] places = new Place[columns.length];
    for (int i = 0; i < columns.length; i++) {
      Place place = place(layout, index, columns[i]);
      if (place == null || Arrays.stream(columns, 0, i).anyMatch(earlier(columns[i]))) {
        return null;
      }
      places[i] = place;
    }
    return new IndexEntryDecoder(table, layout, index, prefixLength, columns, places);
  }

  private static IntPredicate earlier(int column) {
    return other -> other == column;
  }

  private static @Nullable Place place(RowLayout layout, IndexDefinition index, int column) {
    if (column >= layout.columnCount() || layout.isInKey(column)) {
      return Place.PRIMARY_KEY;
    }
    if (index.included().contains(column)) {
      return Place.INCLUDED;
    }
    boolean isExact = RowLayout.isExactInKey(layout.type(column));
    return isExact && element(index, column) >= 0 ? Place.KEY : null;
  }

  /** Which element of the index's key the column is; -1 if it is none. */
  private static int element(IndexDefinition index, int column) {
    for (int i = 0; i < index.columns().size(); i++) {
      IndexDefinition.Column element = index.columns().get(i);
      if (element.expression() == null && element.ordinal() == column) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean needsValue() {
    return readsPrimaryKey || includedOutputs.length > 0;
  }

  @Override
  public void decodeKey(VectorBatch batch, int position, byte[] key, int offset, int length) {
    if (keyOutputs.length == 0) {
      return;
    }
    keyReader.reset(key, offset + prefixLength, length - prefixLength);
    for (int output : keyOutputs) {
      if (output < 0) {
        keyReader.skip();
      } else {
        KeyColumns.read(keyReader, batch.column(output), position);
      }
    }
  }

  @Override
  public void decodeValue(VectorBatch batch, int position, byte[] value, int offset, int length) {
    if (!withColumns) {
      primaryKey.decodeKey(batch, position, value, offset, length);
      return;
    }
    int row = IndexValue.rowOffset(value, offset, length);
    int key = IndexValue.keyOffset(offset);
    primaryKey.decodeKey(batch, position, value, key, row - key);
    includedLayout.check(value, row, offset + length - row);
    for (int i = 0; i < decoders.length; i++) {
      if (includedLayout.isNull(includedPlaces[i], value, row)) {
        batch.column(includedOutputs[i]).setNull(position);
      } else {
        decoders[i].decode(batch.column(includedOutputs[i]), position, value, row);
      }
    }
  }
}
