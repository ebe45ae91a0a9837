package io.ppdb.relational.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** CREATE [UNIQUE] INDEX. */
public final class CreateIndexNode extends SqlCreate {
  private static final SqlOperator OPERATOR =
      StatementOperators.special("CREATE INDEX", SqlKind.CREATE_INDEX);

  /** A column of the index and its direction. */
  public record IndexColumn(SqlIdentifier name, boolean descending) {}

  private final boolean unique;
  private final @Nullable SqlIdentifier name;
  private final SqlIdentifier table;
  private final SqlNodeList columns;

  public CreateIndexNode(
      SqlParserPos position,
      boolean replace,
      boolean unique,
      boolean ifNotExists,
      @Nullable SqlIdentifier name,
      SqlIdentifier table,
      SqlNodeList columns) {
    super(OPERATOR, position, replace, ifNotExists);
    this.unique = unique;
    this.name = name;
    this.table = table;
    this.columns = columns;
  }

  public boolean isUnique() {
    return unique;
  }

  public boolean isIfNotExists() {
    return ifNotExists;
  }

  /** The index's name, or null if the statement leaves it to be made from table and columns. */
  public @Nullable SqlIdentifier name() {
    return name;
  }

  public SqlIdentifier table() {
    return table;
  }

  public List<IndexColumn> columns() {
    List<IndexColumn> result = new ArrayList<>();
    for (SqlNode column : columns) {
      if (column instanceof SqlCall descending) {
        result.add(new IndexColumn(descending.operand(0), true));
      } else {
        result.add(new IndexColumn((SqlIdentifier) column, false));
      }
    }
    return result;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return name == null ? List.of(table, columns) : List.of(name, table, columns);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    if (name != null) {
      name.unparse(writer, 0, 0);
    }
    writer.keyword("ON");
    table.unparse(writer, 0, 0);
    columns.unparse(writer, 1, 1);
  }
}
