package io.ppdb.relational.expr;

import io.ppdb.relational.type.PpdbTypeSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlNameMatcher;

/**
 * The operators and functions that statements may use, with PostgreSQL's result types.
 *
 * <p>Functions defined here replace Calcite's of the same name; operators defined here add operand
 * types to Calcite's. The kernels behind them are found by name in {@link Functions}. The types of
 * sums and averages come from {@link PpdbTypeSystem}. Immutable; one instance.
 */
public final class PpdbOperatorTable implements SqlOperatorTable {
  private static final PpdbOperatorTable INSTANCE = new PpdbOperatorTable();

  private final Map<String, List<SqlFunction>> functions;
  private final List<SqlOperator> operators;

  private PpdbOperatorTable() {
    OperatorDefinitions definitions = new OperatorDefinitions();
    MathOperators.define(definitions);
    TextOperators.define(definitions);
    DateTimeOperators.define(definitions);
    ArithmeticOperators.define(definitions);
    JsonOperators json = new JsonOperators();
    definitions.addAll(json.functions(), json.operators());
    definitions.addAll(SqlJsonFunctions.functions(), SqlJsonFunctions.operators());
    ArrayOperators arrays = new ArrayOperators();
    definitions.addAll(arrays.functions(), arrays.operators());
    definitions.addAll(RegexFunctions.functions(), List.of());
    definitions.addAll(SessionFunctions.operators(), List.of());
    PrivilegeFunctions.define(definitions);
    definitions.addAll(CatalogCalls.operators(), List.of());
    functions = definitions.functions();
    operators = definitions.operators();
    PpdbAggregates.all()
        .forEach(
            aggregate ->
                functions.merge(
                    aggregate.getName(),
                    List.of(aggregate),
                    (known, added) -> Stream.concat(known.stream(), added.stream()).toList()));
  }

  public static PpdbOperatorTable instance() {
    return INSTANCE;
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier name,
      @org.checkerframework.checker.nullness.qual.Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> found,
      SqlNameMatcher nameMatcher) {
    if (!name.isSimple()) {
      return;
    }
    if (syntax == SqlSyntax.FUNCTION || syntax == SqlSyntax.FUNCTION_ID) {
      List<SqlFunction> own = functions.get(name.getSimple().toUpperCase(Locale.ROOT));
      if (own != null) {
        found.addAll(own);
        return;
      }
    } else {
      for (SqlOperator operator : operators) {
        if (operator.getSyntax() == syntax && operator.getName().equals(name.getSimple())) {
          found.add(operator);
          if (operator.getKind() == SqlKind.OTHER) {
            return; // what Calcite writes so is something else
          }
        }
      }
    }
    SqlIdentifier upper =
        new SqlIdentifier(name.getSimple().toUpperCase(Locale.ROOT), name.getParserPosition());
    SqlStdOperatorTable.instance()
        .lookupOperatorOverloads(upper, category, syntax, found, nameMatcher);
  }

  @Override
  public List<SqlOperator> getOperatorList() {
    List<SqlOperator> all = new ArrayList<>(operators);
    functions.values().forEach(all::addAll);
    for (SqlOperator operator : SqlStdOperatorTable.instance().getOperatorList()) {
      if (!functions.containsKey(operator.getName())) {
        all.add(operator);
      }
    }
    return all;
  }
}
