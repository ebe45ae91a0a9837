package io.ppdb.relational.parser;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;

/**
 * Operators of PostgreSQL that Calcite's grammar does not know, as the parser sees them: a name and
 * how tightly it binds. What they take and give is found by name when the statement is validated.
 */
public final class InfixOperators {
  /** Binds looser than arithmetic and tighter than comparison, as PostgreSQL's other operators. */
  private static final int OTHER_PRECEDENCE = 36;

  private static final int POWER_PRECEDENCE = 70;
  private static final int ZONE_PRECEDENCE = 78;

  /** The names of the operators that bind as all others do. */
  public static final List<String> OTHERS =
      List.of(
          "->", "->>", "#>", "#>>", "#-", "@>", "<@", "??", "??|", "??&", "@?", "@@", "&&", "~",
          "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*", "&", "|", "<<", ">>");

  private static final Map<String, SqlBinaryOperator> BY_NAME = new HashMap<>();

  static {
    OTHERS.forEach(name -> BY_NAME.put(name, operator(name, OTHER_PRECEDENCE)));
    BY_NAME.put("^", operator("^", POWER_PRECEDENCE));
  }

  /** {@code time AT TIME ZONE zone}. */
  public static final SqlBinaryOperator AT_TIME_ZONE = operator("AT TIME ZONE", ZONE_PRECEDENCE);

  /** What DISTINCT ON keeps one row of: stands first in the select list until it is rewritten. */
  public static final SqlOperator DISTINCT_ON = StatementOperators.special("DISTINCT ON");

  /** FETCH FIRST count ROWS WITH TIES: stands where the count does until it is rewritten. */
  public static final SqlOperator WITH_TIES = StatementOperators.special("WITH TIES");

  private InfixOperators() {}

  private static SqlBinaryOperator operator(String name, int precedence) {
    return new SqlBinaryOperator(name, SqlKind.OTHER, precedence, true, null, null, null);
  }

  /** The operator that is written {@code name}. */
  public static SqlBinaryOperator of(String name) {
    SqlBinaryOperator operator = BY_NAME.get(name);
    if (operator == null) {
      throw new IllegalArgumentException("no operator " + name);
    }
    return operator;
  }
}
