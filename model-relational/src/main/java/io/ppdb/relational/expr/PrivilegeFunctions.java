package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code has_table_privilege([role,] table, privileges)} and its like. Each row is a question, for
 * rights may change with the statement's own transaction.
 */
final class PrivilegeFunctions {
  /** The functions, with how many arguments they have after the role. */
  private static final Map<String, Integer> ARGUMENTS =
      new TreeMap<>(
          Map.of(
              "HAS_TABLE_PRIVILEGE", 2,
              "HAS_ANY_COLUMN_PRIVILEGE", 2,
              "HAS_COLUMN_PRIVILEGE", 3,
              "HAS_SCHEMA_PRIVILEGE", 2,
              "HAS_SEQUENCE_PRIVILEGE", 2,
              "HAS_DATABASE_PRIVILEGE", 2,
              "PG_HAS_ROLE", 2));

  private PrivilegeFunctions() {}

  static void define(OperatorDefinitions definitions) {
    ARGUMENTS.forEach(
        (name, count) ->
            definitions.defineVolatile(
                name,
                ResultTypes.nullable(SqlTypeName.BOOLEAN),
                OperandTypes.or(
                    OperandTypes.family(texts(count)), OperandTypes.family(texts(count + 1)))));
  }

  private static List<SqlTypeFamily> texts(int count) {
    return Collections.nCopies(count, SqlTypeFamily.CHARACTER);
  }

  static void register(Map<String, Functions.Builder> functions) {
    for (String name : ARGUMENTS.keySet()) {
      String type = typeOf(name);
      functions.put(name, (compiler, arguments) -> question(compiler, type, arguments));
    }
  }

  private static String typeOf(String name) {
    return name.equals("PG_HAS_ROLE")
        ? "role"
        : name.substring("HAS_".length(), name.length() - "_PRIVILEGE".length())
            .toLowerCase(Locale.ROOT);
  }

  private static VectorExpression question(
      ExpressionCompiler compiler, String type, VectorExpression[] arguments) {
    EvaluationContext context = compiler.context();
    return new StrictCall(
        ColumnType.BOOLEAN,
        context,
        Kernel.of(
            (values, position, result) -> {
              List<String> texts = new ArrayList<>(values.length);
              for (Vector value : values) {
                texts.add(((BytesVector) value).getString(position));
              }
              ((BooleanVector) result).set(position, context.session().hasPrivilege(type, texts));
            }),
        arguments);
  }
}
