package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Exact decimals, in one of two forms.
 *
 * <p><b>Compact</b>: unscaled {@code long}s that share one {@link #scale()}. A type of at most 18
 * digits is always compact at the type's own scale. <b>Wide</b>: {@link BigDecimal}s, each with its
 * own scale; every other type changes to it as soon as a value does not fit. Kernels try the
 * compact form for a whole batch and fall back to the wide one, so no result is ever silently
 * truncated.
 */
public final class DecimalVector extends Vector {
  private static final BigDecimal[] NO_VALUES = {};

  private long[] unscaled;
  private int scale;
  private BigDecimal @Nullable [] wide;

  public DecimalVector(ColumnType type, int capacity) {
    super(type);
    this.unscaled = new long[capacity];
    this.scale = type.scale();
  }

  /** Whether values are unscaled longs. */
  public boolean isCompact() {
    return wide == null;
  }

  /** Digits after the point of all values of a compact vector. */
  public int scale() {
    return scale;
  }

  /** The unscaled values; meaningful only while {@link #isCompact}. */
  public long[] unscaled() {
    return unscaled;
  }

  /** The values of a vector that is not compact; elements at NULL positions are unspecified. */
  public BigDecimal[] wide() {
    return wide == null ? NO_VALUES : wide;
  }

  /** Declares the vector compact at {@code newScale}; its values are to be written afterwards. */
  public void beginCompact(int newScale) {
    scale = newScale;
    wide = null;
  }

  /** Declares the vector wide and returns the array to write to. */
  public BigDecimal[] beginWide() {
    BigDecimal[] values = wide;
    if (values == null || values.length < unscaled.length) {
      values = new BigDecimal[unscaled.length];
      wide = values;
    }
    return values;
  }

  /** The value at a position that is not NULL. */
  public BigDecimal get(int position) {
    BigDecimal[] values = wide;
    return values == null ? BigDecimal.valueOf(unscaled[position], scale) : values[position];
  }

  /** Stores a value, changing to the wide form if it does not fit the compact one. */
  public void set(int position, BigDecimal value) {
    BigDecimal[] values = wide;
    if (values == null) {
      if (value.scale() == scale && value.unscaledValue().bitLength() < Long.SIZE) {
        unscaled[position] = value.unscaledValue().longValue();
        return;
      }
      values = widen();
    }
    values[position] = value;
  }

  /** Changes a compact vector to the wide form, keeping all values, and returns its array. */
  public BigDecimal[] widen() {
    BigDecimal[] values = wide;
    if (values == null) {
      values = new BigDecimal[unscaled.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = BigDecimal.valueOf(unscaled[i], scale);
      }
      wide = values;
    }
    return values;
  }

  @Override
  public int capacity() {
    return unscaled.length;
  }

  @Override
  void ensureValues(int count) {
    if (count > unscaled.length) {
      unscaled = Arrays.copyOf(unscaled, count);
      if (wide != null) {
        wide = Arrays.copyOf(wide, count);
      }
    }
  }

  @Override
  void resetValues() {
    beginCompact(type().scale());
  }

  @Override
  void copyValues(Vector source, int @Nullable [] positions, int count, int at) {
    DecimalVector from = (DecimalVector) source;
    if (wide == null && from.wide == null && at == 0) {
      scale = from.scale; // nothing is kept below: the source's scale is as good as any
    }
    if (wide == null && from.wide == null && from.scale == scale) {
      copyCompact(from.unscaled, positions, count, at);
      return;
    }
    BigDecimal[] to = widen();
    for (int i = 0; i < count; i++) {
      int position = positions == null ? i : positions[i];
      if (position >= 0 && !from.isNull(position)) {
        to[at + i] = from.get(position);
      }
    }
  }

  private void copyCompact(long[] from, int @Nullable [] positions, int count, int at) {
    if (positions == null) {
      System.arraycopy(from, 0, unscaled, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (positions[i] >= 0) {
        unscaled[at + i] = from[positions[i]];
      }
    }
  }

  @Override
  void assignValues(Vector source, int[] positions, int count) {
    DecimalVector from = (DecimalVector) source;
    if (wide == null && from.wide == null && from.scale == scale) {
      for (int i = 0; i < count; i++) {
        unscaled[positions[i]] = from.unscaled[positions[i]];
      }
      return;
    }
    BigDecimal[] to = widen();
    for (int i = 0; i < count; i++) {
      if (!from.isNull(positions[i])) {
        to[positions[i]] = from.get(positions[i]);
      }
    }
  }

  @Override
  long valueBytes() {
    // A BigDecimal with its BigInteger takes about 64 bytes beside the reference.
    return 8L * unscaled.length + (wide == null ? 0 : 72L * wide.length);
  }
}
