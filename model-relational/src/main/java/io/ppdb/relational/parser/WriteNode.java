package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** An INSERT, UPDATE or DELETE of Calcite's, with the clauses that PostgreSQL adds to it. */
public final class WriteNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("WRITE");

  private final SqlNode statement;
  private final @Nullable SqlIdentifier alias;
  private final @Nullable SqlNode from;
  private final @Nullable OnConflictNode onConflict;
  private final @Nullable SqlNodeList returning;
  private final @Nullable SqlNodeList commonTables;

  /**
   * A statement with its clauses.
   *
   * @param alias what the statement calls its target; null if nothing else than it is called
   * @param from FROM of an UPDATE, USING of a DELETE; null if there is none
   * @param returning the select list of RETURNING; null if there is none
   */
  public WriteNode(
      SqlParserPos position,
      SqlNode statement,
      @Nullable SqlIdentifier alias,
      @Nullable SqlNode from,
      @Nullable OnConflictNode onConflict,
      @Nullable SqlNodeList returning) {
    this(position, statement, alias, from, onConflict, returning, null);
  }

  private WriteNode(
      SqlParserPos position,
      SqlNode statement,
      @Nullable SqlIdentifier alias,
      @Nullable SqlNode from,
      @Nullable OnConflictNode onConflict,
      @Nullable SqlNodeList returning,
      @Nullable SqlNodeList commonTables) {
    super(position);
    this.statement = statement;
    this.alias = alias;
    this.from = from;
    this.onConflict = onConflict;
    this.returning = returning;
    this.commonTables = commonTables;
  }

  /** The same statement after {@code WITH tables}. */
  public WriteNode withCommonTables(SqlNodeList tables) {
    return new WriteNode(
        getParserPosition(), statement, alias, from, onConflict, returning, tables);
  }

  /** The rows of DEFAULT VALUES: one, of a default; what else there is has its default too. */
  public static SqlNode defaultValues(SqlParserPos position) {
    SqlNode row =
        SqlStdOperatorTable.ROW.createCall(
            position, SqlStdOperatorTable.DEFAULT.createCall(position));
    return SqlStdOperatorTable.VALUES.createCall(position, row);
  }

  /** Adds {@code (column, …) = (value, …)} to {@code columns} and {@code values}. */
  public static void assign(
      SqlNodeList several, List<SqlNode> given, SqlNodeList columns, SqlNodeList values) {
    if (several.size() != given.size()) {
      SqlParserPos position = several.getParserPosition();
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "number of columns does not match number of values: "
              + several.size()
              + " and "
              + given.size()
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
    columns.addAll(several);
    values.addAll(given);
  }

  public SqlNode statement() {
    return statement;
  }

  public @Nullable SqlIdentifier alias() {
    return alias;
  }

  public @Nullable SqlNode from() {
    return from;
  }

  public @Nullable OnConflictNode onConflict() {
    return onConflict;
  }

  public @Nullable SqlNodeList returning() {
    return returning;
  }

  /** What stands between WITH and the statement; null if there is no WITH. */
  public @Nullable SqlNodeList commonTables() {
    return commonTables;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>();
    for (SqlNode node : new SqlNode[] {commonTables, statement, from, onConflict, returning}) {
      if (node != null) {
        operands.add(node);
      }
    }
    return operands;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    statement.unparse(writer, 0, 0);
    if (from != null) {
      writer.keyword("FROM");
      from.unparse(writer, 0, 0);
    }
    if (onConflict != null) {
      onConflict.unparse(writer, 0, 0);
    }
    if (returning != null) {
      writer.keyword("RETURNING");
      unparseList(writer, returning);
    }
  }

  static void unparseList(SqlWriter writer, SqlNodeList list) {
    SqlWriter.Frame frame = writer.startList("(", ")");
    list.forEach(
        node -> {
          writer.sep(",");
          node.unparse(writer, 0, 0);
        });
    writer.endList(frame);
  }
}
