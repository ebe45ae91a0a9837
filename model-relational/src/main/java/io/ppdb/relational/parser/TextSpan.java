package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.generated.Token;

/**
 * A part of a statement's text, by lines and columns that count from 1; the last character is part
 * of it. What the catalog keeps of a statement, it keeps in the words of its author.
 */
public record TextSpan(int firstLine, int firstColumn, int lastLine, int lastColumn) {
  /** The text from one token to another, or the same. */
  public static TextSpan of(Token first, Token last) {
    return new TextSpan(first.beginLine, first.beginColumn, last.endLine, last.endColumn);
  }

  /** The number that a token is, or the negative one. */
  public static long integer(Token digits, boolean negative) {
    try {
      return Long.parseLong((negative ? "-" : "") + digits.image);
    } catch (NumberFormatException e) {
      throw new PpdbException(
          ErrorCode.NUMERIC_OUT_OF_RANGE,
          "number "
              + digits.image
              + " is out of range for type bigint"
              + StatementParser.at(digits.beginLine, digits.beginColumn),
          e);
    }
  }

  /** The part of {@code sql} that this is. */
  public String in(String sql) {
    return sql.substring(
        offset(sql, firstLine, firstColumn), offset(sql, lastLine, lastColumn) + 1);
  }

  /** The same as {@link #in}, with blanks before it that keep lines and columns what they are. */
  public String inPlace(String sql) {
    return "\n".repeat(firstLine - 1) + " ".repeat(firstColumn - 1) + in(sql);
  }

  /** {@code sql} with {@code replacement} in this place. */
  public String replace(String sql, String replacement) {
    return sql.substring(0, offset(sql, firstLine, firstColumn))
        + replacement
        + sql.substring(offset(sql, lastLine, lastColumn) + 1);
  }

  /** Negative if this begins before {@code other}, positive if behind it. */
  public int compareStart(TextSpan other) {
    int lines = Integer.compare(firstLine, other.firstLine);
    return lines != 0 ? lines : Integer.compare(firstColumn, other.firstColumn);
  }

  /** Where in {@code sql} a character is; lines end as the parser has it: CR, LF, or CR LF. */
  static int offset(String sql, int line, int column) {
    int offset = 0;
    for (int current = 1; current < line; current++) {
      while (sql.charAt(offset) != '\n' && sql.charAt(offset) != '\r') {
        offset++;
      }
      boolean pair = sql.startsWith("\r\n", offset);
      offset += pair ? 2 : 1;
    }
    return offset + column - 1;
  }
}
