package io.ppdb.relational.spi;

import java.util.List;

/**
 * {@code column operator operand}: what keys, indexes, zone maps and tag indexes can answer.
 *
 * @param ordinal the column's ordinal in the table
 * @param operands none for the NULL tests, one or more for IN, one for the others; the value of
 *     ANY's is a list of such values, in which NULLs mean nothing
 */
public record ColumnComparison(int ordinal, Operator operator, List<Operand> operands) {
  public ColumnComparison {
    operands = List.copyOf(operands);
  }

  /** The one operand of an operator that has one. */
  public Operand operand() {
    return operands.get(0);
  }

  /** How column and operand compare. No comparison holds for NULL, save for the NULL tests. */
  public enum Operator {
    EQUAL("="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("IN"),
    /** The column has a value that is an element of an array, which the operand is. */
    ANY("= ANY"),
    IS_NULL("IS NULL"),
    IS_NOT_NULL("IS NOT NULL");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    /** The operator as SQL writes it. */
    public String symbol() {
      return symbol;
    }
  }
}
