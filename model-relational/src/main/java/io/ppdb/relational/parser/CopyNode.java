package io.ppdb.relational.parser;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A COPY of rows from or to text. */
public final class CopyNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("COPY");

  private final @Nullable SqlIdentifier table;
  private final @Nullable SqlNodeList columns;
  private final @Nullable SqlNode query;
  private final boolean from;
  private final @Nullable SqlNode file;
  private final Map<String, SqlNode> options;

  /**
   * A statement.
   *
   * @param table what is copied; null if it is a query
   * @param columns null for all
   * @param from whether rows are read from text, not written to it
   * @param file null for the stream that the client has in hand
   */
  public CopyNode(
      SqlParserPos position,
      @Nullable SqlIdentifier table,
      @Nullable SqlNodeList columns,
      @Nullable SqlNode query,
      boolean from,
      @Nullable SqlNode file,
      Map<String, SqlNode> options) {
    super(position);
    this.table = table;
    this.columns = columns;
    this.query = query;
    this.from = from;
    this.file = file;
    this.options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  public @Nullable SqlIdentifier table() {
    return table;
  }

  public @Nullable SqlNodeList columns() {
    return columns;
  }

  public @Nullable SqlNode query() {
    return query;
  }

  public boolean isFrom() {
    return from;
  }

  /** The name of the file, or null. */
  public @Nullable String file() {
    return file == null ? null : ((SqlLiteral) file).getValueAs(String.class);
  }

  /** The options, by their names in lower case: literals, names or lists of names. */
  public Map<String, SqlNode> options() {
    return options;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>();
    for (SqlNode node : new SqlNode[] {table, columns, query, file}) {
      if (node != null) {
        operands.add(node);
      }
    }
    return operands;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword("COPY");
    for (SqlNode node : new SqlNode[] {table, query}) {
      if (node != null) {
        node.unparse(writer, 0, 0);
      }
    }
    writer.keyword(from ? "FROM" : "TO");
    if (file != null) {
      file.unparse(writer, 0, 0);
    }
  }
}
