package io.ppdb.relational.parser;

import io.ppdb.relational.parser.generated.PpdbParserConstants;
import io.ppdb.relational.parser.generated.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Tokens in which what PostgreSQL writes in its own way stands as the grammar knows it:
 *
 * <pre>
 * type[]                   type ARRAY
 * INTERVAL 'text'          'text'::INTERVAL, unless a unit follows
 * TIMESTAMPTZ 'text'       'text'::TIMESTAMPTZ, and so with all types but where the grammar can read it
 * f(x ORDER BY y)          f(x) WITHIN GROUP (ORDER BY y)
 * {@code -> ^ & | <<}               operators of one kind, told apart by their text
 * {@code j ? k}                     {@code j ?? k}, where no parameter can stand
 * array_agg(               a name like any other, not a word of the grammar
 * LATERAL f(               f(, functions being lateral anyway
 * </pre>
 *
 * Used by one thread, for one statement.
 */
final class PostgresTokens {
  private static final Set<String> UNITS =
      Set.of(
          "YEAR",
          "YEARS",
          "QUARTER",
          "QUARTERS",
          "MONTH",
          "MONTHS",
          "WEEK",
          "WEEKS",
          "DAY",
          "DAYS",
          "HOUR",
          "HOURS",
          "MINUTE",
          "MINUTES",
          "SECOND",
          "SECONDS");

  private static final BitSet OPERATORS =
      kinds(
          PpdbParserConstants.LAMBDA,
          PpdbParserConstants.CARET,
          PpdbParserConstants.AMPERSAND,
          PpdbParserConstants.VERTICAL_BAR,
          PpdbParserConstants.LEFTSHIFT);

  private static final BitSet STRINGS =
      kinds(
          PpdbParserConstants.QUOTED_STRING,
          PpdbParserConstants.PREFIXED_STRING_LITERAL,
          PpdbParserConstants.C_STYLE_ESCAPED_STRING_LITERAL);

  /** Words of the grammar that are names of functions in PostgreSQL. */
  private static final BitSet FUNCTION_NAMES =
      kinds(
          PpdbParserConstants.ARRAY_AGG,
          PpdbParserConstants.ARRAY_CONCAT_AGG,
          PpdbParserConstants.CORR,
          PpdbParserConstants.GROUP_CONCAT,
          PpdbParserConstants.PERCENTILE_CONT,
          PpdbParserConstants.PERCENTILE_DISC,
          PpdbParserConstants.REGR_AVGX,
          PpdbParserConstants.REGR_AVGY,
          PpdbParserConstants.REGR_INTERCEPT,
          PpdbParserConstants.REGR_R2,
          PpdbParserConstants.REGR_SLOPE,
          PpdbParserConstants.REGR_SXX,
          PpdbParserConstants.REGR_SXY,
          PpdbParserConstants.REGR_SYY,
          PpdbParserConstants.STRING_AGG,
          PpdbParserConstants.TRIM_ARRAY,
          PpdbParserConstants.WIDTH_BUCKET);

  /** Aggregates that are words of the grammar, and take ORDER BY like those that are none. */
  private static final BitSet AGGREGATES =
      kinds(
          PpdbParserConstants.AVG,
          PpdbParserConstants.COUNT,
          PpdbParserConstants.COVAR_POP,
          PpdbParserConstants.COVAR_SAMP,
          PpdbParserConstants.EVERY,
          PpdbParserConstants.MAX,
          PpdbParserConstants.MIN,
          PpdbParserConstants.REGR_COUNT,
          PpdbParserConstants.STDDEV_POP,
          PpdbParserConstants.STDDEV_SAMP,
          PpdbParserConstants.SUM,
          PpdbParserConstants.VAR_POP,
          PpdbParserConstants.VAR_SAMP);

  /** Types before a string that is a value of theirs, and that the grammar has no literals of. */
  private static final BitSet PREFIX_TYPES =
      kinds(
          PpdbParserConstants.TIMESTAMPTZ,
          PpdbParserConstants.JSON,
          PpdbParserConstants.JSONB,
          PpdbParserConstants.UUID,
          PpdbParserConstants.BYTEA,
          PpdbParserConstants.TEXT,
          PpdbParserConstants.BOOL,
          PpdbParserConstants.BOOLEAN,
          PpdbParserConstants.INT2,
          PpdbParserConstants.INT4,
          PpdbParserConstants.INT8,
          PpdbParserConstants.INTEGER,
          PpdbParserConstants.BIGINT,
          PpdbParserConstants.SMALLINT,
          PpdbParserConstants.NUMERIC,
          PpdbParserConstants.FLOAT4,
          PpdbParserConstants.FLOAT8,
          PpdbParserConstants.REAL);

  /** The only text that the grammar takes in its own literals. */
  private static final Pattern DATE = Pattern.compile("'\\d{4}-\\d\\d-\\d\\d'");

  private static final Pattern TIME = Pattern.compile("'\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?'");
  private static final Pattern TIMESTAMP =
      Pattern.compile("'\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?'");

  /** What makes a query of what stands in parentheses. */
  private static final BitSet QUERIES =
      kinds(
          PpdbParserConstants.SELECT,
          PpdbParserConstants.WITH,
          PpdbParserConstants.VALUES,
          PpdbParserConstants.TABLE);

  private final Supplier<Token> source;
  private final List<Token> ahead = new ArrayList<>();

  /** For each open parenthesis whether it holds the arguments of a function. */
  private final Deque<Boolean> calls = new ArrayDeque<>();

  /** For each open parenthesis, and the whole, whether a select list is being read in it. */
  private final Deque<Boolean> selecting = new ArrayDeque<>(List.of(false));

  private int beforePrevious = PpdbParserConstants.EOF;
  private int previous = PpdbParserConstants.EOF;

  PostgresTokens(Supplier<Token> source) {
    this.source = source;
  }

  private static BitSet kinds(int... kinds) {
    BitSet set = new BitSet();
    for (int kind : kinds) {
      set.set(kind);
    }
    return set;
  }

  /** The next token. */
  Token next() {
    peek(0);
    rewrite();
    Token token = ahead.remove(0);
    if (token.kind == PpdbParserConstants.EOF) {
      ahead.add(token);
    }
    track(token);
    beforePrevious = previous;
    previous = token.kind;
    return token;
  }

  /** The token that {@code distance} others come before, as it was written. */
  Token peek(int distance) {
    while (ahead.size() <= distance) {
      Token last = ahead.isEmpty() ? null : ahead.get(ahead.size() - 1);
      boolean ended = last != null && last.kind == PpdbParserConstants.EOF;
      ahead.add(ended ? last : source.get());
    }
    return ahead.get(distance);
  }

  private void rewrite() {
    Token token = ahead.get(0);
    if (token.kind == PpdbParserConstants.HOOK
        && WordTokens.isOperandEnd(previous)
        && !isWordOfClause()) {
      ahead.set(0, questionOperator(token));
    } else if (token.kind == PpdbParserConstants.UNNEST && selecting.peek()) {
      token.kind = PpdbParserConstants.IDENTIFIER;
    } else if (token.kind == PpdbParserConstants.LATERAL && isNameOfCall(peek(1), peek(2))) {
      ahead.remove(0); // functions are lateral anyway
    } else if (OPERATORS.get(token.kind)) {
      token.kind = PpdbParserConstants.POSTGRES_OPERATOR;
    } else if (FUNCTION_NAMES.get(token.kind) && peek(1).kind == PpdbParserConstants.LPAREN) {
      token.kind = PpdbParserConstants.IDENTIFIER;
    } else if (token.kind == PpdbParserConstants.LBRACKET
        && previous != PpdbParserConstants.ARRAY
        && peek(1).kind == PpdbParserConstants.RBRACKET) {
      ahead.remove(1);
      ahead.set(0, like(token, PpdbParserConstants.ARRAY, "ARRAY"));
    } else if (isTypeBeforeString(token)) {
      ahead.set(0, ahead.get(1));
      ahead.set(1, like(token, PpdbParserConstants.INFIX_CAST, "::"));
      ahead.add(2, token);
    } else if (token.kind == PpdbParserConstants.TIMESTAMP
        && peek(1).kind == PpdbParserConstants.WITH
        && peek(2).kind == PpdbParserConstants.TIME
        && peek(3).kind == PpdbParserConstants.ZONE
        && STRINGS.get(peek(4).kind)) {
      Token string = ahead.get(4);
      ahead.subList(0, 5).clear();
      ahead.add(0, string);
      ahead.add(1, like(token, PpdbParserConstants.INFIX_CAST, "::"));
      ahead.add(2, like(token, PpdbParserConstants.TIMESTAMPTZ, "timestamptz"));
    } else if (token.kind == PpdbParserConstants.ORDER
        && !calls.isEmpty()
        && calls.peek()
        && previous != PpdbParserConstants.LPAREN
        && peek(1).kind == PpdbParserConstants.BY) {
      ahead.add(0, like(token, PpdbParserConstants.RPAREN, ")"));
      ahead.add(1, like(token, PpdbParserConstants.WITHIN, "WITHIN"));
      ahead.add(2, like(token, PpdbParserConstants.GROUP, "GROUP"));
      ahead.add(3, like(token, PpdbParserConstants.LPAREN, "("));
    }
  }

  /** Whether the word before is no name, but one of FETCH FIRST or AT TIME ZONE. */
  private boolean isWordOfClause() {
    return switch (previous) {
      case PpdbParserConstants.FIRST, PpdbParserConstants.NEXT ->
          beforePrevious == PpdbParserConstants.FETCH;
      case PpdbParserConstants.ZONE -> beforePrevious == PpdbParserConstants.TIME;
      default -> false;
    };
  }

  private static boolean isNameOfCall(Token name, Token next) {
    return next.kind == PpdbParserConstants.LPAREN
        && name.kind != PpdbParserConstants.TABLE
        && name.kind != PpdbParserConstants.UNNEST
        && name.kind != PpdbParserConstants.LPAREN;
  }

  /**
   * {@code ?}, {@code ?|} or {@code ?&} between operands, where no parameter can stand: written
   * with two question marks, as those must who have parameters that are question marks too.
   */
  private Token questionOperator(Token token) {
    Token next = peek(1);
    boolean several =
        (next.kind == PpdbParserConstants.VERTICAL_BAR
                || next.kind == PpdbParserConstants.AMPERSAND)
            && next.beginLine == token.endLine
            && next.beginColumn == token.endColumn + 1;
    if (several) {
      ahead.remove(1);
    }
    String image = several ? "??" + next.image : "??";
    return like(token, PpdbParserConstants.POSTGRES_OPERATOR, image);
  }

  private boolean isTypeBeforeString(Token token) {
    boolean type =
        PREFIX_TYPES.get(token.kind)
            || token.kind == PpdbParserConstants.INTERVAL
            || token.kind == PpdbParserConstants.DATE
            || token.kind == PpdbParserConstants.TIME
            || token.kind == PpdbParserConstants.TIMESTAMP;
    if (!type
        || !STRINGS.get(peek(1).kind)
        || previous == PpdbParserConstants.INFIX_CAST
        || previous == PpdbParserConstants.DOT) {
      return false;
    }
    String string = peek(1).image;
    return switch (token.kind) {
      case PpdbParserConstants.INTERVAL -> !UNITS.contains(peek(2).image.toUpperCase(Locale.ROOT));
      case PpdbParserConstants.DATE -> !DATE.matcher(string).matches();
      case PpdbParserConstants.TIME -> !TIME.matcher(string).matches();
      case PpdbParserConstants.TIMESTAMP -> !TIMESTAMP.matcher(string).matches();
      default -> true;
    };
  }

  private void track(Token token) {
    if (token.kind == PpdbParserConstants.LPAREN) {
      boolean named =
          previous == PpdbParserConstants.IDENTIFIER
              || previous == PpdbParserConstants.QUOTED_IDENTIFIER
              || AGGREGATES.get(previous);
      calls.push(named && !QUERIES.get(peek(0).kind));
      selecting.push(selecting.peek() && !QUERIES.get(peek(0).kind));
    } else if (token.kind == PpdbParserConstants.RPAREN && !calls.isEmpty()) {
      calls.pop();
      selecting.pop();
    } else if (token.kind == PpdbParserConstants.SELECT || token.kind == PpdbParserConstants.FROM) {
      selecting.pop();
      selecting.push(token.kind == PpdbParserConstants.SELECT);
    }
  }

  /** A token of another kind at the place of {@code token}. */
  static Token like(Token token, int kind, String image) {
    Token made = Token.newToken(kind);
    made.kind = kind;
    made.image = image;
    made.beginLine = token.beginLine;
    made.beginColumn = token.beginColumn;
    made.endLine = token.endLine;
    made.endColumn = token.endColumn;
    return made;
  }
}
