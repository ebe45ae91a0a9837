package io.ppdb.relational.catalog;

import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns the rows have that were written before columns were added or dropped, in the order
 * in which they are stored. Immutable.
 */
public record LayoutDefinition(List<Slot> slots) {
  /**
   * A column of such rows.
   *
   * @param ordinal its ordinal in the table now; {@link #DROPPED} if it has been dropped
   * @param droppedType the type that it had if it was dropped, else null
   */
  public record Slot(int ordinal, @Nullable ColumnType droppedType) {
    static final int DROPPED = -1;

    static Slot of(int ordinal) {
      return new Slot(ordinal, null);
    }

    static Slot dropped(ColumnType type) {
      return new Slot(DROPPED, type);
    }
  }

  public LayoutDefinition {
    slots = List.copyOf(slots);
  }

  /** All of {@code columnCount} columns. */
  static LayoutDefinition ofFirst(int columnCount) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < columnCount; i++) {
      slots.add(Slot.of(i));
    }
    return new LayoutDefinition(slots);
  }

  /** The same after the column with {@code ordinal}, of {@code type}, was dropped. */
  LayoutDefinition without(int ordinal, ColumnType type) {
    List<Slot> left = new ArrayList<>();
    for (Slot slot : slots) {
      left.add(
          slot.ordinal == ordinal
              ? Slot.dropped(type)
              : slot.ordinal > ordinal ? Slot.of(slot.ordinal - 1) : slot);
    }
    return new LayoutDefinition(left);
  }
}
