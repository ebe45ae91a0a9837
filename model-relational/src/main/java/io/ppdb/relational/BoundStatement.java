package io.ppdb.relational;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.LiteralLifter.Literal;
import io.ppdb.relational.type.ColumnType;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled statement as one text has it.
 *
 * @param literals the values of its parameters if these were literals of the text; null if whoever
 *     executes it gives them
 */
record BoundStatement(CompiledStatement statement, @Nullable Object @Nullable [] literals) {
  /** The greatest integer up to which a double is exact. */
  private static final long MAX_EXACT_DOUBLE = 1L << 53;

  static BoundStatement of(CompiledStatement statement) {
    return new BoundStatement(statement, null);
  }

  /** The types of the parameters that are to be given. */
  List<ColumnType> parameterTypes() {
    return literals == null ? statement.parameterTypes() : List.of();
  }

  /**
   * The statement with {@code literals} for its parameters; null if one of them would not mean what
   * it meant in the text: where its type decides, and where it would be rounded.
   */
  static @Nullable BoundStatement bind(CompiledStatement statement, List<Literal> literals) {
    List<ColumnType> types = statement.parameterTypes();
    if (types.size() != literals.size()) {
      return null;
    }
    @Nullable Object[] values = new @Nullable Object[literals.size()];
    for (int i = 0; i < values.length; i++) {
      Object value = value(literals.get(i), types.get(i));
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return new BoundStatement(statement, values);
  }

  /** The literal as a value of {@code type}; null if it is not certain to mean the same. */
  private static @Nullable Object value(Literal literal, ColumnType type) {
    Object value = literal.value();
    boolean certain =
        switch (type.kind()) {
          case SMALLINT, INTEGER, BIGINT -> !(value instanceof BigDecimal) || literal.isAssigned();
          case DECIMAL -> true;
          case DOUBLE ->
              !(value instanceof Number number)
                  || value instanceof BigDecimal
                  || Math.abs(number.longValue()) <= MAX_EXACT_DOUBLE;
          case VARCHAR, BOOLEAN, DATE, TIME, TIMESTAMP, UUID, JSON -> value instanceof String;
          // Rounding, time zones, or other ways to write a value.
          default -> false;
        };
    if (!certain) {
      return null;
    }
    Object converted;
    try {
      converted = ParameterValues.convert(value, type, ZoneOffset.UTC);
    } catch (PpdbException e) {
      return null; // the text will fail, and say where
    }
    boolean same =
        literal.isAssigned()
            || !(converted instanceof BigDecimal decimal)
            || value instanceof String
            || decimal.compareTo(new BigDecimal(value.toString())) == 0;
    return same ? converted : null;
  }
}
