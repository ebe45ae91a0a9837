package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growable column of values of one type, in plain arrays that kernels read and write directly.
 *
 * <p>Position {@code i} holds NULL if {@code nulls()[i]}; {@link #nulls()} is null while no
 * position is known to be NULL, so kernels have a path without null checks. What the value array
 * holds at a NULL position is unspecified, but harmless to read.
 *
 * <p>Whoever fills a vector calls {@link #reset} first, then writes values and {@link #setNull}. A
 * vector that an operator returned is valid until that operator's next call and is never written by
 * its reader. Not thread-safe.
 */
public abstract sealed class Vector
    permits BooleanVector,
        BytesVector,
        DecimalVector,
        DoubleVector,
        IntVector,
        IntervalVector,
        LongVector {
  private static final boolean[] NONE_NULL = {};

  private final ColumnType type;
  private boolean[] nulls = NONE_NULL;
  private boolean hasNulls;

  Vector(ColumnType type) {
    this.type = type;
  }

  /** An empty vector for values of {@code type} with room for {@code capacity} of them. */
  public static Vector create(ColumnType type, int capacity) {
    return switch (type.physical()) {
      case BOOLEAN -> new BooleanVector(type, capacity);
      case INT -> new IntVector(type, capacity);
      case LONG -> new LongVector(type, capacity);
      case DOUBLE -> new DoubleVector(type, capacity);
      case DECIMAL -> new DecimalVector(type, capacity);
      case BYTES, ENCODED -> new BytesVector(type, capacity);
      case INTERVAL -> new IntervalVector(type, capacity);
    };
  }

  public final ColumnType type() {
    return type;
  }

  /** Which positions hold NULL, or null if none does. */
  public final boolean @Nullable [] nulls() {
    return hasNulls ? nulls : null;
  }

  public final boolean hasNulls() {
    return hasNulls;
  }

  public final boolean isNull(int position) {
    return hasNulls && nulls[position];
  }

  public final void setNull(int position) {
    nullsForWriting()[position] = true;
  }

  /**
   * The array to mark NULL positions in; the vector counts as one with NULLs from now on. A kernel
   * that computes all positions it covers overwrites them all.
   */
  public final boolean[] nullsForWriting() {
    if (nulls.length < capacity()) {
      nulls = Arrays.copyOf(nulls, capacity());
    }
    hasNulls = true;
    return nulls;
  }

  /** Forgets all values and NULLs and makes room for {@code count} values. */
  public final void reset(int count) {
    if (hasNulls) {
      Arrays.fill(nulls, false);
      hasNulls = false;
    }
    resetValues();
    ensureCapacity(count);
  }

  /** How many positions can be written without {@link #ensureCapacity}. */
  public abstract int capacity();

  /** Makes room for {@code count} positions, keeping what is there. */
  public final void ensureCapacity(int count) {
    ensureValues(count);
    if (hasNulls && nulls.length < count) {
      nulls = Arrays.copyOf(nulls, capacity());
    }
  }

  /** Makes room for the values of {@code count} positions, keeping what is there. */
  abstract void ensureValues(int count);

  /** Drops what {@link #reset} must drop beside NULLs. */
  void resetValues() {}

  /**
   * Copies values of {@code source}, a vector of the same physical type, to positions {@code at}
   * and up: those at {@code positions[0..count)}, or at {@code 0..count} if {@code positions} is
   * null. A negative position gives NULL.
   */
  public final void copy(Vector source, int @Nullable [] positions, int count, int at) {
    if (count == 0) {
      return;
    }
    if (at + count > capacity()) {
      ensureCapacity(Math.max(at + count, at + at / 2));
    }
    copyNulls(source, positions, count, at);
    copyValues(source, positions, count, at);
  }

  /**
   * Copies values of {@code source}, a vector of the same physical type, each to its own position:
   * those at {@code positions[0..count)}, which this vector has room for.
   */
  public final void assign(Vector source, int[] positions, int count) {
    if (count == 0) {
      return;
    }
    boolean[] from = source.nulls();
    if (from != null || hasNulls) {
      boolean[] to = nullsForWriting();
      for (int i = 0; i < count; i++) {
        int position = positions[i];
        to[position] = from != null && from[position];
      }
    }
    assignValues(source, positions, count);
  }

  abstract void assignValues(Vector source, int[] positions, int count);

  private void copyNulls(Vector source, int @Nullable [] positions, int count, int at) {
    boolean[] from = source.nulls();
    if (positions == null) {
      if (from != null) {
        System.arraycopy(from, 0, nullsForWriting(), at, count);
      } else if (hasNulls) {
        Arrays.fill(nullsForWriting(), at, at + count, false);
      }
      return;
    }
    boolean missing = false;
    for (int i = 0; i < count; i++) {
      missing |= positions[i] < 0;
    }
    if (from == null && !missing) {
      if (hasNulls) {
        Arrays.fill(nullsForWriting(), at, at + count, false);
      }
      return;
    }
    boolean[] to = nullsForWriting();
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      to[at + i] = position < 0 || (from != null && from[position]);
    }
  }

  abstract void copyValues(Vector source, int @Nullable [] positions, int count, int at);

  /** Bytes of heap that this vector's arrays take, for memory accounting. */
  public long sizeInBytes() {
    return nulls.length + valueBytes();
  }

  abstract long valueBytes();

  /** The value at {@code position} as a Java object (see {@link Values}), or null. */
  public final @Nullable Object getObject(int position) {
    return isNull(position) ? null : Values.get(this, position);
  }

  /** Stores a Java object of the class that {@link Values} names for this type, or null. */
  public final void setObject(int position, @Nullable Object value) {
    if (value == null) {
      setNull(position);
    } else {
      Values.set(this, position, value);
    }
  }
}
