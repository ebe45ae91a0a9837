package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.type.PpdbTypeFactory;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.jspecify.annotations.Nullable;

/** Calcite's validator over the catalog as one statement sees it. Used for one statement. */
final class StatementValidator extends SqlValidatorImpl {
  /** The schema in which a table has its locator columns: the target of an UPDATE or DELETE. */
  static final String TARGET_SCHEMA = "$target";

  /** What of SQL's variants is allowed. */
  static final SqlConformance CONFORMANCE =
      new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
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

  private static final CalciteConnectionConfig READER_CONFIG =
      new CalciteConnectionConfigImpl(properties());

  private final CalciteCatalogReader reader;

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
        new CatalogSchema(name -> resolve(catalog, name, /* withLocator= */ false)));
    root.add(
        TARGET_SCHEMA, new CatalogSchema(name -> resolve(catalog, name, /* withLocator= */ true)));
    otherSchemas.forEach(root::add);
    RelDataTypeFactory factory = new PpdbTypeFactory();
    return new StatementValidator(
        operators,
        new CalciteCatalogReader(root, List.of(Catalog.DEFAULT_SCHEMA), factory, READER_CONFIG),
        factory);
  }

  private static @Nullable Table resolve(CatalogView catalog, String name, boolean withLocator) {
    var access = catalog.table(Catalog.DEFAULT_SCHEMA, name);
    return access == null ? null : new ResolvedTable(access, withLocator);
  }

  @Override
  public CalciteException handleUnresolvedFunction(
      SqlCall call,
      SqlOperator unresolved,
      List<RelDataType> argumentTypes,
      @Nullable List<String> argumentNames) {
    throw TextCoercion.noFunction(call, argumentTypes);
  }

  CalciteCatalogReader reader() {
    return reader;
  }
}
