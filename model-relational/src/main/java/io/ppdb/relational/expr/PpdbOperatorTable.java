package io.ppdb.relational.expr;

import io.ppdb.relational.parser.InfixOperators;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PpdbTypeSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlPrefixOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.type.SqlTypeUtil;
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

  private final Map<String, List<SqlFunction>> functions = new HashMap<>();
  private final List<SqlOperator> operators = new ArrayList<>();

  private PpdbOperatorTable() {
    defineMath();
    defineStrings();
    defineSequences();
    SessionFunctions.operators().forEach(f -> functions.put(f.getName(), List.of(f)));
    defineDateTimes();
    defineOperators();
    defineInfix();
    defineRarer();
    JsonOperators json = new JsonOperators();
    json.functions().forEach(function -> functions.put(function.getName(), List.of(function)));
    operators.addAll(json.operators());
    operators.addAll(SqlJsonFunctions.operators());
    SqlJsonFunctions.functions()
        .forEach(function -> functions.put(function.getName(), List.of(function)));
    ArrayOperators arrays = new ArrayOperators();
    arrays.functions().forEach(function -> functions.put(function.getName(), List.of(function)));
    operators.addAll(arrays.operators());
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

  private void defineMath() {
    SqlReturnTypeInference numericOrDouble = PpdbOperatorTable::numericOrDouble;
    SqlOperandTypeChecker number = OperandTypes.NUMERIC;
    SqlOperandTypeChecker numberAndDigits =
        OperandTypes.or(
            OperandTypes.NUMERIC,
            OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.INTEGER));
    for (String name : List.of("ROUND", "TRUNC", "TRUNCATE")) {
      define(name, PpdbOperatorTable::roundedType, numberAndDigits);
    }
    define("FLOOR", SqlKind.FLOOR, numericOrDouble, number);
    define("CEIL", SqlKind.CEIL, numericOrDouble, number);
    define("CEILING", SqlKind.CEIL, numericOrDouble, number);
    define("SIGN", numericOrDouble, number);
    define("SQRT", numericOrDouble, number);
    SqlReturnTypeInference real = nullable(SqlTypeName.DOUBLE);
    for (String name :
        List.of(
            "CBRT", "EXP", "LN", "LOG10", "SIN", "COS", "TAN", "COT", "ASIN", "ACOS", "ATAN",
            "DEGREES", "RADIANS")) {
      define(name, real, number);
    }
    define("LOG", real, OperandTypes.or(number, OperandTypes.NUMERIC_NUMERIC));
    for (String name : List.of("POWER", "POW", "ATAN2")) {
      define(name, real, OperandTypes.NUMERIC_NUMERIC);
    }
    define("PI", ReturnTypes.DOUBLE, OperandTypes.NILADIC);
    for (String name : List.of("RANDOM", "RAND")) {
      defineVolatile(name, ReturnTypes.DOUBLE, OperandTypes.NILADIC);
    }
    functions.put(
        "GEN_RANDOM_UUID",
        List.of(
            new PpdbFunction(
                "GEN_RANDOM_UUID",
                SqlKind.OTHER_FUNCTION,
                ReturnTypes.explicit(SqlTypeName.UUID),
                OperandTypes.NILADIC,
                PpdbFunction.Volatility.VOLATILE,
                SqlSyntax.FUNCTION)));
    SqlReturnTypeInference widest = PpdbOperatorTable::extremeType;
    define("GREATEST", widest, OperandTypes.SAME_VARIADIC);
    define("LEAST", widest, OperandTypes.SAME_VARIADIC);
  }

  private void defineSequences() {
    SqlReturnTypeInference value = nullable(SqlTypeName.BIGINT);
    defineVolatile("NEXTVAL", value, OperandTypes.CHARACTER);
    defineVolatile("CURRVAL", value, OperandTypes.CHARACTER);
    defineVolatile("LASTVAL", ReturnTypes.BIGINT, OperandTypes.NILADIC);
    defineVolatile(
        "SETVAL",
        value,
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER),
            OperandTypes.family(
                SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER, SqlTypeFamily.BOOLEAN)));
  }

  /** A function whose result differs from row to row. */
  private void defineVolatile(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker operands) {
    functions.put(
        name,
        List.of(
            new PpdbFunction(
                name,
                SqlKind.OTHER_FUNCTION,
                type,
                operands,
                PpdbFunction.Volatility.VOLATILE,
                SqlSyntax.FUNCTION)));
  }

  private void defineStrings() {
    SqlReturnTypeInference text = nullable(SqlTypeName.VARCHAR);
    SqlReturnTypeInference integer = nullable(SqlTypeName.INTEGER);
    SqlTypeFamily string = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    for (String name : List.of("UPPER", "LOWER", "INITCAP", "REVERSE")) {
      define(name, text, OperandTypes.family(string));
    }
    define("MD5", text, OperandTypes.family(SqlTypeFamily.STRING));
    for (String name :
        List.of("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "OCTET_LENGTH", "BIT_LENGTH")) {
      define(name, integer, OperandTypes.family(SqlTypeFamily.STRING));
    }
    define("ASCII", integer, OperandTypes.family(string));
    define("CHR", text, OperandTypes.family(whole));
    for (String name : List.of("SUBSTRING", "SUBSTR")) {
      define(
          name,
          PpdbOperatorTable::textOrBytes,
          OperandTypes.or(
              OperandTypes.family(SqlTypeFamily.STRING, whole),
              OperandTypes.family(SqlTypeFamily.STRING, whole, whole)));
    }
    define("STRPOS", integer, OperandTypes.family(string, string));
    define("STARTS_WITH", nullable(SqlTypeName.BOOLEAN), OperandTypes.family(string, string));
    for (String name : List.of("LTRIM", "RTRIM", "BTRIM")) {
      define(
          name,
          text,
          OperandTypes.or(OperandTypes.family(string), OperandTypes.family(string, string)));
    }
    for (String name : List.of("LPAD", "RPAD")) {
      define(
          name,
          text,
          OperandTypes.or(
              OperandTypes.family(string, whole), OperandTypes.family(string, whole, string)));
    }
    for (String name : List.of("LEFT", "RIGHT", "REPEAT")) {
      define(name, text, OperandTypes.family(string, whole));
    }
    for (String name : List.of("REPLACE", "TRANSLATE", "TRANSLATE3")) {
      define(name, text, OperandTypes.family(string, string, string));
    }
    define("SPLIT_PART", text, OperandTypes.family(string, string, whole));
    define(
        "REGEXP_REPLACE",
        text,
        OperandTypes.or(
            OperandTypes.family(string, string, string),
            OperandTypes.family(string, string, string, string)));
    define(
        "REGEXP_LIKE",
        nullable(SqlTypeName.BOOLEAN),
        OperandTypes.or(
            OperandTypes.family(string, string), OperandTypes.family(string, string, string)));
    define("CONCAT", ReturnTypes.VARCHAR, OperandTypes.ONE_OR_MORE);
    define(
        "CONCAT_WS",
        PpdbOperatorTable::nullableAsFirst,
        OperandTypes.variadic(SqlOperandCountRanges.from(2)));
  }

  private void defineDateTimes() {
    SqlReturnTypeInference instant = binding -> instantType(binding, false);
    clock("NOW", instant, SqlSyntax.FUNCTION);
    clock("STATEMENT_TIMESTAMP", instant, SqlSyntax.FUNCTION);
    clock("TRANSACTION_TIMESTAMP", instant, SqlSyntax.FUNCTION);
    clock("CURRENT_TIMESTAMP", instant, SqlSyntax.FUNCTION_ID);
    clock("LOCALTIMESTAMP", micros(SqlTypeName.TIMESTAMP), SqlSyntax.FUNCTION_ID);
    clock("LOCALTIME", micros(SqlTypeName.TIME), SqlSyntax.FUNCTION_ID);
    clock("CURRENT_TIME", micros(SqlTypeName.TIME), SqlSyntax.FUNCTION_ID);
    clock("CURRENT_DATE", ReturnTypes.DATE, SqlSyntax.FUNCTION_ID);
    SqlOperandTypeChecker unitAndTime =
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME),
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME_INTERVAL));
    define("DATE_PART", nullable(SqlTypeName.DOUBLE), unitAndTime);
    define(
        "DATE_TRUNC",
        PpdbOperatorTable::truncatedType,
        OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME));
    SqlOperandTypeChecker widthTimeAndOrigin =
        OperandTypes.family(
            SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME, SqlTypeFamily.DATETIME);
    define(
        "TIME_BUCKET",
        PpdbOperatorTable::truncatedType,
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME),
            widthTimeAndOrigin));
    define("DATE_BIN", PpdbOperatorTable::truncatedType, widthTimeAndOrigin);
    define(
        "MAKE_DATE",
        nullable(SqlTypeName.DATE),
        OperandTypes.family(SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER));
    functions.put("EXTRACT", List.of(new PpdbExtractFunction()));
    define(
        "TIMEZONE",
        binding -> otherZoneType(binding, 1),
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME),
            OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME)));
  }

  private void defineOperators() {
    operators.add(
        new PpdbBinaryOperator(
            SqlStdOperatorTable.PLUS,
            (left, right) ->
                isDateAndDays(left, right)
                    || isDateAndDays(right, left)
                    || isDateAndInterval(left, right)
                    || isDateAndInterval(right, left),
            PpdbOperatorTable::sumType));
    operators.add(
        new PpdbBinaryOperator(
            SqlStdOperatorTable.MINUS,
            (left, right) ->
                isDateAndDays(left, right)
                    || isDateAndInterval(left, right)
                    || (isTime(left) && isTime(right))
                    || isJsonAndKey(left, right),
            PpdbOperatorTable::differenceType));
    operators.add(
        new PpdbBinaryOperator(
            SqlStdOperatorTable.CONCAT,
            (left, right) ->
                Containers.isArray(left)
                    || Containers.isArray(right)
                    || isTextAndOther(left, right)
                    || isTextAndOther(right, left)
                    || (JsonOperators.isJson(left) && JsonOperators.isJson(right)),
            PpdbOperatorTable::concatenationType));
    // PostgreSQL has none for text; other databases do, and sql-logic-test expects it.
    operators.add(
        new SqlPrefixOperator(
            "+",
            SqlKind.PLUS_PREFIX,
            SqlStdOperatorTable.UNARY_PLUS.getLeftPrec(),
            ReturnTypes.ARG0,
            InferTypes.RETURN_TYPE,
            OperandTypes.NUMERIC_OR_INTERVAL) {
          @Override
          public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
            return SqlTypeUtil.inCharFamily(binding.getOperandType(0))
                || super.checkOperandTypes(binding, throwOnFailure);
          }
        });
  }

  private void defineRarer() {
    SqlReturnTypeInference text = nullable(SqlTypeName.VARCHAR);
    SqlReturnTypeInference integer = nullable(SqlTypeName.INTEGER);
    SqlReturnTypeInference numeric =
        binding ->
            withNullability(binding, PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory()));
    SqlReturnTypeInference interval =
        binding ->
            withNullability(
                binding, ColumnType.INTERVAL.toCalcite(binding.getTypeFactory(), false));
    SqlTypeFamily string = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    SqlTypeFamily number = SqlTypeFamily.NUMERIC;
    SqlTypeFamily time = SqlTypeFamily.DATETIME;
    for (String name : List.of("GCD", "LCM")) {
      define(name, ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.family(whole, whole));
    }
    define("DIV", numeric, OperandTypes.NUMERIC_NUMERIC);
    define("FACTORIAL", numeric, OperandTypes.family(whole));
    define("WIDTH_BUCKET", integer, OperandTypes.family(number, number, number, whole));
    define("SCALE", integer, OperandTypes.NUMERIC);
    define("MIN_SCALE", integer, OperandTypes.NUMERIC);
    define("TRIM_SCALE", numeric, OperandTypes.NUMERIC);
    for (String name : List.of("SINH", "COSH", "TANH", "ASINH", "ACOSH", "ATANH")) {
      define(name, nullable(SqlTypeName.DOUBLE), OperandTypes.NUMERIC);
    }
    define("TO_HEX", text, OperandTypes.family(whole));
    define("ENCODE", text, OperandTypes.family(SqlTypeFamily.BINARY, string));
    define("DECODE", nullable(SqlTypeName.VARBINARY), OperandTypes.family(string, string));
    for (String name : List.of("SHA224", "SHA256", "SHA384", "SHA512")) {
      define(name, nullable(SqlTypeName.VARBINARY), OperandTypes.family(SqlTypeFamily.BINARY));
    }
    define("QUOTE_IDENT", text, OperandTypes.family(string));
    define("QUOTE_LITERAL", text, OperandTypes.ANY);
    define("QUOTE_NULLABLE", ReturnTypes.VARCHAR, OperandTypes.ANY);
    define("FORMAT", PpdbOperatorTable::nullableAsFirst, OperandTypes.ONE_OR_MORE);
    define("NUM_NULLS", ReturnTypes.INTEGER, OperandTypes.ONE_OR_MORE);
    define("NUM_NONNULLS", ReturnTypes.INTEGER, OperandTypes.ONE_OR_MORE);
    define("REGEXP_COUNT", integer, OperandTypes.family(string, string));
    define(
        "REGEXP_SUBSTR",
        ReturnTypes.VARCHAR.andThen(SqlTypeTransforms.FORCE_NULLABLE),
        OperandTypes.family(string, string));
    define(
        "TO_CHAR",
        text,
        OperandTypes.or(OperandTypes.family(time, string), OperandTypes.family(number, string)));
    define("TO_DATE", nullable(SqlTypeName.DATE), OperandTypes.family(string, string));
    define(
        "TO_TIMESTAMP",
        binding ->
            instantType(binding, withNullability(binding, binding.getOperandType(0)).isNullable()),
        OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.family(string, string)));
    define(
        "MAKE_TIME",
        micros(SqlTypeName.TIME).andThen(SqlTypeTransforms.TO_NULLABLE),
        OperandTypes.family(whole, whole, number));
    define(
        "MAKE_TIMESTAMP",
        micros(SqlTypeName.TIMESTAMP).andThen(SqlTypeTransforms.TO_NULLABLE),
        OperandTypes.family(whole, whole, whole, whole, whole, number));
    define(
        "AGE",
        interval,
        OperandTypes.or(OperandTypes.family(time), OperandTypes.family(time, time)));
    for (String name : List.of("JUSTIFY_HOURS", "JUSTIFY_DAYS", "JUSTIFY_INTERVAL")) {
      define(name, interval, OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL));
    }
    operators.add(SqlLibraryOperators.ILIKE);
    operators.add(SqlLibraryOperators.NOT_ILIKE);
  }

  private void defineInfix() {
    SqlReturnTypeInference truth = nullable(SqlTypeName.BOOLEAN);
    SqlOperandTypeChecker texts =
        OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER);
    for (String name : List.of("~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*")) {
      infix(name, truth, texts);
    }
    SqlOperandTypeChecker integers =
        OperandTypes.family(SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER);
    for (String name : List.of("&", "|")) {
      infix(name, ReturnTypes.LEAST_RESTRICTIVE, integers);
    }
    for (String name : List.of("<<", ">>")) {
      infix(name, ReturnTypes.ARG0_NULLABLE, integers);
    }
    for (String name : List.of("@>", "<@")) {
      operators.add(infixOf(name, truth, new Containers(true)));
    }
    infix("^", nullable(SqlTypeName.DOUBLE), OperandTypes.NUMERIC_NUMERIC);
    SqlBinaryOperator zone = InfixOperators.AT_TIME_ZONE;
    operators.add(
        new SqlBinaryOperator(
            zone.getName(),
            zone.getKind(),
            zone.getLeftPrec(),
            true,
            binding -> otherZoneType(binding, 0),
            null,
            OperandTypes.or(
                OperandTypes.family(SqlTypeFamily.DATETIME, SqlTypeFamily.CHARACTER),
                OperandTypes.family(SqlTypeFamily.DATETIME, SqlTypeFamily.DATETIME_INTERVAL))));
  }

  private void infix(
      String name, SqlReturnTypeInference returnType, SqlOperandTypeChecker operands) {
    operators.add(infixOf(name, returnType, operands));
  }

  private static SqlOperator infixOf(
      String name, SqlReturnTypeInference returnType, SqlOperandTypeChecker operands) {
    SqlBinaryOperator shape = InfixOperators.of(name);
    return new SqlBinaryOperator(
        name, shape.getKind(), shape.getLeftPrec(), true, returnType, null, operands);
  }

  /** A timestamp without zone becomes one with it, and the other way round. */
  private static RelDataType otherZoneType(SqlOperatorBinding binding, int time) {
    boolean zoned =
        binding.getOperandType(time).getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    return withNullability(
        binding,
        binding
            .getTypeFactory()
            .createSqlType(
                zoned ? SqlTypeName.TIMESTAMP : SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE,
                PpdbTypeSystem.TIME_PRECISION));
  }

  private static boolean isDateAndInterval(RelDataType date, RelDataType interval) {
    return date.getSqlTypeName() == SqlTypeName.DATE && SqlTypeUtil.isInterval(interval);
  }

  private static boolean isDateAndDays(RelDataType date, RelDataType days) {
    return date.getSqlTypeName() == SqlTypeName.DATE && SqlTypeUtil.isIntType(days);
  }

  private static boolean isTime(RelDataType type) {
    return SqlTypeName.DATETIME_TYPES.contains(type.getSqlTypeName());
  }

  /** Text beside something that is neither text nor NULL: what || writes as text first. */
  private static boolean isTextAndOther(RelDataType text, RelDataType other) {
    return SqlTypeUtil.inCharFamily(text)
        && !SqlTypeUtil.inCharFamily(other)
        && other.getSqlTypeName() != SqlTypeName.NULL;
  }

  /** JSON and what it may be without: a key, several, or the element at a position. */
  private static boolean isJsonAndKey(RelDataType json, RelDataType key) {
    return JsonOperators.isJson(json)
        && (SqlTypeUtil.inCharFamily(key) || SqlTypeUtil.isIntType(key) || Containers.isArray(key));
  }

  /** Of arrays, or an array and an element, an array; of JSON with JSON JSON; else text. */
  private static RelDataType concatenationType(SqlOperatorBinding binding) {
    boolean leftArray = Containers.isArray(binding.getOperandType(0));
    boolean rightArray = Containers.isArray(binding.getOperandType(1));
    if (leftArray || rightArray) {
      String shape = (leftArray ? "a" : "e") + (rightArray ? "a" : "e");
      return new ArrayParameters(shape).arrayType().inferReturnType(binding);
    }
    boolean json =
        JsonOperators.isJson(binding.getOperandType(0))
            && JsonOperators.isJson(binding.getOperandType(1));
    return withNullability(
        binding,
        (json ? ColumnType.JSON : ColumnType.TEXT).toCalcite(binding.getTypeFactory(), false));
  }

  /** date + days is a date, date + interval a timestamp. */
  private static RelDataType sumType(SqlOperatorBinding binding) {
    boolean days =
        SqlTypeUtil.isIntType(binding.getOperandType(0))
            || SqlTypeUtil.isIntType(binding.getOperandType(1));
    return withNullability(
        binding,
        days
            ? binding.getTypeFactory().createSqlType(SqlTypeName.DATE)
            : ColumnType.TIMESTAMP.toCalcite(binding.getTypeFactory(), false));
  }

  /**
   * date - days is a date, date - interval a timestamp, date - date a number of days, any other
   * difference an interval.
   */
  private static RelDataType differenceType(SqlOperatorBinding binding) {
    RelDataType left = binding.getOperandType(0);
    RelDataType right = binding.getOperandType(1);
    if (JsonOperators.isJson(left)) {
      return withNullability(binding, left);
    }
    if (isDateAndInterval(left, right)) {
      return withNullability(
          binding, ColumnType.TIMESTAMP.toCalcite(binding.getTypeFactory(), false));
    }
    if (isDateAndDays(left, right)) {
      return withNullability(binding, binding.getTypeFactory().createSqlType(SqlTypeName.DATE));
    }
    boolean dates =
        left.getSqlTypeName() == SqlTypeName.DATE && right.getSqlTypeName() == SqlTypeName.DATE;
    return withNullability(
        binding,
        dates
            ? binding.getTypeFactory().createSqlType(SqlTypeName.INTEGER)
            : ColumnType.INTERVAL.toCalcite(binding.getTypeFactory(), false));
  }

  private void define(
      String name, SqlReturnTypeInference returnType, SqlOperandTypeChecker operands) {
    define(name, SqlKind.OTHER_FUNCTION, returnType, operands);
  }

  private void define(
      String name,
      SqlKind kind,
      SqlReturnTypeInference returnType,
      SqlOperandTypeChecker operands) {
    functions.put(
        name,
        List.of(
            new PpdbFunction(
                name,
                kind,
                returnType,
                operands,
                PpdbFunction.Volatility.IMMUTABLE,
                SqlSyntax.FUNCTION)));
  }

  private void clock(String name, SqlReturnTypeInference returnType, SqlSyntax syntax) {
    functions.put(
        name,
        List.of(
            new PpdbFunction(
                name,
                SqlKind.OTHER_FUNCTION,
                returnType,
                syntax == SqlSyntax.FUNCTION ? OperandTypes.NILADIC : new OptionalPrecision(),
                PpdbFunction.Volatility.STABLE,
                syntax)));
  }

  private static SqlReturnTypeInference nullable(SqlTypeName type) {
    return ReturnTypes.explicit(type).andThen(SqlTypeTransforms.TO_NULLABLE);
  }

  private static SqlReturnTypeInference micros(SqlTypeName type) {
    return ReturnTypes.explicit(type, PpdbTypeSystem.TIME_PRECISION);
  }

  private static RelDataType withNullability(SqlOperatorBinding binding, RelDataType type) {
    boolean anyNullable = false;
    for (int i = 0; i < binding.getOperandCount(); i++) {
      anyNullable |= binding.getOperandType(i).isNullable();
    }
    return binding.getTypeFactory().createTypeWithNullability(type, anyNullable);
  }

  private static RelDataType numericOrDouble(SqlOperatorBinding binding) {
    return withNullability(
        binding,
        SqlTypeUtil.isDecimal(binding.getOperandType(0))
            ? PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory())
            : binding.getTypeFactory().createSqlType(SqlTypeName.DOUBLE));
  }

  /** round(x) as above; round(x, digits) of whole numbers is numeric too. */
  private static RelDataType roundedType(SqlOperatorBinding binding) {
    return binding.getOperandCount() == 2 && SqlTypeUtil.isExactNumeric(binding.getOperandType(0))
        ? withNullability(binding, PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory()))
        : numericOrDouble(binding);
  }

  /** The type that all arguments fit; decimals keep the scale each of them has. */
  private static RelDataType extremeType(SqlOperatorBinding binding) {
    RelDataType common = ReturnTypes.LEAST_RESTRICTIVE.inferReturnType(binding);
    if (common == null) {
      common = binding.getOperandType(0);
    }
    return withNullability(
        binding,
        SqlTypeUtil.isDecimal(common)
            ? PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory())
            : common);
  }

  private static RelDataType textOrBytes(SqlOperatorBinding binding) {
    return withNullability(
        binding,
        binding
            .getTypeFactory()
            .createSqlType(
                SqlTypeUtil.isBinary(binding.getOperandType(0))
                    ? SqlTypeName.VARBINARY
                    : SqlTypeName.VARCHAR));
  }

  private static RelDataType nullableAsFirst(SqlOperatorBinding binding) {
    return binding
        .getTypeFactory()
        .createTypeWithNullability(
            binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR),
            binding.getOperandType(0).isNullable());
  }

  private static RelDataType instantType(SqlOperatorBinding binding, boolean nullable) {
    return binding
        .getTypeFactory()
        .createTypeWithNullability(
            binding
                .getTypeFactory()
                .createSqlType(
                    SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, PpdbTypeSystem.TIME_PRECISION),
            nullable);
  }

  private static RelDataType truncatedType(SqlOperatorBinding binding) {
    SqlTypeName argument = binding.getOperandType(1).getSqlTypeName();
    return withNullability(
        binding,
        binding
            .getTypeFactory()
            .createSqlType(
                argument == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
                    ? argument
                    : SqlTypeName.TIMESTAMP,
                PpdbTypeSystem.TIME_PRECISION));
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

  /** CURRENT_TIMESTAMP takes a precision, which PPDB, always at microseconds, does not need. */
  private static final class OptionalPrecision implements SqlOperandTypeChecker {
    @Override
    public boolean checkOperandTypes(
        org.apache.calcite.sql.SqlCallBinding binding, boolean throwOnFailure) {
      return true;
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return SqlOperandCountRanges.between(0, 1);
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
      return name + "([precision])";
    }

    @Override
    public String toString() {
      return "[precision]";
    }
  }
}
