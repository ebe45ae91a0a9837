package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.generated.ParseException;
import io.ppdb.relational.parser.generated.PpdbParserConstants;
import io.ppdb.relational.parser.generated.Token;
import io.ppdb.relational.parser.generated.TokenMgrError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * What the parser could not read, said in one line: what was seen, what could have stood there in a
 * few words, and the place.
 */
final class SyntaxErrors {
  /** More keywords than these say nothing. */
  private static final int MAX_KEYWORDS = 12;

  /** The keywords worth naming among many. */
  private static final List<Integer> CLAUSES =
      List.of(PpdbParserConstants.FROM, PpdbParserConstants.WHERE);

  private static final Pattern LEXICAL =
      Pattern.compile("Lexical error at line (\\d+), column (\\d+)\\.", Pattern.DOTALL);

  private SyntaxErrors() {}

  /** The error that {@code e} is, which parsing {@code sql} gave. */
  static PpdbException of(String sql, SqlParseException e) {
    if (e.getCause() instanceof StackOverflowError overflow) {
      return StatementParser.tooDeep(overflow);
    }
    if (e.getCause() instanceof TokenMgrError) {
      return lexical(sql, e);
    }
    SqlParserPos position = e.getPos();
    int line = position == null ? 1 : Math.max(1, position.getLineNum());
    int column = position == null ? 1 : Math.max(1, position.getColumnNum());
    List<Token> seen = tokensAt(sql, line, column);
    if (e.getExpectedTokenSequences() != null && e.getExpectedTokenSequences().length > 0) {
      // The end has the place of the last character, where a token may begin.
      return unexpected(e, isAtEnd(e) ? seen.subList(seen.size() - 1, seen.size()) : seen);
    }
    String reason = reason(e);
    if (reason.startsWith("Non-query expression")) {
      boolean first = position == null || isFirst(sql, line, column);
      return error(
          near(seen.get(0)) + ": expected " + (first ? "a statement" : "a query"), line, column, e);
    }
    if (reason.startsWith("Query expression")) {
      return error(near(seen.get(0)) + ": a query is not allowed here", line, column, e);
    }
    String text = reason.isEmpty() ? near(seen.get(0)) : ": " + lowerFirst(reason);
    return error(text, line, column, e);
  }

  private static boolean isAtEnd(SqlParseException e) {
    return e.getCause() instanceof ParseException cause
        && cause.currentToken != null
        && cause.currentToken.next.kind == PpdbParserConstants.EOF;
  }

  private static PpdbException unexpected(SqlParseException e, List<Token> seen) {
    // A sequence of n tokens was expected where n - 1 of it were seen: the last one is at fault.
    int depth = 1;
    for (int[] sequence : e.getExpectedTokenSequences()) {
      if (sequence.length <= seen.size() && matches(sequence, seen)) {
        depth = Math.max(depth, sequence.length);
      }
    }
    BitSet expected = new BitSet();
    for (int[] sequence : e.getExpectedTokenSequences()) {
      if (sequence.length == depth && (depth == 1 || matches(sequence, seen))) {
        expected.set(sequence[depth - 1]);
      }
    }
    Token fault = seen.get(depth - 1);
    int line = Math.max(1, fault.beginLine);
    int column = Math.max(1, fault.beginColumn);
    if (fault.kind == PpdbParserConstants.QUOTE) {
      return error(": the string is not closed", line, column, e);
    }
    if (fault.kind == PpdbParserConstants.DOUBLE_QUOTE) {
      boolean empty =
          seen.size() > depth && seen.get(depth).kind == PpdbParserConstants.DOUBLE_QUOTE;
      String wrong = empty ? ": a quoted name is not empty" : ": the quoted name is not closed";
      return error(wrong, line, column, e);
    }
    String what = describe(expected);
    boolean misplacedName =
        expected.get(PpdbParserConstants.IDENTIFIER)
            && !expected.get(PpdbParserConstants.CREATE)
            && !CLAUSES.contains(fault.kind)
            && ReservedWords.contains(fault.image);
    String hint = misplacedName ? "; as a name it needs double quotes" : "";
    return error(
        near(fault) + (what.isEmpty() ? "" : ": expected " + what) + hint, line, column, e);
  }

  private static boolean matches(int[] sequence, List<Token> seen) {
    for (int i = 0; i < sequence.length - 1; i++) {
      if (seen.get(i).kind != sequence[i]) {
        return false;
      }
    }
    return true;
  }

  private static String describe(BitSet expected) {
    List<String> items = new ArrayList<>();
    boolean name = expected.get(PpdbParserConstants.IDENTIFIER);
    boolean number = expected.get(PpdbParserConstants.UNSIGNED_INTEGER_LITERAL);
    if (name && number) {
      return expected.get(PpdbParserConstants.CREATE) ? "a statement" : "an expression";
    }
    if (name) {
      items.add("a name");
    }
    boolean operator = expected.get(PpdbParserConstants.PLUS);
    if (number) {
      items.add("a number");
    } else if (!operator && expected.get(PpdbParserConstants.QUOTED_STRING)) {
      items.add("a string");
    }
    if (operator) {
      items.add("an operator");
    }
    for (int kind :
        new int[] {
          PpdbParserConstants.LPAREN, PpdbParserConstants.COMMA, PpdbParserConstants.RPAREN
        }) {
      if (expected.get(kind)) {
        items.add(Spelling.of(kind));
      }
    }
    if (!operator && expected.get(PpdbParserConstants.EQ)) {
      items.add(Spelling.of(PpdbParserConstants.EQ));
    }
    int[] keywords = expected.stream().filter(Spelling::isKeyword).toArray();
    for (int kind : keywords) {
      if (keywords.length <= MAX_KEYWORDS || CLAUSES.contains(kind)) {
        items.add(Spelling.of(kind));
      }
    }
    if (expected.get(PpdbParserConstants.EOF)) {
      items.add("the end");
    }
    return join(items);
  }

  private static String join(List<String> items) {
    int last = items.size() - 1;
    return last <= 0
        ? String.join("", items)
        : String.join(", ", items.subList(0, last)) + " or " + items.get(last);
  }

  /** How a kind of token is written. */
  private static final class Spelling {
    static boolean isKeyword(int kind) {
      return kind == PpdbParserConstants.RETURNING_CLAUSE
          || PpdbParserConstants.tokenImage[kind].matches("\"[A-Z][A-Z0-9_]*\"");
    }

    static String of(int kind) {
      if (kind == PpdbParserConstants.RETURNING_CLAUSE) {
        return "RETURNING";
      }
      String image = PpdbParserConstants.tokenImage[kind];
      return isKeyword(kind) ? image.substring(1, image.length() - 1) : image;
    }
  }

  private static PpdbException lexical(String sql, SqlParseException e) {
    Matcher matcher = LEXICAL.matcher(String.valueOf(e.getMessage()));
    boolean placed = matcher.find();
    int line = placed ? Integer.parseInt(matcher.group(1)) : 1;
    int column = placed ? Integer.parseInt(matcher.group(2)) : 1;
    String text = sql.lines().skip(line - 1L).findFirst().orElse("");
    if (column > text.length()) {
      if (sql.lastIndexOf("/*") > sql.lastIndexOf("*/")) {
        return error(": the comment is not closed", line, column, e);
      }
      column = Math.max(1, text.length());
    }
    String character = text.isEmpty() ? "" : text.substring(column - 1, column);
    return error(" at or near \"" + character + "\"", line, column, e);
  }

  /** The token at a place, and what follows it; never empty. */
  private static List<Token> tokensAt(String sql, int line, int column) {
    List<Token> tokens = new ArrayList<>();
    WordTokens source = new WordTokens(sql, /* isExpression= */ false);
    source.SwitchTo(PpdbParserConstants.DQID);
    Token token;
    try {
      do {
        token = source.getNextToken();
        boolean reached =
            token.beginLine > line || (token.beginLine == line && token.beginColumn >= column);
        if (reached || token.kind == PpdbParserConstants.EOF) {
          tokens.add(token);
        }
      } while (token.kind != PpdbParserConstants.EOF);
    } catch (TokenMgrError | PpdbException e) {
      token = new Token();
      token.kind = PpdbParserConstants.EOF;
      token.beginLine = line;
      token.beginColumn = column;
      token.image = "";
      tokens.add(token);
    }
    return tokens;
  }

  private static boolean isFirst(String sql, int line, int column) {
    List<Token> all = tokensAt(sql, 1, 1);
    return all.get(0).beginLine == line && all.get(0).beginColumn == column;
  }

  private static String near(Token token) {
    return token.kind == PpdbParserConstants.EOF
        ? " at end of statement"
        : " at or near \"" + token.image.lines().findFirst().orElse("") + "\"";
  }

  private static String reason(SqlParseException e) {
    Throwable cause = e.getCause();
    if (cause instanceof CalciteContextException context && context.getCause() != null) {
      cause = context.getCause();
    }
    String message = String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    return message.lines().findFirst().orElse("");
  }

  private static String lowerFirst(String text) {
    boolean beginsWithKeyword = text.length() > 1 && Character.isUpperCase(text.charAt(1));
    return beginsWithKeyword
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private static PpdbException error(String text, int line, int column, SqlParseException cause) {
    return new PpdbException(
        ErrorCode.SYNTAX_ERROR, "syntax error" + text + StatementParser.at(line, column), cause);
  }
}
