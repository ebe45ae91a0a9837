package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A statement that begins, ends or marks a transaction. */
public final class TransactionNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("TRANSACTION");

  /** What the statement does; those after ROLLBACK name a savepoint. */
  public enum Action {
    BEGIN,
    /** SET TRANSACTION: of the one that is open. */
    SET,
    /** SET SESSION CHARACTERISTICS: of those that begin from now on. */
    SET_DEFAULT,
    COMMIT,
    ROLLBACK,
    ROLLBACK_TO,
    SAVEPOINT,
    RELEASE
  }

  private final Action action;
  private final @Nullable SqlIdentifier name;
  private final TransactionModes modes;

  public TransactionNode(
      SqlParserPos position, Action action, @Nullable SqlIdentifier name, TransactionModes modes) {
    super(position);
    this.action = action;
    this.name = name;
    this.modes = modes;
  }

  public Action action() {
    return action;
  }

  /** The savepoint; only of actions that name one. */
  public String savepoint() {
    if (name == null) {
      throw new IllegalStateException(action + " names no savepoint");
    }
    return name.getSimple();
  }

  public TransactionModes modes() {
    return modes;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return name == null ? List.of() : List.of(name);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(action.name().replace("_TO", " TO"));
    if (name != null) {
      name.unparse(writer, 0, 0);
    }
  }
}
