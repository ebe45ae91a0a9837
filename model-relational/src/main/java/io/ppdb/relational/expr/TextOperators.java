package io.ppdb.relational.expr;

import java.util.List;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/** The functions and operators on text as the validator sees them, and those of sequences. */
final class TextOperators {
  private TextOperators() {}

  /** Adds them to {@code definitions}. */
  static void define(OperatorDefinitions definitions) {
    defineCommon(definitions);
    defineRarer(definitions);
    definePatterns(definitions);
    defineSequences(definitions);
  }

  private static void defineCommon(OperatorDefinitions definitions) {
    SqlReturnTypeInference text = ResultTypes.nullable(SqlTypeName.VARCHAR);
    SqlReturnTypeInference integer = ResultTypes.nullable(SqlTypeName.INTEGER);
    SqlTypeFamily string = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    for (String name : List.of("UPPER", "LOWER", "INITCAP", "REVERSE")) {
      definitions.define(name, text, OperandTypes.family(string));
    }
    definitions.define("MD5", text, OperandTypes.family(SqlTypeFamily.STRING));
    for (String name :
        List.of("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "OCTET_LENGTH", "BIT_LENGTH")) {
      definitions.define(name, integer, OperandTypes.family(SqlTypeFamily.STRING));
    }
    definitions.define("ASCII", integer, OperandTypes.family(string));
    definitions.define("CHR", text, OperandTypes.family(whole));
    for (String name : List.of("SUBSTRING", "SUBSTR")) {
      definitions.define(
          name,
          ResultTypes::textOrBytes,
          OperandTypes.or(
              OperandTypes.family(SqlTypeFamily.STRING, whole),
              OperandTypes.family(SqlTypeFamily.STRING, whole, whole)));
    }
    definitions.define("STRPOS", integer, OperandTypes.family(string, string));
    definitions.define(
        "STARTS_WITH",
        ResultTypes.nullable(SqlTypeName.BOOLEAN),
        OperandTypes.family(string, string));
    for (String name : List.of("LTRIM", "RTRIM", "BTRIM")) {
      definitions.define(
          name,
          text,
          OperandTypes.or(OperandTypes.family(string), OperandTypes.family(string, string)));
    }
    for (String name : List.of("LPAD", "RPAD")) {
      definitions.define(
          name,
          text,
          OperandTypes.or(
              OperandTypes.family(string, whole), OperandTypes.family(string, whole, string)));
    }
    for (String name : List.of("LEFT", "RIGHT", "REPEAT")) {
      definitions.define(name, text, OperandTypes.family(string, whole));
    }
    for (String name : List.of("REPLACE", "TRANSLATE", "TRANSLATE3")) {
      definitions.define(name, text, OperandTypes.family(string, string, string));
    }
    definitions.define("SPLIT_PART", text, OperandTypes.family(string, string, whole));
    definitions.define(
        "REGEXP_REPLACE",
        text,
        OperandTypes.or(
            OperandTypes.family(string, string, string),
            OperandTypes.family(string, string, string, string)));
    definitions.define(
        "REGEXP_LIKE",
        ResultTypes.nullable(SqlTypeName.BOOLEAN),
        OperandTypes.or(
            OperandTypes.family(string, string), OperandTypes.family(string, string, string)));
    definitions.define("CONCAT", ReturnTypes.VARCHAR, OperandTypes.ONE_OR_MORE);
    definitions.define(
        "CONCAT_WS",
        ResultTypes::nullableAsFirst,
        OperandTypes.variadic(SqlOperandCountRanges.from(2)));
  }

  private static void defineRarer(OperatorDefinitions definitions) {
    SqlReturnTypeInference text = ResultTypes.nullable(SqlTypeName.VARCHAR);
    SqlReturnTypeInference integer = ResultTypes.nullable(SqlTypeName.INTEGER);
    SqlTypeFamily string = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    definitions.define("TO_HEX", text, OperandTypes.family(whole));
    definitions.define("ENCODE", text, OperandTypes.family(SqlTypeFamily.BINARY, string));
    definitions.define(
        "DECODE", ResultTypes.nullable(SqlTypeName.VARBINARY), OperandTypes.family(string, string));
    for (String name : List.of("SHA224", "SHA256", "SHA384", "SHA512")) {
      definitions.define(
          name,
          ResultTypes.nullable(SqlTypeName.VARBINARY),
          OperandTypes.family(SqlTypeFamily.BINARY));
    }
    definitions.define("QUOTE_IDENT", text, OperandTypes.family(string));
    definitions.define("QUOTE_LITERAL", text, OperandTypes.ANY);
    definitions.define("QUOTE_NULLABLE", ReturnTypes.VARCHAR, OperandTypes.ANY);
    definitions.define("FORMAT", ResultTypes::nullableAsFirst, OperandTypes.ONE_OR_MORE);
    definitions.define("NUM_NULLS", ReturnTypes.INTEGER, OperandTypes.ONE_OR_MORE);
    definitions.define("NUM_NONNULLS", ReturnTypes.INTEGER, OperandTypes.ONE_OR_MORE);
    definitions.define("REGEXP_COUNT", integer, OperandTypes.family(string, string));
    definitions.define(
        "REGEXP_SUBSTR",
        ReturnTypes.VARCHAR.andThen(SqlTypeTransforms.FORCE_NULLABLE),
        OperandTypes.family(string, string));
    definitions.define("PG_TYPEOF", ReturnTypes.VARCHAR, OperandTypes.ANY);
  }

  private static void definePatterns(OperatorDefinitions definitions) {
    SqlReturnTypeInference truth = ResultTypes.nullable(SqlTypeName.BOOLEAN);
    SqlOperandTypeChecker texts =
        OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER);
    for (String name : List.of("~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*")) {
      definitions.infix(name, truth, texts);
    }
    definitions.addOperator(SqlLibraryOperators.ILIKE);
    definitions.addOperator(SqlLibraryOperators.NOT_ILIKE);
  }

  private static void defineSequences(OperatorDefinitions definitions) {
    SqlReturnTypeInference value = ResultTypes.nullable(SqlTypeName.BIGINT);
    definitions.defineVolatile("NEXTVAL", value, OperandTypes.CHARACTER);
    definitions.defineVolatile("CURRVAL", value, OperandTypes.CHARACTER);
    definitions.defineVolatile("LASTVAL", ReturnTypes.BIGINT, OperandTypes.NILADIC);
    definitions.defineVolatile(
        "SETVAL",
        value,
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER),
            OperandTypes.family(
                SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER, SqlTypeFamily.BOOLEAN)));
  }
}
