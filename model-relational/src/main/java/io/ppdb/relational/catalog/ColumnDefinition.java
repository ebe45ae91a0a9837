package io.ppdb.relational.catalog;

import io.ppdb.relational.type.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name as SQL sees it, folded to lower case unless it was quoted
 * @param nullable whether NULL may be stored; false for the columns of a primary key
 * @param defaultExpression SQL text of the value that INSERT stores when none is given, or null; of
 *     a column that is {@link Generation#STORED}, what it is computed from
 * @param generation who gives the column its values
 * @param missing text of the value that rows have which were written before the column was added;
 *     null for NULL
 */
public record ColumnDefinition(
    String name,
    ColumnType type,
    boolean nullable,
    @Nullable String defaultExpression,
    Generation generation,
    @Nullable String missing) {
  /** Who gives a column its values. */
  public enum Generation {
    /** Whoever writes the row, or the default. */
    NONE,
    /** A sequence, always. */
    ALWAYS_IDENTITY,
    /** A sequence, unless a value is given. */
    DEFAULT_IDENTITY,
    /** An expression of other columns of the row. */
    STORED
  }

  /** A column that is not generated. */
  public ColumnDefinition(
      String name, ColumnType type, boolean nullable, @Nullable String defaultExpression) {
    this(name, type, nullable, defaultExpression, Generation.NONE, null);
  }

  public ColumnDefinition withName(String newName) {
    return new ColumnDefinition(newName, type, nullable, defaultExpression, generation, missing);
  }

  public ColumnDefinition withType(ColumnType newType) {
    return new ColumnDefinition(name, newType, nullable, defaultExpression, generation, missing);
  }

  public ColumnDefinition withNullable(boolean newNullable) {
    return new ColumnDefinition(name, type, newNullable, defaultExpression, generation, missing);
  }

  public ColumnDefinition withDefault(@Nullable String expression) {
    return new ColumnDefinition(name, type, nullable, expression, generation, missing);
  }

  public ColumnDefinition withMissing(@Nullable String text) {
    return new ColumnDefinition(name, type, nullable, defaultExpression, generation, text);
  }

  public boolean isStored() {
    return generation == Generation.STORED;
  }

  /** Whether statements may give it a value. */
  public boolean isAssignable() {
    return generation == Generation.NONE || generation == Generation.DEFAULT_IDENTITY;
  }
}
