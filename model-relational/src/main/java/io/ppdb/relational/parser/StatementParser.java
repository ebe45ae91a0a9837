package io.ppdb.relational.parser;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.generated.PpdbParser;
import java.io.Reader;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.util.SourceStringReader;

/** Parses statements as PostgreSQL writes them. Thread-safe. */
public final class StatementParser {
  private static final int MAX_IDENTIFIER_LENGTH = 128;

  private final SqlParser.Config config;
  private final SqlParser.Config expressionConfig;

  /**
   * @param conformance what of SQL's variants is allowed
   */
  public StatementParser(SqlConformance conformance) {
    config =
        SqlParser.config()
            .withParserFactory(reader -> parserOf(reader, /* isExpression= */ false))
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.TO_LOWER)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(true)
            .withIdentifierMaxLength(MAX_IDENTIFIER_LENGTH)
            .withConformance(conformance);
    expressionConfig =
        config.withParserFactory(reader -> parserOf(reader, /* isExpression= */ true));
  }

  private static SqlAbstractParserImpl parserOf(Reader reader, boolean isExpression) {
    PpdbParser parser = (PpdbParser) PpdbParser.FACTORY.getParser(reader);
    String sql = ((SourceStringReader) reader).getSourceString();
    parser.token_source = new WordTokens(sql, isExpression);
    return parser;
  }

  /** The tree of one statement; a semicolon may end it. */
  public SqlNode parse(String sql) {
    try {
      SqlNode statement = SqlParser.create(withoutSemicolon(sql), config).parseStmt();
      TreeChecks.apply(statement);
      return statement;
    } catch (SqlParseException e) {
      throw syntaxError(sql, e);
    }
  }

  /** The tree of one expression. */
  public SqlNode parseExpression(String sql) {
    try {
      return SqlParser.create(sql, expressionConfig).parseExpression();
    } catch (SqlParseException e) {
      throw syntaxError(sql, e);
    }
  }

  private static String withoutSemicolon(String sql) {
    int end = sql.length();
    while (end > 0 && (Character.isWhitespace(sql.charAt(end - 1)) || sql.charAt(end - 1) == ';')) {
      end--;
    }
    return sql.substring(0, end);
  }

  private static PpdbException syntaxError(String sql, SqlParseException e) {
    return e.getCause() instanceof PpdbException known ? known : SyntaxErrors.of(sql, e);
  }

  /** The error of a statement for which {@code overflow} shows that it is nested too deeply. */
  public static PpdbException tooDeep(StackOverflowError overflow) {
    return TreeChecks.tooDeep("", overflow);
  }

  /** Fails if {@code type} is that of text without room for any. */
  public static void requireLength(SqlDataTypeSpec type) {
    TreeChecks.requireLength(type);
  }

  /** How messages name a place in the statement. */
  public static String at(int line, int column) {
    return " (line " + line + ", column " + column + ")";
  }
}
