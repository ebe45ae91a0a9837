package io.ppdb.relational.planner;

import com.google.common.collect.Sets;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.PpdbTypeFactory;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
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
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/** Calcite's validator over the catalog as one statement sees it. Used for one statement. */
final class StatementValidator extends SqlValidatorImpl {
  /** The schema in which a table has its locator columns: the target of an UPDATE or DELETE. */
  static final String TARGET_SCHEMA = "$target";

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

  /** Calls whose parameters have their types from within. */
  private final Set<SqlNode> inferred = Collections.newSetFromMap(new IdentityHashMap<>());

  private StatementValidator(
      SqlOperatorTable operators, CalciteCatalogReader reader, RelDataTypeFactory factory) {
    super(operators, reader, factory, CONFIG);
    this.reader = reader;
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    properties.setProperty(
        CalciteConnectionProperty.UNQUOTED_CASING.camelName(), Casing.TO_LOWER.name());
    return properties;
  }

  /** A validator whose unqualified names mean tables of schema {@code public}. */
  static StatementValidator create(
      CatalogView catalog, SqlOperatorTable operators, Map<String, CatalogSchema> otherSchemas) {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    root.add(
        Catalog.DEFAULT_SCHEMA,
        new CatalogSchema(
            name -> resolve(catalog, name, () -> create(catalog, operators, otherSchemas))));
    root.add(
        TARGET_SCHEMA,
        new CatalogSchema(
            name -> {
              TableAccess access = catalog.table(Catalog.DEFAULT_SCHEMA, name);
              return access == null
                  ? null
                  : new ResolvedTable(
                      access,
                      /* withLocator= */ true,
                      catalog.statistics(Catalog.DEFAULT_SCHEMA, name));
            }));
    otherSchemas.forEach(root::add);
    RelDataTypeFactory factory = new PpdbTypeFactory();
    return new StatementValidator(
        operators,
        new CalciteCatalogReader(root, List.of(Catalog.DEFAULT_SCHEMA), factory, READER_CONFIG),
        factory);
  }

  private static @Nullable Table resolve(
      CatalogView catalog, String name, Supplier<StatementValidator> validators) {
    TableAccess access = catalog.table(Catalog.DEFAULT_SCHEMA, name);
    if (access instanceof ViewAccess view) {
      return new ResolvedView(view, validators);
    }
    return access == null
        ? null
        : new ResolvedTable(
            access, /* withLocator= */ false, catalog.statistics(Catalog.DEFAULT_SCHEMA, name));
  }

  @Override
  public CalciteException handleUnresolvedFunction(
      SqlCall call,
      SqlOperator unresolved,
      List<RelDataType> argumentTypes,
      @Nullable List<String> argumentNames) {
    throw TextCoercion.noFunction(call, argumentTypes);
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
    super.inferUnknownTypes(inferredType, scope, node);
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

  private static boolean hasParameter(SqlNode node) {
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

  CalciteCatalogReader reader() {
    return reader;
  }
}
