package io.ppdb.relational;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes literals out of the text of a statement, so that texts which differ in nothing else share a
 * plan: {@code WHERE id = 17} becomes {@code WHERE id = ?} and 17.
 *
 * <p>A literal is lifted where a parameter in its place has its type from what is beside it, and
 * where no plan depends on its value: as all of the right side of {@code =}, or as a cell of
 * INSERT's VALUES. Ordinals of ORDER BY, LIMIT, arguments of types and functions, bounds of ranges
 * (by which an index is chosen) and literals with a prefix or a type before them stay in the text.
 * Whether the literal converts to the type of its parameter without loss is for {@link
 * LiftedStatement} to see.
 *
 * <p>Reads a text once, with tokens as coarse as will do: what it does not know, it leaves alone.
 */
final class LiteralLifter {
  /** Statements with more literals are bulk inserts, whose shape does not come twice. */
  private static final int MAX_LITERALS = 256;

  private static final Set<String> LIFTED_STATEMENTS =
      Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "WITH");

  /** Words that may follow a lifted literal: those after which it is a whole operand. */
  private static final Set<String> ENDS =
      Set.of(
          "AND",
          "OR",
          "ORDER",
          "GROUP",
          "LIMIT",
          "OFFSET",
          "HAVING",
          "RETURNING",
          "WHERE",
          "FROM",
          "UNION",
          "EXCEPT",
          "INTERSECT",
          "FETCH",
          "INNER",
          "LEFT",
          "RIGHT",
          "FULL",
          "CROSS",
          "JOIN",
          "ON",
          "THEN",
          "ELSE",
          "END",
          "FOR");

  private final String sql;
  private final StringBuilder shape;
  private final List<Literal> literals = new ArrayList<>();
  private int copied;
  private int position;

  // The token read last.
  private Kind kind = Kind.END;
  private int start;
  private boolean hasPrefix;

  /**
   * A lifted literal.
   *
   * @param value an Integer, Long, BigDecimal or String
   * @param isAssigned whether it is a cell of VALUES, which is rounded to its column's scale
   */
  record Literal(Object value, boolean isAssigned) {}

  /** A text with {@code ?} in place of its literals. */
  record Lifted(String shape, List<Literal> literals) {}

  private enum Kind {
    WORD,
    NUMBER,
    STRING,
    OPERATOR,
    OPEN,
    CLOSE,
    COMMA,
    END,
    /** Anything else: no literal stands beside it. */
    OTHER,
    /** What a text with lifted literals cannot have: a parameter of its own, a dollar quote. */
    FORBIDDEN
  }

  private LiteralLifter(String sql) {
    this.sql = sql;
    this.shape = new StringBuilder(sql.length());
  }

  /** The text without its literals; null if there is none to be lifted. */
  static @Nullable Lifted lift(String sql) {
    return new LiteralLifter(sql).run();
  }

  private @Nullable Lifted run() {
    read();
    if (kind != Kind.WORD || !LIFTED_STATEMENTS.contains(word())) {
      return null;
    }
    boolean inserts = word().equals("INSERT");
    boolean inValues = false;
    int depth = 0;
    boolean afterEqual = false; // or where a cell begins
    boolean isCell = false;
    while (kind != Kind.END) {
      read();
      if (kind == Kind.FORBIDDEN || literals.size() > MAX_LITERALS) {
        return null;
      }
      int from = start;
      boolean negative = false;
      if (afterEqual && kind == Kind.OPERATOR && isOperator("-")) {
        negative = true;
        read();
        negative &= kind == Kind.NUMBER;
      }
      if (afterEqual && (kind == Kind.NUMBER || kind == Kind.STRING)) {
        Object value = value(negative);
        int end = position;
        read();
        if (value != null && endsOperand(isCell)) {
          shape.append(sql, copied, from).append('?');
          copied = end;
          literals.add(new Literal(value, isCell));
        }
      }
      switch (kind) {
        case OPEN -> depth++;
        case CLOSE -> depth--;
        case WORD -> {
          if (depth == 0) {
            inValues = inserts && word().equals("VALUES");
          }
        }
        case FORBIDDEN -> {
          return null;
        }
        default -> {}
      }
      isCell = inValues && depth == 1 && (kind == Kind.OPEN || kind == Kind.COMMA);
      afterEqual = isCell || (kind == Kind.OPERATOR && isOperator("="));
    }
    if (literals.isEmpty()) {
      return null;
    }
    return new Lifted(shape.append(sql, copied, sql.length()).toString(), literals);
  }

  private boolean endsOperand(boolean cell) {
    return kind == Kind.COMMA
        || kind == Kind.CLOSE
        || (!cell && (kind == Kind.END || (kind == Kind.WORD && ENDS.contains(word()))));
  }

  private String word() {
    return sql.substring(start, position).toUpperCase(Locale.ROOT);
  }

  private boolean isOperator(String operator) {
    return position - start == operator.length() && sql.startsWith(operator, start);
  }

  /** The value of the number or string read last; null if it is not a plain one. */
  private @Nullable Object value(boolean negative) {
    if (hasPrefix) {
      return null;
    }
    if (kind == Kind.STRING) {
      return sql.substring(start + 1, position - 1).replace("''", "'");
    }
    String digits = sql.substring(start, position);
    if (digits.indexOf('.') >= 0) {
      BigDecimal decimal = new BigDecimal(digits);
      return negative ? decimal.negate() : decimal;
    }
    if (digits.length() > 18) {
      return null;
    }
    long number = negative ? -Long.parseLong(digits) : Long.parseLong(digits);
    return number == (int) number ? (Object) (int) number : (Object) number;
  }

  /** Reads the next token. */
  private void read() {
    skipSpace();
    start = position;
    hasPrefix = false;
    if (position == sql.length()) {
      kind = Kind.END;
      return;
    }
    char c = sql.charAt(position++);
    if (isWordStart(c)) {
      kind = Kind.WORD;
      while (position < sql.length() && isWordPart(sql.charAt(position))) {
        position++;
      }
      if (position < sql.length() && "'&\"".indexOf(sql.charAt(position)) >= 0) {
        // E'…', X'…', U&'…', or a character set's name.
        kind = Kind.FORBIDDEN;
      }
    } else if (isDigit(c)) {
      readNumber();
    } else {
      readMark(c);
    }
  }

  private void readMark(char c) {
    switch (c) {
      case '(' -> kind = Kind.OPEN;
      case ')' -> kind = Kind.CLOSE;
      case ',' -> kind = Kind.COMMA;
      case '\'' -> kind = readQuoted('\'') ? Kind.STRING : Kind.FORBIDDEN;
      case '"' -> kind = readQuoted('"') ? Kind.OTHER : Kind.FORBIDDEN;
      case '?', '$', '{', '`' -> kind = Kind.FORBIDDEN;
      case '=', '<', '>', '!', '+', '-', '*', '/', '%', '|', '~', '^', '@', '#', '&', ':' -> {
        kind = Kind.OPERATOR;
        while (position < sql.length() && "=<>!+-*/%|~^@#&:".indexOf(sql.charAt(position)) >= 0) {
          if (isCommentStart() || sql.charAt(position) == '-') {
            break; // "=-1" is two operators
          }
          position++;
        }
      }
      case ';' -> {
        // At the end of the text nothing follows; anywhere else it is a mistake.
        skipSpace();
        kind = position == sql.length() ? Kind.END : Kind.FORBIDDEN;
      }
      default -> kind = Kind.OTHER;
    }
  }

  private void readNumber() {
    kind = Kind.NUMBER;
    while (position < sql.length() && isDigit(sql.charAt(position))) {
      position++;
    }
    if (position < sql.length() && sql.charAt(position) == '.') {
      position++;
      while (position < sql.length() && isDigit(sql.charAt(position))) {
        position++;
      }
    }
    if (position < sql.length() && (isWordPart(sql.charAt(position)) || previousIsPoint())) {
      hasPrefix = true; // 1e5, 0x1F, 1.: not a plain number
      while (position < sql.length() && isWordPart(sql.charAt(position))) {
        position++;
      }
    }
  }

  private boolean previousIsPoint() {
    return sql.charAt(position - 1) == '.';
  }

  /** Reads to the closing quote; false if there is none. */
  private boolean readQuoted(char quote) {
    while (position < sql.length()) {
      if (sql.charAt(position++) == quote) {
        if (position < sql.length() && sql.charAt(position) == quote) {
          position++;
        } else {
          return true;
        }
      }
    }
    return false;
  }

  private void skipSpace() {
    while (position < sql.length()) {
      if (Character.isWhitespace(sql.charAt(position))) {
        position++;
      } else if (isCommentStart()) {
        boolean line = sql.charAt(position) == '-';
        int end = line ? sql.indexOf('\n', position) : sql.indexOf("*/", position + 2);
        position = end < 0 ? sql.length() : line ? end + 1 : end + 2;
      } else {
        return;
      }
    }
  }

  private boolean isCommentStart() {
    return sql.startsWith("--", position) || sql.startsWith("/*", position);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
