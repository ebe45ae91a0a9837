package io.ppdb.relational.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.ListScope;
import org.apache.calcite.sql.validate.SqlMoniker;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * Names the table of each column that is written without one in a join of many tables. To find the
 * one among n, Calcite looks into tables n² times, for each column; this looks into a map. What
 * several tables have, or none, is left to Calcite, which knows what to say of it. Used for one
 * statement.
 */
final class ColumnQualifier {
  /** Fewer tables are left to Calcite. */
  private static final int MIN_TABLES = 8;

  private final SqlValidator validator;

  /** For each join the table of each column; null for a column that several have. */
  private final IdentityHashMap<SqlValidatorScope, Map<String, @Nullable String>> tables =
      new IdentityHashMap<>();

  ColumnQualifier(SqlValidator validator) {
    this.validator = validator;
  }

  /** {@code expression}, in which names mean what they mean in {@code scope}. */
  SqlNode qualified(SqlNode expression, SqlValidatorScope scope) {
    if (!(scope instanceof ListScope join) || join.getChildren().size() < MIN_TABLES) {
      return expression;
    }
    Map<String, @Nullable String> columns =
        tables.computeIfAbsent(scope, key -> tablesOfColumns(join));
    return Objects.requireNonNull(expression.accept(new Shuttle(columns)));
  }

  private static Map<String, @Nullable String> tablesOfColumns(ListScope scope) {
    List<SqlMoniker> aliases = new ArrayList<>(); // those of outer queries follow
    scope.findAliases(aliases);
    List<SqlValidatorNamespace> children = scope.getChildren();
    Map<String, @Nullable String> tables = new HashMap<>();
    for (int i = 0; i < children.size(); i++) {
      String alias = aliases.get(i).getFullyQualifiedNames().get(0);
      for (String column : children.get(i).getRowType().getFieldNames()) {
        tables.put(column, tables.containsKey(column) ? null : alias);
      }
    }
    return tables;
  }

  private final class Shuttle extends ExpressionShuttle {
    private final Map<String, @Nullable String> columns;

    Shuttle(Map<String, @Nullable String> columns) {
      this.columns = columns;
    }

    @Override
    public SqlNode visit(SqlIdentifier id) {
      String table = id.isSimple() ? columns.get(id.getSimple()) : null;
      if (table == null || validator.makeNullaryCall(id) != null) {
        return id;
      }
      SqlParserPos position = id.getParserPosition();
      return new SqlIdentifier(
          List.of(table, id.getSimple()), null, position, List.of(SqlParserPos.ZERO, position));
    }
  }
}
