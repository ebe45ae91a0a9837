package io.ppdb.relational.expr;

import static io.ppdb.relational.type.ColumnType.BOOLEAN;
import static io.ppdb.relational.type.ColumnType.INTEGER;
import static io.ppdb.relational.type.ColumnType.TEXT;

import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * The operators and functions on arrays as the validator sees them; {@link ArrayFunctions} has what
 * they do.
 */
public final class ArrayOperators {
  /** {@code ARRAY[…]}; elements may be NULL whatever the first ones are. */
  public static final SqlFunction CONSTRUCTOR =
      JsonOperators.functionOf("$ARRAY", ArrayOperators::constructedType, new ArrayElements());

  /** What ARRAY(query) aggregates its rows with. */
  public static final SqlAggFunction ARRAY_OF = PpdbAggregates.ARRAY_OF;

  /**
   * An array, or an empty one in place of NULL: what ARRAY(query) gives where there are no rows.
   */
  public static final SqlFunction OR_EMPTY =
      JsonOperators.functionOf(
          "$OR_EMPTY",
          ReturnTypes.ARG0.andThen(SqlTypeTransforms.TO_NOT_NULLABLE),
          Parameters.oneOf(List.of(Parameters.ANY)));

  private static final ColumnType TEXTS = ColumnType.array(TEXT);

  private final List<SqlFunction> functions = new ArrayList<>();
  private final List<SqlOperator> operators = new ArrayList<>();

  ArrayOperators() {
    functions.add(CONSTRUCTOR);
    functions.add(OR_EMPTY);
    for (String name : List.of("ARRAY_LENGTH", "ARRAY_UPPER", "ARRAY_LOWER")) {
      function(name, JsonOperators.maybe(INTEGER), new ArrayParameters("ai"));
    }
    function("CARDINALITY", JsonOperators.strict(INTEGER), new ArrayParameters("a"));
    function("ARRAY_NDIMS", JsonOperators.maybe(INTEGER), new ArrayParameters("a"));
    arrays("ARRAY_APPEND", "ae");
    arrays("ARRAY_PREPEND", "ea");
    arrays("ARRAY_CAT", "aa");
    arrays("ARRAY_REMOVE", "ae");
    arrays("ARRAY_REPLACE", "aee");
    function("ARRAY_POSITION", JsonOperators.maybe(INTEGER), new ArrayParameters("aei", 2));
    function(
        "ARRAY_POSITIONS",
        JsonOperators.maybe(ColumnType.array(INTEGER)),
        new ArrayParameters("ae"));
    function("TRIM_ARRAY", new ArrayParameters("ai").arrayType(), new ArrayParameters("ai"));
    function("ARRAY_TO_STRING", JsonOperators.maybe(TEXT), new ArrayParameters("att", 2));
    function(
        "STRING_TO_ARRAY",
        JsonOperators.maybe(TEXTS),
        Parameters.of(TEXT, TEXT, TEXT).requiring(2));
    operators.add(
        JsonOperators.infixOperator(
            "&&", JsonOperators.strict(BOOLEAN), new Containers(/* takesJson= */ false)));
    for (QuantifiedComparison quantified : QuantifiedComparison.all()) {
      functions.add(quantified.any());
      functions.add(quantified.every());
    }
  }

  List<SqlFunction> functions() {
    return functions;
  }

  List<SqlOperator> operators() {
    return operators;
  }

  private void arrays(String name, String shape) {
    ArrayParameters parameters = new ArrayParameters(shape);
    function(name, parameters.arrayType(), parameters);
  }

  private void function(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker parameters) {
    functions.add(JsonOperators.functionOf(name, type, parameters));
  }

  private static RelDataType constructedType(SqlOperatorBinding binding) {
    List<RelDataType> types = binding.collectOperandTypes();
    RelDataType common = types.isEmpty() ? null : binding.getTypeFactory().leastRestrictive(types);
    return (common == null ? TEXTS : ArrayParameters.arrayOf(common))
        .toCalcite(binding.getTypeFactory(), false);
  }
}
