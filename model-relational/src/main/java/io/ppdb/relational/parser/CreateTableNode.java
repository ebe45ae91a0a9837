package io.ppdb.relational.parser;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** CREATE TABLE. */
public final class CreateTableNode extends SqlCreate {
  private static final SqlOperator OPERATOR =
      StatementOperators.special("CREATE TABLE", SqlKind.CREATE_TABLE);

  private final SqlIdentifier name;
  private final SqlNodeList elements;
  private final SqlNodeList options;

  public CreateTableNode(
      SqlParserPos position,
      boolean replace,
      boolean ifNotExists,
      SqlIdentifier name,
      SqlNodeList elements,
      SqlNodeList options) {
    super(OPERATOR, position, replace, ifNotExists);
    this.name = name;
    this.elements = elements;
    this.options = options;
  }

  public SqlIdentifier name() {
    return name;
  }

  public boolean isIfNotExists() {
    return ifNotExists;
  }

  public List<ColumnDefinitionNode> columns() {
    return elements.stream()
        .filter(ColumnDefinitionNode.class::isInstance)
        .map(ColumnDefinitionNode.class::cast)
        .toList();
  }

  public List<KeyConstraintNode> keys() {
    return elements.stream()
        .filter(KeyConstraintNode.class::isInstance)
        .map(KeyConstraintNode.class::cast)
        .toList();
  }

  /** What WITH says, in its order; of an option given twice the last value. */
  public Map<String, String> options() {
    Map<String, String> values = new LinkedHashMap<>();
    for (SqlNode node : options) {
      OptionNode option = (OptionNode) node;
      values.put(option.name(), option.value());
    }
    return values;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, elements, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword("CREATE TABLE");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    elements.unparse(writer, 1, 1);
    if (!options.isEmpty()) {
      writer.keyword("WITH");
      options.unparse(writer, 1, 1);
    }
  }
}
