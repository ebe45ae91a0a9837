package io.ppdb.relational.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlDrop;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DROP TABLE or DROP INDEX. */
public final class DropNode extends SqlDrop {
  private static final SqlOperator DROP_TABLE =
      StatementOperators.special("DROP TABLE", SqlKind.DROP_TABLE);
  private static final SqlOperator DROP_INDEX =
      StatementOperators.special("DROP INDEX", SqlKind.DROP_INDEX);

  private final boolean table;
  private final SqlNodeList names;
  private final boolean cascade;

  public DropNode(
      SqlParserPos position, boolean table, boolean ifExists, SqlNodeList names, boolean cascade) {
    super(table ? DROP_TABLE : DROP_INDEX, position, ifExists);
    this.table = table;
    this.names = names;
    this.cascade = cascade;
  }

  /** Whether tables are dropped rather than indexes. */
  public boolean isTable() {
    return table;
  }

  public boolean isIfExists() {
    return ifExists;
  }

  public boolean isCascade() {
    return cascade;
  }

  public List<SqlIdentifier> names() {
    List<SqlIdentifier> identifiers = new ArrayList<>();
    for (SqlNode name : names) {
      identifiers.add((SqlIdentifier) name);
    }
    return identifiers;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(names);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(getOperator().getName());
    if (ifExists) {
      writer.keyword("IF EXISTS");
    }
    names.unparse(writer, 0, 0);
    if (cascade) {
      writer.keyword("CASCADE");
    }
  }
}
