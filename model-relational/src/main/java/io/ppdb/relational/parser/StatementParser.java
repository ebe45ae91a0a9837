package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.generated.PpdbParser;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlConformance;

/** Parses statements as PostgreSQL writes them. Thread-safe. */
public final class StatementParser {
  private static final int MAX_IDENTIFIER_LENGTH = 128;

  private static final Pattern ENCOUNTERED =
      Pattern.compile("Encountered \"(.*?)\" at line (\\d+), column (\\d+)", Pattern.DOTALL);
  private static final Pattern LEXICAL =
      Pattern.compile(
          "Lexical error at line (\\d+), column (\\d+)\\.\\s+Encountered: (.*)", Pattern.DOTALL);

  private final SqlParser.Config config;

  /**
   * @param conformance what of SQL's variants is allowed
   */
  public StatementParser(SqlConformance conformance) {
    config =
        SqlParser.config()
            .withParserFactory(PpdbParser.FACTORY)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.TO_LOWER)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(true)
            .withIdentifierMaxLength(MAX_IDENTIFIER_LENGTH)
            .withConformance(conformance);
  }

  /** The tree of one statement; a semicolon may end it. */
  public SqlNode parse(String sql) {
    try {
      return SqlParser.create(withoutSemicolon(sql), config).parseStmt();
    } catch (SqlParseException e) {
      throw syntaxError(e);
    }
  }

  /** The tree of one expression. */
  public SqlNode parseExpression(String sql) {
    try {
      return SqlParser.create(sql, config).parseExpression();
    } catch (SqlParseException e) {
      throw syntaxError(e);
    }
  }

  private static String withoutSemicolon(String sql) {
    int end = sql.length();
    while (end > 0 && (Character.isWhitespace(sql.charAt(end - 1)) || sql.charAt(end - 1) == ';')) {
      end--;
    }
    return sql.substring(0, end);
  }

  private static PpdbException syntaxError(SqlParseException e) {
    if (e.getCause() instanceof StackOverflowError) {
      return new PpdbException(
          ErrorCode.SYNTAX_ERROR, "syntax error: the statement is nested too deeply", e);
    }
    String message = String.valueOf(e.getMessage());
    Matcher lexical = LEXICAL.matcher(message);
    if (lexical.find()) {
      return new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "syntax error: unexpected "
              + lexical.group(3).lines().findFirst().orElse("character")
              + at(Integer.parseInt(lexical.group(1)), Integer.parseInt(lexical.group(2))),
          e);
    }
    Matcher encountered = ENCOUNTERED.matcher(message);
    if (encountered.find()) {
      String token = encountered.group(1).trim();
      int line = Integer.parseInt(encountered.group(2));
      int column = Integer.parseInt(encountered.group(3));
      String what =
          token.equals("<EOF>") ? "unexpected end of statement" : "at or near \"" + token + "\"";
      return new PpdbException(
          ErrorCode.SYNTAX_ERROR, "syntax error " + what + at(line, column), e);
    }
    if (e.getCause() instanceof CalciteContextException context) {
      String reason =
          context.getCause() == null ? message : String.valueOf(context.getCause().getMessage());
      return new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "syntax error: " + reason + at(context.getPosLine(), context.getPosColumn()),
          e);
    }
    SqlParserPos position = e.getPos();
    String where = position == null ? "" : at(position.getLineNum(), position.getColumnNum());
    return new PpdbException(
        ErrorCode.SYNTAX_ERROR,
        "syntax error: " + message.lines().findFirst().orElse("") + where,
        e);
  }

  /** How messages name a place in the statement. */
  public static String at(int line, int column) {
    return " (line " + line + ", column " + column + ")";
  }
}
