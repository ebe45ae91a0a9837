package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.DelegatingScope;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * What the columns stand for that USING or NATURAL made of two: that of the side which is never
 * padded with NULLs, or of a full join the one that there is. Calcite knows it of select lists and
 * of two tables only. Used for one statement.
 */
final class SharedColumns {
  private final SqlValidator validator;

  /** For each SELECT and join the shared columns that its names may mean. */
  private final IdentityHashMap<SqlNode, Map<String, SqlNode>> columns = new IdentityHashMap<>();

  SharedColumns(SqlValidator validator) {
    this.validator = validator;
  }

  /**
   * What may be named by the tables of a FROM.
   *
   * @param names what each name means; those that mean several things are in {@code ambiguous}
   * @param shared the names of columns that were made of several
   * @param padded those of them of which the first may be padded
   */
  private record Tables(
      Map<String, SqlNode> names, Set<String> ambiguous, Set<String> shared, Set<String> padded) {
    Tables() {
      this(new HashMap<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    }

    boolean has(String name) {
      return names.containsKey(name) || ambiguous.contains(name);
    }
  }

  /**
   * {@code expression}, in which names mean what they mean in {@code scope}.
   *
   * @param hidden names that mean something else here
   */
  SqlNode replaced(SqlNode expression, SqlValidatorScope scope, Set<String> hidden) {
    Map<String, SqlNode> shared = shared(scope);
    if (!hidden.isEmpty() && !shared.isEmpty()) {
      shared = new HashMap<>(shared);
      shared.keySet().removeAll(hidden);
    }
    return shared.isEmpty()
        ? expression
        : Objects.requireNonNull(expression.accept(new Shuttle(shared)));
  }

  /**
   * Fails if {@code join} shares a column that one of its sides has from a right or full join:
   * Calcite would join by that of the first table, which may be padded.
   */
  void check(SqlJoin join) {
    if (!hasSharedColumns(join.getLeft()) && !hasSharedColumns(join.getRight())) {
      return;
    }
    Tables left = tables(join.getLeft());
    Tables right = tables(join.getRight());
    for (String name : sharedNames(join, left, right)) {
      if (left.padded().contains(name) || right.padded().contains(name)) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "column \""
                + name
                + "\" of a right or full join cannot be shared by a further join; use ON"
                + StatementParser.at(
                    join.getParserPosition().getLineNum(),
                    join.getParserPosition().getColumnNum()));
      }
    }
  }

  /**
   * What names mean that stand for shared columns, of the tables of {@code scope} or of a query
   * around it whose names are not hidden by those within.
   */
  private Map<String, SqlNode> shared(SqlValidatorScope scope) {
    List<SqlNode> levels = levels(scope);
    int last = levels.size() - 1;
    while (last >= 0 && !hasSharedColumns(from(levels.get(last)))) {
      last--;
    }
    if (last <= 0) {
      return last < 0 ? Map.of() : sharedOf(levels.get(0));
    }
    Map<String, SqlNode> result = new HashMap<>();
    Set<String> hidden = new HashSet<>();
    Set<String> aliases = new HashSet<>();
    for (SqlNode level : levels.subList(0, last + 1)) {
      sharedOf(level)
          .forEach(
              (name, meaning) -> {
                if (!hidden.contains(name) && Collections.disjoint(tablesIn(meaning), aliases)) {
                  result.put(name, meaning);
                }
              });
      Tables tables = tables(Objects.requireNonNull(from(level)));
      hidden.addAll(tables.names().keySet());
      hidden.addAll(tables.ambiguous());
      tables.names().values().forEach(meaning -> aliases.addAll(tablesIn(meaning)));
    }
    return result;
  }

  /** The queries and joins with tables that {@code scope} is in, the innermost first. */
  private static List<SqlNode> levels(SqlValidatorScope scope) {
    List<SqlNode> levels = new ArrayList<>();
    SqlValidatorScope current = scope;
    // The scope of the catalog is the last but one, and of no tree.
    while (current instanceof DelegatingScope delegating
        && delegating.getParent() instanceof DelegatingScope) {
      SqlNode node = current.getNode();
      boolean known = !levels.isEmpty() && levels.get(levels.size() - 1) == node;
      if (!known && from(node) != null) {
        levels.add(node);
      }
      current = delegating.getParent();
    }
    return levels;
  }

  private static @Nullable SqlNode from(SqlNode node) {
    return node instanceof SqlSelect select
        ? select.getFrom()
        : node instanceof SqlJoin ? node : null;
  }

  private Map<String, SqlNode> sharedOf(SqlNode level) {
    SqlNode from = from(level);
    return from == null || !hasSharedColumns(from)
        ? Map.of()
        : columns.computeIfAbsent(level, key -> sharedOf(from, key == from));
  }

  /** The tables whose columns {@code meaning} consists of. */
  private static Set<String> tablesIn(SqlNode meaning) {
    Set<String> tables = new HashSet<>();
    meaning.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier column) {
            tables.add(column.names.get(0));
            return null;
          }
        });
    return tables;
  }

  private static boolean hasSharedColumns(@Nullable SqlNode from) {
    return from instanceof SqlJoin join
        && (join.isNatural()
            || join.getConditionType() == JoinConditionType.USING
            || hasSharedColumns(join.getLeft())
            || hasSharedColumns(join.getRight()));
  }

  private Map<String, SqlNode> sharedOf(SqlNode from, boolean isCondition) {
    Tables tables =
        isCondition && from instanceof SqlJoin join
            ? union(tables(join.getLeft()), tables(join.getRight()))
            : tables(from);
    Map<String, SqlNode> result = new HashMap<>(tables.names());
    result.keySet().retainAll(tables.shared());
    result.keySet().removeAll(tables.ambiguous());
    return result;
  }

  private Tables tables(SqlNode from) {
    if (!(from instanceof SqlJoin join)) {
      return tableOf(from);
    }
    Tables left = tables(join.getLeft());
    Tables right = tables(join.getRight());
    Tables result = union(left, right);
    for (String name : sharedNames(join, left, right)) {
      SqlNode ofLeft = left.names().get(name);
      SqlNode ofRight = right.names().get(name);
      if (ofLeft == null || ofRight == null) {
        continue; // the validator says what is wrong with it
      }
      SqlNode meaning =
          switch (join.getJoinType()) {
            case FULL ->
                SqlStdOperatorTable.COALESCE.createCall(SqlParserPos.ZERO, ofLeft, ofRight);
            case RIGHT -> ofRight;
            default -> ofLeft;
          };
      result.names().put(name, meaning);
      result.ambiguous().remove(name);
      result.shared().add(name);
      if (meaning != ofLeft) {
        result.padded().add(name);
      }
    }
    return result;
  }

  private static List<String> sharedNames(SqlJoin join, Tables left, Tables right) {
    List<String> names = new ArrayList<>();
    if (join.isNatural()) {
      left.names().keySet().stream().filter(right::has).forEach(names::add);
    } else if (join.getConditionType() == JoinConditionType.USING
        && join.getCondition() instanceof SqlNodeList list) {
      names.addAll(SqlIdentifier.simpleNames(list));
    }
    return names;
  }

  private static Tables union(Tables left, Tables right) {
    Tables result = new Tables();
    for (Tables side : List.of(left, right)) {
      side.names()
          .forEach(
              (name, meaning) -> {
                if (result.names().putIfAbsent(name, meaning) != null) {
                  result.ambiguous().add(name);
                }
              });
      result.ambiguous().addAll(side.ambiguous());
      result.shared().addAll(side.shared());
      result.padded().addAll(side.padded());
    }
    return result;
  }

  private Tables tableOf(SqlNode from) {
    Tables result = new Tables();
    String alias =
        from.getKind() == SqlKind.AS
            ? last((SqlIdentifier) ((SqlCall) from).operand(1))
            : from instanceof SqlIdentifier name ? last(name) : null;
    SqlValidatorNamespace namespace = alias == null ? null : validator.getNamespace(from);
    if (alias != null && namespace != null) {
      for (String column : namespace.getRowType().getFieldNames()) {
        SqlNode meaning = new SqlIdentifier(List.of(alias, column), SqlParserPos.ZERO);
        if (result.names().put(column, meaning) != null) {
          result.ambiguous().add(column);
        }
      }
    }
    return result;
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  /** Puts what they stand for in the place of shared columns. */
  private final class Shuttle extends ExpressionShuttle {
    private final Map<String, SqlNode> shared;

    Shuttle(Map<String, SqlNode> shared) {
      this.shared = shared;
    }

    @Override
    public SqlNode visit(SqlIdentifier id) {
      SqlNode meaning = id.isSimple() ? shared.get(id.getSimple()) : null;
      return meaning == null || validator.makeNullaryCall(id) != null
          ? id
          : meaning.clone(id.getParserPosition());
    }
  }
}
