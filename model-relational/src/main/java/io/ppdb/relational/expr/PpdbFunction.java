package io.ppdb.relational.expr;

import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/**
 * A function as the validator sees it: name, arguments, type of the result.
 *
 * <p>A class of its own, because Calcite takes operators of one class, name and kind for equal and
 * would rewrite ours by the rules for its own (SQRT to POWER, for instance).
 */
final class PpdbFunction extends SqlFunction {
  private final Volatility volatility;

  /** How long the result for given arguments stays the same. */
  enum Volatility {
    /** For ever. */
    IMMUTABLE,
    /** For the statement: the clock. */
    STABLE,
    /** Not even for the next row: random(). */
    VOLATILE
  }

  private final SqlSyntax syntax;

  PpdbFunction(
      String name,
      SqlKind kind,
      SqlReturnTypeInference returnType,
      @Nullable SqlOperandTypeChecker operands,
      Volatility volatility,
      SqlSyntax syntax) {
    super(name, kind, returnType, null, operands, SqlFunctionCategory.SYSTEM);
    this.volatility = volatility;
    this.syntax = syntax;
  }

  @Override
  public SqlSyntax getSyntax() {
    return syntax;
  }

  @Override
  public boolean isDeterministic() {
    return volatility != Volatility.VOLATILE;
  }

  @Override
  public boolean isDynamicFunction() {
    return volatility == Volatility.STABLE;
  }
}
