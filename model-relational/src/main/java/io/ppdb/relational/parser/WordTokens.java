package io.ppdb.relational.parser;

import com.google.common.base.Splitter;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.generated.PpdbParser;
import io.ppdb.relational.parser.generated.PpdbParserConstants;
import io.ppdb.relational.parser.generated.PpdbParserTokenManager;
import io.ppdb.relational.parser.generated.SimpleCharStream;
import io.ppdb.relational.parser.generated.Token;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;

/**
 * The tokens of one statement, in which a word that PostgreSQL does not reserve is a name wherever
 * the tokens beside it leave it no other meaning. The grammar reserves 250 words more than
 * PostgreSQL does ({@code value}, {@code date}, {@code sum}, …) and decides by the word alone; here
 * a word is judged by where it stands:
 *
 * <ul>
 *   <li>after a dot, and after AS as a label, every word is a name, reserved or not;
 *   <li>where only a name can stand (after INTO, CREATE TABLE, …), every word not reserved is one;
 *   <li>where an operand begins, a word is a name unless what follows makes it a keyword: {@code
 *       date} is one, {@code date '2001-01-01'} and {@code sum(x)} are not;
 *   <li>after an operand, it is a label unless it can continue the expression or the statement.
 * </ul>
 *
 * <p>Used by one thread, for one statement.
 */
final class WordTokens extends PpdbParserTokenManager {
  private enum Place {
    NAME,
    OPERAND,
    LABEL,
    OTHER
  }

  private static final Map<String, Integer> KIND_OF_WORD = kindsOfWords();

  /** Keywords that the grammar itself takes as names. */
  private static final BitSet NON_RESERVED = nonReserved();

  /** Words that the grammar takes for keywords everywhere and PostgreSQL does not reserve. */
  private static final BitSet CONTEXTUAL = contextual();

  private static final BitSet OPERAND_FOLLOWS =
      kinds(
          "SELECT DISTINCT ALL WHERE AND OR NOT ON HAVING BY WHEN THEN ELSE CASE BETWEEN SYMMETRIC"
              + " ASYMMETRIC LIKE ILIKE TO IN LIMIT OFFSET DEFAULT FROM JOIN USING PLACING ESCAPE"
              + " BOTH LEADING TRAILING LATERAL ONLY ANY SOME RETURNING SET",
          PpdbParserConstants.RETURNING_CLAUSE,
          PpdbParserConstants.COMMA,
          PpdbParserConstants.LPAREN,
          PpdbParserConstants.LBRACKET,
          PpdbParserConstants.EQ,
          PpdbParserConstants.NE,
          PpdbParserConstants.NE2,
          PpdbParserConstants.LT,
          PpdbParserConstants.GT,
          PpdbParserConstants.LE,
          PpdbParserConstants.GE,
          PpdbParserConstants.PLUS,
          PpdbParserConstants.MINUS,
          PpdbParserConstants.STAR,
          PpdbParserConstants.SLASH,
          PpdbParserConstants.PERCENT_REMAINDER,
          PpdbParserConstants.CONCAT);

  /** Words of ALTER behind which names stand. */
  private static final BitSet ALTERED = kinds("ADD COLUMN RENAME TO ALTER DROP");

  private static final BitSet SAVEPOINTS = kinds("SAVEPOINT RELEASE ROLLBACK");

  /** Reserved words that end an operand. */
  private static final BitSet OPERAND_ENDS =
      kinds(
          "NULL TRUE FALSE END CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME"
              + " LOCALTIMESTAMP SESSION_USER USER",
          PpdbParserConstants.IDENTIFIER,
          PpdbParserConstants.QUOTED_IDENTIFIER,
          PpdbParserConstants.UNICODE_QUOTED_IDENTIFIER,
          PpdbParserConstants.UNSIGNED_INTEGER_LITERAL,
          PpdbParserConstants.APPROX_NUMERIC_LITERAL,
          PpdbParserConstants.DECIMAL_NUMERIC_LITERAL,
          PpdbParserConstants.BINARY_STRING_LITERAL,
          PpdbParserConstants.QUOTED_STRING,
          PpdbParserConstants.PREFIXED_STRING_LITERAL,
          PpdbParserConstants.UNICODE_STRING_LITERAL,
          PpdbParserConstants.C_STYLE_ESCAPED_STRING_LITERAL,
          PpdbParserConstants.DOLLAR_QUOTED_STRING,
          PpdbParserConstants.HOOK,
          PpdbParserConstants.RPAREN,
          PpdbParserConstants.RBRACKET);

  private static final BitSet STRINGS =
      kinds(
          "",
          PpdbParserConstants.QUOTED_STRING,
          PpdbParserConstants.PREFIXED_STRING_LITERAL,
          PpdbParserConstants.UNICODE_STRING_LITERAL,
          PpdbParserConstants.C_STYLE_ESCAPED_STRING_LITERAL);

  /** Words that go on with an expression or a statement after an operand. */
  private static final BitSet CONTINUES =
      kinds(
          "BETWEEN ESCAPE UESCAPE OF SET VALUES EXISTS OVER WITHIN WITHOUT QUALIFY BY ROW EXTEND"
              + " PER MULTISET PERIOD EQUALS VARYING CORRESPONDING PARTITION LIKE_REGEX SYSTEM_TIME"
              + " PATTERN DEFINE MEASURES SUBSET FILTER");

  private static final BitSet JSON_FUNCTIONS = kinds("JSON_VALUE JSON_QUERY JSON_EXISTS");

  private static final BitSet JSON_BEHAVIOURS = kinds("EMPTY ERROR UNKNOWN");

  /** What opens a type after AS. */
  private static final BitSet CASTS = kinds("CAST TRY_CAST SAFE_CAST TREAT");

  private static final Set<Integer> ZONED =
      Set.of(PpdbParserConstants.TIME, PpdbParserConstants.TIMESTAMP);

  /** What begins a query that stands in parentheses, not a list of options. */
  private static final BitSet BEGINS_QUERY =
      kinds("SELECT VALUES VALUE WITH TABLE", PpdbParserConstants.LPAREN);

  private static final int NONE = -1;

  /** The kind before each open parenthesis. */
  private final Deque<Integer> openers = new ArrayDeque<>();

  private final SourceText text;
  private final boolean isExpression;
  private final PostgresTokens source;
  private int statement = NONE;
  private int object = NONE;
  private int statementIndex;
  private int tokenCount;

  /** Whether the text begins with EXPLAIN. */
  private boolean explains;

  /** Whether the options of EXPLAIN have begun, in parentheses, and not ended. */
  private boolean isInExplainOptions;

  private int beforePrevious = NONE;
  private int previous = NONE;

  /**
   * @param isExpression whether the text is an expression by itself rather than a statement
   */
  WordTokens(String sql, boolean isExpression) {
    this(SourceText.of(sql), isExpression);
  }

  private WordTokens(SourceText text, boolean isExpression) {
    super(new Characters(text.text()));
    this.text = text;
    this.isExpression = isExpression;
    this.source = new PostgresTokens(new CatalogTokens(this::scanned)::next);
  }

  private Token scanned() {
    Token token = super.getNextToken();
    if (token.kind == PpdbParserConstants.DOLLAR_QUOTED_STRING) {
      String quoted = text.nextDollarQuoted();
      if (quoted != null) { // After a quote that is not closed the two may not agree.
        token.image = "$$" + quoted + "$$";
      }
    }
    return token;
  }

  /** Counts a tab as one column, as editors and PostgreSQL do. */
  private static final class Characters extends SimpleCharStream {
    Characters(String sql) {
      super(new StringReader(sql), 1, 1, Math.max(1, sql.length()));
      setTabSize(1);
    }
  }

  private static Map<String, Integer> kindsOfWords() {
    Map<String, Integer> kinds = new HashMap<>();
    for (int kind = 0; kind < PpdbParserConstants.tokenImage.length; kind++) {
      String image = PpdbParserConstants.tokenImage[kind];
      if (image.matches("\"[A-Z][A-Z0-9_]*\"")) {
        kinds.put(image.substring(1, image.length() - 1), kind);
      }
    }
    return Map.copyOf(kinds);
  }

  private static BitSet nonReserved() {
    SqlAbstractParserImpl.Metadata metadata = new PpdbParser(new StringReader("")).getMetadata();
    BitSet kinds = new BitSet();
    KIND_OF_WORD.forEach((word, kind) -> kinds.set(kind, metadata.isNonReservedKeyword(word)));
    return kinds;
  }

  private static BitSet contextual() {
    BitSet kinds = new BitSet();
    KIND_OF_WORD.forEach(
        (word, kind) -> kinds.set(kind, !NON_RESERVED.get(kind) && !ReservedWords.contains(word)));
    return kinds;
  }

  private static BitSet kinds(String words, int... others) {
    BitSet kinds = new BitSet();
    for (String word : Splitter.on(' ').split(words)) {
      Integer kind = KIND_OF_WORD.get(word);
      if (kind != null) {
        kinds.set(kind);
      }
    }
    for (int kind : others) {
      kinds.set(kind);
    }
    return kinds;
  }

  @Override
  public Token getNextToken() {
    Token token = source.next();
    if (isWord(token)) {
      judge(token, source.peek(0).kind);
    }
    if (token.kind == PpdbParserConstants.RETURNING && openers.isEmpty()) {
      // Within parentheses the word belongs to a function on JSON, and is a name to the grammar.
      token.kind = PpdbParserConstants.RETURNING_CLAUSE;
    }
    advance(token.kind);
    return token;
  }

  private static boolean isWord(Token token) {
    return token.kind == PpdbParserConstants.IDENTIFIER
        || KIND_OF_WORD.containsKey(token.image.toUpperCase(Locale.ROOT));
  }

  private void judge(Token token, int next) {
    if (previous == PpdbParserConstants.DOT || isLabelAfterAs(token.kind)) {
      token.kind = PpdbParserConstants.IDENTIFIER;
      return;
    }
    if (isInExplainOptions || (explains && isPrefix(statement))) {
      return;
    }
    if (isOptionOfJson(token.kind, next)) {
      return;
    }
    Place place = place();
    if (place != Place.OTHER
        && place != Place.LABEL
        && isNameToTheGrammar(token.kind)
        && ReservedWords.contains(token.image)
        && (place == Place.NAME || next != PpdbParserConstants.LPAREN)) {
      throw reserved(token);
    }
    boolean name =
        switch (place) {
          case NAME -> CONTEXTUAL.get(token.kind);
          case OPERAND -> isOperand(token.kind, next);
          case LABEL -> CONTEXTUAL.get(token.kind) && isLabel(token.kind, next);
          case OTHER -> false;
        };
    if (name) {
      token.kind = PpdbParserConstants.IDENTIFIER;
    }
  }

  private static boolean isNameToTheGrammar(int kind) {
    return kind == PpdbParserConstants.IDENTIFIER || NON_RESERVED.get(kind);
  }

  private boolean isLabelAfterAs(int kind) {
    if (previous != PpdbParserConstants.AS || statement == PpdbParserConstants.CREATE) {
      return false;
    }
    boolean type = !openers.isEmpty() && openers.peek() != NONE && CASTS.get(openers.peek());
    return !type
        && !(kind == PpdbParserConstants.OF && beforePrevious == PpdbParserConstants.SYSTEM_TIME);
  }

  private Place place() {
    if (previous == NONE) {
      return isExpression ? Place.OPERAND : Place.OTHER;
    }
    boolean creates = statement == PpdbParserConstants.CREATE;
    boolean defines =
        creates
            || statement == PpdbParserConstants.DROP
            || statement == PpdbParserConstants.ALTER
            || statement == PpdbParserConstants.REFRESH
            || statement == PpdbParserConstants.COMMENT;
    boolean name =
        switch (previous) {
          case PpdbParserConstants.TABLE,
              PpdbParserConstants.INTO,
              PpdbParserConstants.CONSTRAINT,
              PpdbParserConstants.REFERENCES ->
              true;
          case PpdbParserConstants.INDEX,
              PpdbParserConstants.CONCURRENTLY,
              PpdbParserConstants.VIEW,
              PpdbParserConstants.SEQUENCE,
              PpdbParserConstants.SCHEMA,
              PpdbParserConstants.EXISTS ->
              defines && openers.isEmpty();
          case PpdbParserConstants.UPDATE, PpdbParserConstants.SHOW, PpdbParserConstants.RELEASE ->
              tokenCount == statementIndex;
          case PpdbParserConstants.COLUMN -> statement == PpdbParserConstants.COMMENT;
          case PpdbParserConstants.SAVEPOINT -> SAVEPOINTS.get(statement);
          default -> false;
        };
    if (name) {
      return Place.NAME;
    }
    if (statement == PpdbParserConstants.COMMENT && previous == PpdbParserConstants.ON) {
      return tokenCount == statementIndex + 1 ? Place.OTHER : Place.NAME;
    }
    boolean altersTable =
        statement == PpdbParserConstants.ALTER && openers.isEmpty() && ALTERED.get(previous);
    if (altersTable) {
      return Place.NAME;
    }
    boolean beginsAction =
        statement == PpdbParserConstants.ALTER
            && openers.isEmpty()
            && previous == PpdbParserConstants.COMMA;
    if (beginsAction) {
      return Place.OTHER;
    }
    boolean definesTable =
        object == PpdbParserConstants.TABLE && (creates || statement == PpdbParserConstants.ALTER);
    if (creates && !definesTable && openers.isEmpty() && previous == PpdbParserConstants.ON) {
      return Place.NAME;
    }
    if (definesTable && previous == PpdbParserConstants.ON) { // DELETE or UPDATE of a foreign key
      return Place.OTHER;
    }
    if (definesTable && creates && openers.size() == 1 && endsListItem(previous)) {
      return Place.NAME;
    }
    if (previous == PpdbParserConstants.NOT
        && (isOperandEnd(beforePrevious) || beforePrevious == PpdbParserConstants.IS)) {
      return Place.OTHER;
    }
    if (previous == PpdbParserConstants.SET && statement == PpdbParserConstants.SET) {
      return Place.OTHER;
    }
    if (OPERAND_FOLLOWS.get(previous)) {
      return Place.OPERAND;
    }
    if (previous == PpdbParserConstants.WITH) {
      return Place.LABEL;
    }
    boolean hasLabels = !creates && statement != PpdbParserConstants.ALTER;
    return hasLabels && isOperandEnd(previous) ? Place.LABEL : Place.OTHER;
  }

  /** Whether a word says how a function of SQL/JSON is to behave, or which type it gives. */
  private boolean isOptionOfJson(int kind, int next) {
    Integer function = openers.peek();
    if (function == null || function < 0 || !JSON_FUNCTIONS.get(function)) {
      return false;
    }
    return previous == PpdbParserConstants.RETURNING
        || (JSON_BEHAVIOURS.get(kind)
            && (previous == PpdbParserConstants.ON
                || next == PpdbParserConstants.ON
                || next == PpdbParserConstants.ARRAY
                || next == PpdbParserConstants.OBJECT));
  }

  private static boolean endsListItem(int kind) {
    return kind == PpdbParserConstants.LPAREN || kind == PpdbParserConstants.COMMA;
  }

  /** Whether an operand ends with a token of this kind. */
  static boolean isOperandEnd(int kind) {
    return kind >= 0 && (OPERAND_ENDS.get(kind) || NON_RESERVED.get(kind));
  }

  private boolean isOperand(int kind, int next) {
    if (kind == PpdbParserConstants.CURRENT_SCHEMA) { // with or without parentheses
      return next == PpdbParserConstants.LPAREN;
    }
    if (kind == PpdbParserConstants.DATE_TRUNC || kind == PpdbParserConstants.VALUE) {
      // The grammar has other things in mind: a date_trunc whose last argument is a keyword (day),
      // and VALUE in functions on JSON.
      return true;
    }
    if (!CONTEXTUAL.get(kind) || next == PpdbParserConstants.LPAREN || STRINGS.get(next)) {
      return false;
    }
    if (ZONED.contains(kind)) {
      return next != PpdbParserConstants.WITH && next != PpdbParserConstants.WITHOUT;
    }
    return switch (kind) {
      case PpdbParserConstants.VALUES ->
          next != PpdbParserConstants.ROW && previous != PpdbParserConstants.DEFAULT_;
      case PpdbParserConstants.NEXT -> next != PpdbParserConstants.VALUE;
      case PpdbParserConstants.CURRENT ->
          next != PpdbParserConstants.VALUE && next != PpdbParserConstants.ROW;
      case PpdbParserConstants.INSERT, PpdbParserConstants.UPDATE, PpdbParserConstants.DELETE ->
          previous != PpdbParserConstants.THEN || !mayMerge();
      case PpdbParserConstants.MULTISET -> next != PpdbParserConstants.LBRACKET;
      case PpdbParserConstants.GROUPING -> next != PpdbParserConstants.SETS;
      case PpdbParserConstants.PARTITION -> next != PpdbParserConstants.BY;
      default -> true;
    };
  }

  /** Whether the clauses of a MERGE may stand here. */
  private boolean mayMerge() {
    return openers.isEmpty()
        && (statement == PpdbParserConstants.MERGE || statement == PpdbParserConstants.WITH);
  }

  private boolean isLabel(int kind, int next) {
    if (next == PpdbParserConstants.LPAREN && previous != PpdbParserConstants.WITH) {
      return false;
    }
    if (previous == PpdbParserConstants.WITH) {
      return next == PpdbParserConstants.AS || next == PpdbParserConstants.LPAREN;
    }
    if (CONTINUES.get(kind)) {
      return false;
    }
    return switch (kind) {
      case PpdbParserConstants.AT ->
          next != PpdbParserConstants.TIME && next != PpdbParserConstants.LOCAL;
      case PpdbParserConstants.TIME -> previous != PpdbParserConstants.AT;
      case PpdbParserConstants.SKIP_ -> next != PpdbParserConstants.LOCKED;
      case PpdbParserConstants.INSERT,
          PpdbParserConstants.UPDATE,
          PpdbParserConstants.DELETE,
          PpdbParserConstants.MERGE ->
          (kind != PpdbParserConstants.UPDATE || previous != PpdbParserConstants.KEY)
              && (statement != PpdbParserConstants.WITH || !openers.isEmpty());
      case PpdbParserConstants.CURRENT -> next != PpdbParserConstants.ROW;
      case PpdbParserConstants.SET_MINUS -> next != PpdbParserConstants.SELECT;
      case PpdbParserConstants.ASOF -> next != PpdbParserConstants.JOIN;
      default -> true;
    };
  }

  private void advance(int kind) {
    tokenCount++;
    explains |= tokenCount == 1 && kind == PpdbParserConstants.EXPLAIN;
    if (isInExplainOptions) {
      isInExplainOptions = kind != PpdbParserConstants.RPAREN;
      previous = PpdbParserConstants.EXPLAIN;
      return;
    }
    if (explains && tokenCount == 2 && kind == PpdbParserConstants.LPAREN) {
      isInExplainOptions = !BEGINS_QUERY.get(source.peek(0).kind);
      if (isInExplainOptions) {
        return;
      }
    }
    if (tokenCount == 1 || isPrefix(statement) || beginsQuery()) {
      statement = kind;
      statementIndex = tokenCount;
    } else if (object == NONE
        && kind != PpdbParserConstants.UNIQUE
        && kind != PpdbParserConstants.OR
        && kind != PpdbParserConstants.REPLACE) {
      object = kind;
    }
    if (kind == PpdbParserConstants.LPAREN) {
      openers.push(previous);
    } else if (kind == PpdbParserConstants.RPAREN && !openers.isEmpty()) {
      openers.pop();
    }
    beforePrevious = previous;
    previous = kind;
  }

  /** Whether the query of CREATE VIEW or CREATE TABLE follows. */
  private boolean beginsQuery() {
    return statement == PpdbParserConstants.CREATE
        && (object == PpdbParserConstants.VIEW
            || object == PpdbParserConstants.MATERIALIZED
            || object == PpdbParserConstants.TABLE)
        && previous == PpdbParserConstants.AS
        && openers.isEmpty();
  }

  /** Whether another statement follows it. */
  private static boolean isPrefix(int kind) {
    return kind == PpdbParserConstants.EXPLAIN
        || kind == PpdbParserConstants.ANALYZE
        || kind == PpdbParserConstants.VERBOSE;
  }

  private static PpdbException reserved(Token token) {
    return new PpdbException(
        ErrorCode.SYNTAX_ERROR,
        "syntax error at or near \""
            + token.image
            + "\": a reserved word is a name only in double quotes"
            + StatementParser.at(token.beginLine, token.beginColumn));
  }
}
