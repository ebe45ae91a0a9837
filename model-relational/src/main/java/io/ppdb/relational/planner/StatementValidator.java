package io.ppdb.relational.planner;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Sets;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.expr.UndefinedCalls;
import io.ppdb.relational.parser.LockingClause;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.PpdbTypeFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/** Calcite's validator over the catalog as one statement sees it. Used for one statement. */
final class StatementValidator extends SqlValidatorImpl {
  /** The schema in which a table has its locator columns: the target of an UPDATE or DELETE. */
  static final String TARGET_SCHEMA = "$target";

  /** Where names are looked for that no schema of the path has. */
  private static final List<String> SYSTEM_PATH = List.of("pg_catalog");

  /** What of SQL's variants is allowed. */
  static final SqlConformance CONFORMANCE =
      new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
        @Override
        public boolean allowExplicitRowValueConstructor() {
          return true;
        }

        @Override
        public boolean isHavingAlias() {
          return false;
        }

        @Override
        public boolean isNonStrictGroupBy() {
          return false;
        }

        @Override
        public SelectAliasLookup isSelectAlias() {
          return SelectAliasLookup.UNSUPPORTED;
        }
      };

  private static final Config CONFIG =
      Config.DEFAULT
          .withConformance(CONFORMANCE)
          .withDefaultNullCollation(NullCollation.HIGH)
          .withTypeCoercionFactory(TextCoercion::new)
          .withIdentifierExpansion(true);

  /** Calls whose operands have a type by themselves, or scopes of their own. */
  private static final Set<SqlKind> WITHOUT_INFERENCE =
      Set.copyOf(Sets.union(SqlKind.QUERY, EnumSet.of(SqlKind.AND, SqlKind.OR, SqlKind.NOT)));

  private static final CalciteConnectionConfig READER_CONFIG =
      new CalciteConnectionConfigImpl(properties());

  private final CalciteCatalogReader reader;
  private final CatalogView catalog;

  /** Calls whose parameters have their types from within. */
  private final Set<SqlNode> inferred = Collections.newSetFromMap(new IdentityHashMap<>());

  private final ColumnQualifier qualifier = new ColumnQualifier(this);
  private final SharedColumns sharedColumns = new SharedColumns(this);

  private StatementValidator(
      SqlOperatorTable operators,
      CalciteCatalogReader reader,
      RelDataTypeFactory factory,
      CatalogView catalog) {
    super(operators, reader, factory, CONFIG);
    this.reader = reader;
    this.catalog = catalog;
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    properties.setProperty(
        CalciteConnectionProperty.UNQUOTED_CASING.camelName(), Casing.TO_LOWER.name());
    return properties;
  }

  /**
   * A validator whose unqualified names mean what they mean from the viewpoint of {@code catalog}.
   */
  static StatementValidator create(
      CatalogView catalog, SqlOperatorTable operators, Map<String, CatalogSchema> otherSchemas) {
    CatalogSchema targets =
        CatalogSchema.ofSchemas(
            schema ->
                CatalogSchema.ofTables(
                    name -> {
                      TableAccess access = catalog.table(schema, name);
                      return access == null
                          ? null
                          : new ResolvedTable(access, true, catalog.statistics(schema, name));
                    }));
    LongFunction<StatementValidator> validators =
        view -> create(catalog.ofView(view), operators, otherSchemas);
    CatalogSchema schemas =
        CatalogSchema.ofSchemas(
            schema -> {
              if (schema.equals(TARGET_SCHEMA)) {
                return targets;
              }
              CatalogSchema other = otherSchemas.get(schema);
              if (other != null || !catalog.hasSchema(schema)) {
                return other;
              }
              return CatalogSchema.ofTables(name -> resolve(catalog, schema, name, validators));
            });
    RelDataTypeFactory factory = new PpdbTypeFactory();
    return new StatementValidator(
        operators,
        new Reader(
            CalciteSchema.createRootSchema(false, false, "", schemas), catalog.path(), factory),
        factory,
        catalog);
  }

  /** Finds tables along a path of schemas. */
  private static final class Reader extends CalciteCatalogReader {
    Reader(CalciteSchema root, List<String> path, RelDataTypeFactory factory) {
      super(
          root,
          SqlNameMatchers.withCaseSensitive(true),
          Stream.of(
                  path.stream().map(List::of), Stream.of(SYSTEM_PATH), Stream.of(List.<String>of()))
              .flatMap(each -> each)
              .toList(),
          factory,
          READER_CONFIG);
    }
  }

  private static @Nullable Table resolve(
      CatalogView catalog,
      String schema,
      String name,
      LongFunction<StatementValidator> validators) {
    TableAccess access = catalog.table(schema, name);
    if (access instanceof ViewAccess view) {
      return new ResolvedView(view, () -> validators.apply(view.view().id()));
    }
    if (access == null) {
      return null;
    }
    TableDefinition table = access.table();
    boolean isEmpty = MaterializedView.is(table) && !MaterializedView.of(table).populated();
    return new ResolvedTable(
        isEmpty ? new UnpopulatedView(table) : access,
        /* withLocator= */ false,
        catalog.statistics(schema, name));
  }

  /** Rows of tables can be locked, groups cannot. */
  @Override
  protected void validateSelect(SqlSelect select, RelDataType targetRowType) {
    super.validateSelect(select, targetRowType);
    LockingClause.Item locking = RowLocking.clause(select);
    if (locking != null && isAggregate(select)) {
      throw LockingClause.refused(locking, "is not allowed with aggregate functions");
    }
  }

  @Override
  public SqlNode expand(SqlNode expression, SqlValidatorScope scope) {
    return super.expand(meant(expression, scope), scope);
  }

  @Override
  public SqlNode expandSelectExpr(
      SqlNode expression, SelectScope scope, SqlSelect select, Map<String, SqlNode> expansions) {
    return super.expandSelectExpr(meant(expression, scope), scope, select, expansions);
  }

  @Override
  public void validateCall(SqlCall call, SqlValidatorScope scope) {
    super.validateCall(call, scope);
    ColumnTypeName.requireAssignable(call, this, scope);
  }

  /** Untyped literals and parameters are of the type that the other rows have. */
  @Override
  protected void validateValues(
      SqlCall values, RelDataType targetRowType, SqlValidatorScope scope) {
    UntypedValues.cast(values, this, scope);
    super.validateValues(values, targetRowType, scope);
  }

  @Override
  protected void validateOrderList(SqlSelect select) {
    SqlNodeList order = select.getOrderList();
    if (order != null) {
      SqlValidatorScope tables = getWhereScope(select);
      OrderItems items = new OrderItems(select, labelled(select), tables, sharedColumns);
      List<SqlNode> meant = order.stream().map(items::meant).toList();
      select.setOrderBy(new SqlNodeList(meant, order.getParserPosition()));
    }
    super.validateOrderList(select);
  }

  /** The items of a select list, without stars, by their labels. */
  private ListMultimap<String, SqlNode> labelled(SqlSelect select) {
    SelectScope scope = getRawSelectScope(select);
    List<SqlNode> expanded = scope == null ? null : scope.getExpandedSelectList();
    List<? extends SqlNode> selected = expanded == null ? select.getSelectList() : expanded;
    ListMultimap<String, SqlNode> items = ArrayListMultimap.create();
    for (int i = 0; i < selected.size(); i++) {
      items.put(String.valueOf(deriveAlias(selected.get(i), i)), selected.get(i));
    }
    return items;
  }

  @Override
  protected void validateJoin(SqlJoin join, SqlValidatorScope scope) {
    super.validateJoin(join, scope);
    sharedColumns.check(join);
  }

  @Override
  protected void validateGroupClause(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group != null) {
      SqlValidatorScope scope = getWhereScope(select);
      List<SqlNode> meant =
          group.stream().map(item -> sharedColumns.replaced(item, scope, Set.of())).toList();
      select.setGroupBy(new SqlNodeList(meant, group.getParserPosition()));
    }
    super.validateGroupClause(select);
  }

  @Override
  protected void validateHavingClause(SqlSelect select) {
    SqlNode having = select.getHaving();
    if (having != null) {
      select.setHaving(sharedColumns.replaced(having, getWhereScope(select), Set.of()));
    }
    super.validateHavingClause(select);
  }

  /** Labels of the select list come before columns. */
  @Override
  public SqlNode expandOrderExpr(SqlSelect select, SqlNode expression) {
    SqlNode meant =
        sharedColumns.replaced(expression, getSelectScope(select), labelled(select).keySet());
    return super.expandOrderExpr(select, meant);
  }

  /** {@code expression} with its names replaced by what they mean in {@code scope}. */
  private SqlNode meant(SqlNode expression, SqlValidatorScope scope) {
    return qualifier.qualified(sharedColumns.replaced(expression, scope, Set.of()), scope);
  }

  @Override
  public CalciteException handleUnresolvedFunction(
      SqlCall call,
      SqlOperator unresolved,
      List<RelDataType> argumentTypes,
      @Nullable List<String> argumentNames) {
    throw UndefinedCalls.function(call, argumentTypes);
  }

  /**
   * Gives parameters within operands a type first. Calcite asks the operands of a call for their
   * types to give one to its parameters, which fails for {@code (n + ?) * 2} or a cast of such a
   * sum.
   */
  @Override
  protected void inferUnknownTypes(
      RelDataType inferredType, SqlValidatorScope scope, SqlNode node) {
    if (node instanceof SqlCall call && !node.isA(WITHOUT_INFERENCE)) {
      for (SqlNode operand : call.getOperandList()) {
        if (operand instanceof SqlNodeList list) { // the branches of a CASE
          list.forEach(item -> inferAlone(scope, item));
        } else {
          inferAlone(scope, operand);
        }
      }
    }
    if (node instanceof SqlBasicCall call) {
      resolve(call);
    }
    super.inferUnknownTypes(inferredType, scope, node);
  }

  /** Gives an operator that only the parser knows to be one what it says of its parameters. */
  private void resolve(SqlBasicCall call) {
    if (call.getOperator().getKind() != SqlKind.OTHER
        || call.getOperator().getSyntax() != SqlSyntax.BINARY) {
      return;
    }
    List<SqlOperator> found = new ArrayList<>();
    getOperatorTable()
        .lookupOperatorOverloads(
            new SqlIdentifier(call.getOperator().getName(), call.getParserPosition()),
            null,
            SqlSyntax.BINARY,
            found,
            reader.nameMatcher());
    if (found.size() == 1) {
      call.setOperator(found.get(0));
    }
  }

  private void inferAlone(SqlValidatorScope scope, @Nullable SqlNode node) {
    if (!(node instanceof SqlCall)
        || node.isA(SqlKind.QUERY)
        || !hasParameter(node)
        || !inferred.add(node)) {
      return;
    }
    try {
      inferUnknownTypes(unknownType, scope, node);
    } catch (CalciteContextException e) {
      // What is around it will say more, or fail in the same way.
    }
  }

  /** Whether there is a parameter in {@code node}. */
  static boolean hasParameter(SqlNode node) {
    try {
      node.accept(
          new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlDynamicParam parameter) {
              throw Util.FoundOne.NULL;
            }
          });
      return false;
    } catch (Util.FoundOne e) {
      return true;
    }
  }

  /** Validates a statement and judges what it reads by the rights of its role. */
  @Override
  public SqlNode validate(SqlNode statement) {
    SqlNode validated = super.validate(statement);
    if (catalog.judgesTables()) {
      ReadRights.require(validated, this, catalog);
    }
    return validated;
  }

  CalciteCatalogReader reader() {
    return reader;
  }
}
