package io.ppdb.relational.planner;

import io.ppdb.relational.lock.LockStrength;
import io.ppdb.relational.lock.LockWait;
import io.ppdb.relational.parser.LockingClause;
import io.ppdb.relational.spi.TableAccess;
import java.util.Locale;
import org.apache.calcite.sql.SqlInternalOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * Locks a row by its primary key: as a condition, while a query is validated and becomes algebra.
 * {@link LockRows} takes its place before anything else is made of that.
 */
final class LockCall extends SqlInternalOperator {
  private final TableAccess table;
  private final String name;
  private final LockStrength strength;
  private final LockWait wait;
  private final LockingClause clause;

  /**
   * @param name what the query calls the table
   */
  LockCall(
      TableAccess table, String name, LockStrength strength, LockWait wait, LockingClause clause) {
    super(
        "$lock", SqlKind.OTHER, 0, true, ReturnTypes.BOOLEAN_NOT_NULL, null, OperandTypes.VARIADIC);
    this.table = table;
    this.name = name;
    this.strength = strength;
    this.wait = wait;
    this.clause = clause;
  }

  TableAccess table() {
    return table;
  }

  LockStrength strength() {
    return strength;
  }

  LockWait waiting() {
    return wait;
  }

  LockingClause clause() {
    return clause;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  /** What EXPLAIN says. */
  @Override
  public String toString() {
    return strength.clause().toLowerCase(Locale.ROOT) + " of " + name + wait.clause();
  }
}
