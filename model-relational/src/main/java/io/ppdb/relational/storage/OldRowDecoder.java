package io.ppdb.relational.storage;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.LayoutDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.type.PpdbTypeFactory;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes rows that were written before columns were added or dropped: what they lack has the value
 * that was kept for them, what is gone is not looked at. One for each scan and layout; not
 * thread-safe.
 */
final class OldRowDecoder {
  private final RowLayout layout;
  private final int[] outputs;

  /** For each output the place of its column in the rows; -1 if they lack it. */
  private final int[] places;

  /** One for each output; null for a column that the rows lack. */
  private final @Nullable ColumnDecoder[] decoders;

  /** For each output the value that a row has which lacks it. */
  private final @Nullable Object[] missing;

  /**
   * A decoder for the layout with {@code number}.
   *
   * @param outputs columns of the batch that come from the value
   * @param columns columns of the table that they show
   */
  OldRowDecoder(TableDefinition table, int number, int[] outputs, int[] columns) {
    this.layout = new RowLayout(table, number);
    this.outputs = outputs;
    this.places = new int[columns.length];
    this.decoders = new @Nullable ColumnDecoder[columns.length];
    this.missing = new @Nullable Object[columns.length];
    List<LayoutDefinition.Slot> slots = table.layouts().get(number).slots();
    for (int i = 0; i < columns.length; i++) {
      places[i] = slots.indexOf(new LayoutDefinition.Slot(columns[i], null));
      if (places[i] >= 0) {
        decoders[i] = ColumnDecoder.of(layout, places[i]);
      } else {
        missing[i] = value(table.column(columns[i]));
      }
    }
  }

  private static @Nullable Object value(ColumnDefinition column) {
    String text = column.missing();
    if (text == null) {
      return null;
    }
    EvaluationContext context = EvaluationContext.at(Instant.EPOCH, ZoneOffset.UTC);
    return new ExpressionCompiler(List.of(), context)
        .constant(column.type(), new RexBuilder(new PpdbTypeFactory()).makeLiteral(text));
  }

  void decode(VectorBatch batch, int position, byte[] row, int base, int length) {
    layout.check(row, base, length);
    for (int i = 0; i < outputs.length; i++) {
      Vector vector = batch.column(outputs[i]);
      ColumnDecoder decoder = decoders[i];
      if (decoder == null) {
        vector.setObject(position, missing[i]);
      } else if (layout.isNull(places[i], row, base)) {
        vector.setNull(position);
      } else {
        decoder.decode(vector, position, row, base);
      }
    }
  }
}
