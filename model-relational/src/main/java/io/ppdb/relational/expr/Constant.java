package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A literal or parameter: a vector that holds one value everywhere, filled as far as was needed.
 */
final class Constant extends VectorExpression {
  private final @Nullable Object value;
  private final Vector vector;
  private int filled;

  Constant(ColumnType type, @Nullable Object value) {
    super(type);
    this.value = value;
    this.vector = Vector.create(type, 1);
    vector.setObject(0, value);
    this.filled = 1;
  }

  /** The value as the object that {@link io.ppdb.relational.vector.Values} names. */
  @Nullable Object value() {
    return value;
  }

  /** A vector whose position 0 holds the value. */
  Vector single() {
    return vector;
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    int needed = batch.rowCount();
    if (needed > filled) {
      repeat(needed);
      filled = needed;
    }
    return vector;
  }

  private void repeat(int needed) {
    vector.ensureCapacity(needed);
    if (vector instanceof BytesVector bytes) {
      // All positions show the same slice; a copy would append the bytes again and again.
      Arrays.fill(bytes.starts(), filled, needed, bytes.starts()[0]);
      Arrays.fill(bytes.lengths(), filled, needed, bytes.lengths()[0]);
      if (vector.hasNulls()) {
        Arrays.fill(vector.nullsForWriting(), filled, needed, true);
      }
      return;
    }
    vector.copy(vector, new int[needed - filled], needed - filled, filled);
  }
}
