package io.ppdb.relational.ddl;

import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Sequences that the expressions of a table name: with their schemas, for whoever writes a row may
 * have another search path than who wrote the expression.
 */
final class SequenceNames {
  private static final Set<String> FUNCTIONS = Set.of("NEXTVAL", "CURRVAL", "SETVAL");
  private static final String SIMPLE = "[a-z_][a-z0-9_]*";

  private SequenceNames() {}

  /** The call that draws from a sequence. */
  static String nextValue(String schema, String name) {
    return "nextval(" + literal(schema, name) + ")";
  }

  private static String literal(String schema, String name) {
    String qualified = word(schema) + "." + word(name);
    return "'" + qualified.replace("'", "''") + "'";
  }

  private static String word(String name) {
    return name.matches(SIMPLE) ? name : Names.quoted(name);
  }

  private record Place(TextSpan span, SequenceDefinition sequence) {}

  /** {@code text} with the schemas of the sequences that it names. */
  static String qualified(String text, Change change) {
    List<Place> places = new ArrayList<>();
    QueryPlanner.parser()
        .parseExpression(text)
        .accept(
            new SqlBasicVisitor<@Nullable Void>() {
              @Override
              public @Nullable Void visit(SqlCall call) {
                if (FUNCTIONS.contains(call.getOperator().getName().toUpperCase(Locale.ROOT))
                    && call.operandCount() > 0) {
                  add(call.operand(0), change, places);
                }
                return super.visit(call);
              }
            });
    places.sort((first, second) -> second.span().compareStart(first.span()));
    String result = text;
    for (Place place : places) {
      SequenceDefinition sequence = place.sequence();
      result = place.span().replace(result, literal(sequence.schema(), sequence.name()));
    }
    return result;
  }

  private static void add(SqlNode argument, Change change, List<Place> places) {
    if (!(argument instanceof SqlCharStringLiteral literal)) {
      return;
    }
    String name = literal.getValueAs(String.class);
    SqlIdentifier identifier =
        name.matches(SIMPLE)
            ? new SqlIdentifier(name, literal.getParserPosition())
            : (SqlIdentifier) QueryPlanner.parser().parseExpression(name);
    CatalogObject object = change.find(identifier);
    if (object instanceof SequenceDefinition sequence) {
      SqlParserPos place = literal.getParserPosition();
      places.add(
          new Place(
              new TextSpan(
                  place.getLineNum(),
                  place.getColumnNum(),
                  place.getEndLineNum(),
                  place.getEndColumnNum()),
              sequence));
    }
  }
}
