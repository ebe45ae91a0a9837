package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the wanted columns of rows, from key and value, into the vectors of a batch.
 *
 * <p>One for each scan; not thread-safe.
 */
final class RowDecoder implements EntryDecoder {
  private final TableDefinition table;
  private final RowLayout layout;
  private final int rowsPrefixLength;

  /** Output columns that come from the value, with table column and decoder. */
  private final int[] valueOutputs;

  private final int[] valueColumns;
  private final ColumnDecoder[] decoders;

  /** For each element of the key the output columns that show it; empty if none reads the key. */
  private final int[][] keyOutputs;

  private final boolean keyIsRowId;
  private final KeyReader keyReader = new KeyReader();

  /** Decoders of rows that were written before a column was added, by number of their layout. */
  private @Nullable OldRowDecoder @Nullable [] older;

  RowDecoder(TableDefinition table, RowLayout layout, int rowsPrefixLength, int[] columns) {
    this.table = table;
    this.layout = layout;
    this.rowsPrefixLength = rowsPrefixLength;
    this.keyIsRowId = !table.hasPrimaryKey();
    List<Integer> fromValue = new ArrayList<>();
    int keyElements = 0;
    int[][] byElement = new int[Math.max(1, table.primaryKey().size())][0];
    for (int output = 0; output < columns.length; output++) {
      int column = columns[output];
      boolean isRowId = column >= layout.columnCount();
      if (!isRowId && !layout.isInKey(column)) {
        fromValue.add(output);
        continue;
      }
      int element = isRowId ? 0 : table.primaryKey().indexOf(column);
      byElement[element] = Arrays.copyOf(byElement[element], byElement[element].length + 1);
      byElement[element][byElement[element].length - 1] = output;
      keyElements = Math.max(keyElements, element + 1);
    }
    this.keyOutputs = Arrays.copyOf(byElement, keyElements);
    int count = fromValue.size();
    valueOutputs = new int[count];
    valueColumns = new int[count];
    decoders = new ColumnDecoder[count];
    for (int i = 0; i < count; i++) {
      valueOutputs[i] = fromValue.get(i);
      valueColumns[i] = columns[valueOutputs[i]];
      decoders[i] = ColumnDecoder.of(layout, valueColumns[i]);
    }
  }

  @Override
  public boolean needsValue() {
    return decoders.length > 0;
  }

  @Override
  public void decodeValue(VectorBatch batch, int position, byte[] row, int base, int length) {
    if (length >= RowLayout.NULLS_OFFSET && RowLayout.numberOf(row, base) != layout.number()) {
      older(RowLayout.numberOf(row, base)).decode(batch, position, row, base, length);
      return;
    }
    layout.check(row, base, length);
    for (int i = 0; i < decoders.length; i++) {
      Vector vector = batch.column(valueOutputs[i]);
      if (layout.isNull(valueColumns[i], row, base)) {
        vector.setNull(position);
      } else {
        decoders[i].decode(vector, position, row, base);
      }
    }
  }

  private OldRowDecoder older(int number) {
    @Nullable OldRowDecoder[] known = older;
    if (known == null) {
      known = new @Nullable OldRowDecoder[table.layouts().size()];
      older = known;
    }
    if (number >= known.length) {
      throw new PpdbException(
          ErrorCode.CORRUPTION,
          "row of table "
              + table.name()
              + " of layout "
              + number
              + ", expected at most "
              + layout.number());
    }
    OldRowDecoder decoder = known[number];
    if (decoder == null) {
      decoder = new OldRowDecoder(table, number, valueOutputs, valueColumns);
      known[number] = decoder;
    }
    return decoder;
  }

  @Override
  public void decodeKey(VectorBatch batch, int position, byte[] key, int offset, int length) {
    if (keyOutputs.length == 0) {
      return;
    }
    keyReader.reset(key, offset + rowsPrefixLength, length - rowsPrefixLength);
    if (keyIsRowId) {
      long rowId = keyReader.readLong();
      for (int output : keyOutputs[0]) {
        ((LongVector) batch.column(output)).set(position, rowId);
      }
      return;
    }
    for (int[] outputs : keyOutputs) {
      if (outputs.length == 0) {
        keyReader.skip();
        continue;
      }
      KeyColumns.read(keyReader, batch.column(outputs[0]), position);
      for (int i = 1; i < outputs.length; i++) {
        batch.column(outputs[i]).copy(batch.column(outputs[0]), new int[] {position}, 1, position);
      }
    }
  }
}
