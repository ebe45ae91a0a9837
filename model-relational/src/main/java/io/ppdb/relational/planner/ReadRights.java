package io.ppdb.relational.planner;

import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.jspecify.annotations.Nullable;

/**
 * Whether a role may read what a validated query reads: SELECT on each column that it names, or on
 * any column of a table of which it names none. What is not understood counts as naming all
 * columns.
 *
 * <p>Of the target of a statement that writes, and of given rows, names without a place in the text
 * are not the author's and do not count; nor do columns of given rows that their table has not.
 * Used once.
 */
final class ReadRights extends SqlBasicVisitor<@Nullable Void> {
  private final StatementValidator validator;
  private final CatalogView catalog;

  /** What each query around a place calls its tables. */
  private final Deque<Map<String, Source>> scopes = new ArrayDeque<>();

  /** Names of tables that a scope has. */
  private final Set<SqlNode> known = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<Long, Reads> reads = new LinkedHashMap<>();

  /**
   * What a query calls by one name.
   *
   * @param table null for what is no table
   * @param isAuthors whether all names are the author's
   * @param columns what the query calls its columns, or the first of them
   */
  private record Source(@Nullable TableDefinition table, boolean isAuthors, List<String> columns) {
    static final Source OTHER = new Source(null, true, List.of());
  }

  /**
   * What is read of a table.
   *
   * @param isScanned whether it is read though none of its columns may be
   */
  private record Reads(TableDefinition table, boolean isScanned, Set<String> columns) {}

  private ReadRights(StatementValidator validator, CatalogView catalog) {
    this.validator = validator;
    this.catalog = catalog;
  }

  /** Fails if the role of {@code catalog} may not read what {@code validated} reads. */
  static void require(SqlNode validated, StatementValidator validator, CatalogView catalog) {
    ReadRights rights = new ReadRights(validator, catalog);
    validated.accept(rights);
    for (Reads read : rights.reads.values()) {
      if (read.isScanned() || !read.columns().isEmpty()) {
        catalog.require(read.table(), Privilege.SELECT, read.columns());
      }
    }
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call.getOperator() instanceof TableFunctionOperator function
        && function.isRestricted()
        && !catalog.rights().isSuperuser(catalog.viewpoint().role())) {
      throw AccessRights.denied("function " + function.getName());
    }
    switch (call.getKind()) {
      case AS -> call.operand(0).accept(this); // what follows are new names
      case WITH_ITEM -> {
        for (SqlNode operand : call.getOperandList()) {
          if (operand != null && operand.isA(SqlKind.QUERY)) {
            operand.accept(this);
          }
        }
      }
      case OVER -> {
        call.operand(0).accept(this);
        if (!(call.operand(1) instanceof SqlIdentifier)) {
          call.operand(1).accept(this);
        }
      }
      case WINDOW -> {
        SqlWindow window = (SqlWindow) call;
        window.getPartitionList().accept(this);
        window.getOrderList().accept(this);
      }
      case SELECT -> {
        Map<String, Source> names = new LinkedHashMap<>();
        addNames(((SqlSelect) call).getFrom(), names);
        scopes.push(names);
        super.visit(call);
        scopes.pop();
      }
      case JOIN -> {
        SqlJoin join = (SqlJoin) call;
        join.getLeft().accept(this);
        join.getRight().accept(this);
        SqlNode condition = join.getCondition();
        if (condition != null && !(condition instanceof SqlNodeList)) {
          condition.accept(this);
        }
      }
      default -> super.visit(call);
    }
    return null;
  }

  private void addNames(@Nullable SqlNode from, Map<String, Source> names) {
    if (from instanceof SqlJoin join) {
      Map<String, Source> left = new LinkedHashMap<>();
      Map<String, Source> right = new LinkedHashMap<>();
      addNames(join.getLeft(), left);
      addNames(join.getRight(), right);
      if (join.isNatural()) {
        addShared(left, right);
      } else if (join.getCondition() instanceof SqlNodeList using) {
        for (SqlNode column : using) {
          add(left, last((SqlIdentifier) column));
          add(right, last((SqlIdentifier) column));
        }
      }
      names.putAll(left);
      names.putAll(right);
    } else if (from != null && from.getKind() == SqlKind.AS) {
      SqlCall alias = (SqlCall) from;
      List<String> columns = new ArrayList<>();
      for (SqlNode column : alias.getOperandList().subList(2, alias.operandCount())) {
        columns.add(last((SqlIdentifier) column));
      }
      names.put(last(alias.operand(1)), source(alias.operand(0), columns));
    } else if (from instanceof SqlIdentifier name) {
      names.put(last(name), source(name, List.of()));
    }
  }

  /** Reads of the columns by which tables are joined that share their names. */
  private void addShared(Map<String, Source> left, Map<String, Source> right) {
    for (Source source : left.values()) {
      if (source.table() == null) {
        right.values().forEach(this::addAll); // what is shared is not known here
        continue;
      }
      for (ColumnDefinition column : source.table().columns()) {
        boolean isShared =
            right.values().stream()
                .anyMatch(
                    other ->
                        other.table() == null || other.table().columnIndex(column.name()) >= 0);
        if (isShared) {
          add(left, column.name());
          add(right, column.name());
        }
      }
    }
  }

  private void add(Map<String, Source> sources, String column) {
    for (Source source : sources.values()) {
      if (has(source, column)) {
        add(source, column);
      }
    }
  }

  private Source source(SqlNode node, List<String> columns) {
    SqlNode inner = node;
    while (inner instanceof SqlCall call && isAround(call)) {
      inner = call.operand(0);
    }
    if (!(inner instanceof SqlIdentifier name)) {
      return Source.OTHER;
    }
    ResolvedTable resolved = resolved(name);
    if (resolved == null) {
      return Source.OTHER;
    }
    known.add(name);
    TableDefinition table = definition(resolved);
    boolean isGiven = resolved.access() instanceof GivenRows;
    boolean isAuthors = !isGiven && !resolved.isTarget();
    if (table != null) {
      reads.merge(
          table.id(),
          new Reads(table, isAuthors, new TreeSet<>()),
          (old, added) -> new Reads(table, old.isScanned() || isAuthors, old.columns()));
    }
    return new Source(table, isAuthors, columns);
  }

  private static boolean isAround(SqlCall call) {
    return switch (call.getKind()) {
      case LATERAL, TABLE_REF, TABLESAMPLE, SNAPSHOT, EXTEND -> true;
      default -> false;
    };
  }

  private @Nullable ResolvedTable resolved(SqlIdentifier name) {
    SqlValidatorNamespace namespace = validator.getNamespace(name);
    SqlValidatorTable table = namespace == null ? null : namespace.getTable();
    return table == null ? null : table.unwrap(ResolvedTable.class);
  }

  /** The table whose grants count; null for rows that nobody grants. */
  private @Nullable TableDefinition definition(ResolvedTable resolved) {
    TableAccess access = resolved.access();
    if (access instanceof GivenRows given) {
      TableAccess origin = catalog.table(given.origin(), given.table().name());
      return origin == null ? null : origin.table();
    }
    return access instanceof SystemSchema.Table ? null : access.table();
  }

  @Override
  public @Nullable Void visit(SqlIdentifier name) {
    ResolvedTable resolved = resolved(name);
    if (resolved != null) {
      if (!known.contains(name)) {
        addAll(source(name, List.of()));
      }
      return null;
    }
    int size = name.names.size();
    if (size == 1) {
      addPlain(name);
      return null;
    }
    Source source = find(name.names.get(size - 2));
    if (source != null && (source.isAuthors() || !isOurs(name))) {
      if (name.isStar()) {
        addAll(source);
      } else {
        add(source, last(name));
      }
    }
    return null;
  }

  private static boolean isOurs(SqlIdentifier name) {
    return name.getParserPosition().equals(SqlParserPos.ZERO);
  }

  private @Nullable Source find(String alias) {
    for (Map<String, Source> scope : scopes) {
      Source source = scope.get(alias);
      if (source != null) {
        return source;
      }
    }
    return null;
  }

  /** A name that is not qualified, which the validator has left so. */
  private void addPlain(SqlIdentifier name) {
    if (name.isStar()) {
      return; // of count(*)
    }
    for (Map<String, Source> scope : scopes) {
      boolean found = false;
      for (Source source : scope.values()) {
        if (has(source, name.getSimple()) && (source.isAuthors() || !isOurs(name))) {
          add(source, name.getSimple());
          found = true;
        }
      }
      if (found) {
        return;
      }
    }
  }

  private static boolean has(Source source, String column) {
    TableDefinition table = source.table();
    return table != null && (table.columnIndex(column) >= 0 || source.columns().contains(column));
  }

  private void add(Source source, String column) {
    TableDefinition table = source.table();
    if (table == null) {
      return;
    }
    int renamed = source.columns().indexOf(column);
    int ordinal = renamed >= 0 ? renamed : table.columnIndex(column);
    Reads read = reads.get(table.id());
    if (read == null) {
      throw new IllegalStateException("table " + table.name() + " is in no scope");
    }
    if (ordinal >= 0) {
      read.columns().add(table.column(ordinal).name());
    } else if (source.isAuthors()) {
      addAll(source);
    }
  }

  private void addAll(Source source) {
    TableDefinition table = source.table();
    if (table != null) {
      table.columns().forEach(column -> add(new Source(table, true, List.of()), column.name()));
    }
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }
}
