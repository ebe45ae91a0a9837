package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PpdbTypeFactory;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;

/** Turns SQL text into row expressions by Calcite's own parser and PPDB's types and operators. */
public final class Expressions {
  public static final EvaluationContext CONTEXT =
      EvaluationContext.at(Instant.parse("2001-02-03T04:05:06.789012Z"), ZoneId.of("UTC"));

  private Expressions() {}

  /** The expressions of {@code SELECT expressions FROM t} over columns named c0, c1, and so on. */
  public static List<RexNode> parse(String expressions, List<ColumnType> columns) {
    PpdbTypeFactory factory = new PpdbTypeFactory();
    CalciteSchema root = CalciteSchema.createRootSchema(false);
    root.add(
        "t",
        new AbstractTable() {
          @Override
          public RelDataType getRowType(RelDataTypeFactory typeFactory) {
            RelDataTypeFactory.Builder builder = typeFactory.builder();
            for (int i = 0; i < columns.size(); i++) {
              builder.add("c" + i, columns.get(i).toCalcite(typeFactory, true));
            }
            return builder.add("unused", ColumnType.BOOLEAN.toCalcite(typeFactory, true)).build();
          }
        });
    CalciteCatalogReader reader =
        new CalciteCatalogReader(
            root, List.of(), factory, new CalciteConnectionConfigImpl(new Properties()));
    SqlValidator validator =
        SqlValidatorUtil.newValidator(
            PpdbOperatorTable.instance(),
            reader,
            factory,
            SqlValidator.Config.DEFAULT.withConformance(SqlConformanceEnum.BABEL));
    try {
      SqlNode query =
          SqlParser.create(
                  "SELECT " + expressions + " FROM t",
                  SqlParser.config()
                      .withUnquotedCasing(Casing.TO_LOWER)
                      .withConformance(SqlConformanceEnum.BABEL))
              .parseQuery();
      HepPlanner planner = new HepPlanner(HepProgram.builder().build());
      planner.setExecutor(new ConstantFolder());
      RelOptCluster cluster = RelOptCluster.create(planner, new RexBuilder(factory));
      SqlToRelConverter converter =
          new SqlToRelConverter(
              (rowType, text, schemas, path) -> {
                throw new UnsupportedOperationException("views");
              },
              validator,
              reader,
              cluster,
              StandardConvertletTable.INSTANCE,
              SqlToRelConverter.config().withExpand(false));
      RelNode rel = converter.convertQuery(query, true, true).rel;
      return new ArrayList<>(((Project) rel).getProjects());
    } catch (SqlParseException e) {
      throw new IllegalArgumentException(expressions, e);
    }
  }

  /** The value of an expression without columns, as text; "NULL" for NULL. */
  public static String evaluate(String expression) {
    return evaluate(expression, CONTEXT);
  }

  static String evaluate(String expression, EvaluationContext context) {
    RexNode node = parse(expression, List.of()).get(0);
    ColumnType type = ColumnType.fromCalcite(node.getType());
    VectorBatch oneRow = new VectorBatch();
    oneRow.setRowCount(1);
    Vector result =
        new ExpressionCompiler(List.of(), context).compileTo(type, node).evaluate(oneRow, null, 1);
    return result.isNull(0) ? "NULL" : TextFormat.format(result, 0, context.timeZone());
  }
}
