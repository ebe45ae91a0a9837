package io.ppdb.relational.planner;

import io.ppdb.relational.pgcatalog.ObjectNames;
import io.ppdb.relational.pgcatalog.ObjectNames.Kind;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Types of PostgreSQL's catalog that are no types here, and what clients ask with them:
 *
 * <pre>
 * x::oid, x::name, x::"char"    x::bigint, x::text
 * x::regclass                   the name of it; compared with something, its oid
 * x::regclass::oid, …::text     its oid, its name
 * indkey[0]                     indkey[1], for such vectors begin at 0
 * </pre>
 */
final class CatalogRewrites {
  private static final Map<String, ColumnType> TYPES =
      Map.of(
          "oid", ColumnType.BIGINT,
          "xid", ColumnType.BIGINT,
          "name", ColumnType.TEXT,
          "char", ColumnType.TEXT,
          "cstring", ColumnType.TEXT,
          "aclitem", ColumnType.TEXT,
          "int2vector", ColumnType.array(ColumnType.SMALLINT),
          "oidvector", ColumnType.array(ColumnType.BIGINT));

  /** Where a name of an object is its oid. */
  private static final Set<SqlKind> OF_OIDS =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IN,
          SqlKind.NOT_IN,
          SqlKind.ROW);

  private static final Set<String> VECTORS = Set.of("indkey", "indoption", "indclass");

  private CatalogRewrites() {}

  /** {@code call} in other words, or the call itself. */
  static SqlNode apply(SqlCall call) {
    if (call.getKind() == SqlKind.CAST) {
      return cast(call);
    }
    if (call.getKind() == SqlKind.ITEM) {
      return item(call);
    }
    if (call.getKind() == SqlKind.DOT) {
      return ExpandedArrays.value(call);
    }
    if (OF_OIDS.contains(call.getKind())) {
      for (int i = 0; i < call.operandCount(); i++) {
        SqlNode operand = call.operand(i);
        if (operand instanceof SqlNodeList list) {
          list.replaceAll(CatalogRewrites::oidOf);
        } else if (operand != null) {
          SqlNode oid = oidOf(operand);
          if (oid != operand) {
            call.setOperand(i, oid);
          }
        }
      }
    }
    return call;
  }

  private static SqlNode cast(SqlCall call) {
    if (!(call.operand(1) instanceof SqlDataTypeSpec spec)) {
      return call;
    }
    SqlNode inner = call.operand(0);
    Kind innerKind = kind(inner);
    if (innerKind != null) {
      boolean isText = isText(spec);
      return function(innerKind, isText, ((SqlCall) inner).operand(0));
    }
    Kind kind = kind(call);
    if (kind != null) {
      return function(kind, true, inner);
    }
    ColumnType type = type(spec.getTypeNameSpec());
    return type == null ? call : QueryPlanner.cast(inner, type);
  }

  private static boolean isText(SqlDataTypeSpec spec) {
    String name = last(spec.getTypeName());
    return name.equalsIgnoreCase("VARCHAR") || name.equalsIgnoreCase("TEXT") || name.equals("name");
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  /** The type that stands for one of the catalog, or null if {@code spec} is another. */
  private static @Nullable ColumnType type(SqlTypeNameSpec spec) {
    if (spec instanceof SqlCollectionTypeNameSpec collection) {
      ColumnType element = type(collection.getElementTypeName());
      return element == null ? null : ColumnType.array(element);
    }
    return spec instanceof SqlUserDefinedTypeNameSpec ? TYPES.get(last(spec.getTypeName())) : null;
  }

  /** What kind of name {@code node} is a cast to, or null if it is none. */
  private static @Nullable Kind kind(SqlNode node) {
    if (!(node instanceof SqlCall call)
        || call.getKind() != SqlKind.CAST
        || !(call.operand(1) instanceof SqlDataTypeSpec spec)
        || !(spec.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec name)) {
      return null;
    }
    String type = last(name.getTypeName());
    for (Kind kind : Kind.values()) {
      if (kind.typeName().equals(type.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    return null;
  }

  /** The oid that a cast to a kind of names stands for; any other node itself. */
  private static SqlNode oidOf(SqlNode node) {
    Kind kind = kind(node);
    return kind == null || kind == Kind.REGPROC || kind == Kind.REGPROCEDURE
        ? node
        : function(kind, false, ((SqlCall) node).operand(0));
  }

  private static SqlNode function(Kind kind, boolean isText, SqlNode argument) {
    SqlParserPos position = argument.getParserPosition();
    String name = isText ? ObjectNames.textFunction(kind) : ObjectNames.oidFunction(kind);
    return new SqlUnresolvedFunction(
            new SqlIdentifier(name, position),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(position, List.of(argument));
  }

  private static SqlNode item(SqlCall call) {
    if (!(call.operand(0) instanceof SqlIdentifier vector) || !isVector(last(vector))) {
      return call;
    }
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    SqlParserPos position = call.getParserPosition();
    operands.set(
        1,
        SqlStdOperatorTable.PLUS.createCall(
            position, operands.get(1), SqlLiteral.createExactNumeric("1", position)));
    return call.getOperator().createCall(position, operands);
  }

  private static boolean isVector(String name) {
    return VECTORS.contains(name) || name.equals("i_indoption"); // as a driver calls it
  }
}
