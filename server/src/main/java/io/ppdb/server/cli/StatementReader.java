package io.ppdb.server.cli;

import java.io.IOException;
import java.io.Reader;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a script into its statements, which {@code ;} separates, reading no further than it must: a
 * statement typed into a pipe runs when its {@code ;} has come.
 *
 * <p>A {@code ;} within quotes or a comment separates nothing. Comments and white space before a
 * statement are dropped, so that positions within it count from its first word; what is nothing but
 * comments is no statement. Not thread-safe.
 */
final class StatementReader {
  /** What quotes and comments look like. */
  enum Lexis {
    /** {@code '…'}, {@code "…"}, {@code $tag$…$tag$}, {@code -- …}, nesting block comments. */
    SQL,
    /** {@code '…'} and {@code "…"} with backslash escapes; no comments. */
    GREMLIN
  }

  /**
   * A statement, without its {@code ;}.
   *
   * @param line where it begins in the script, from 1
   * @param column where it begins in that line, from 1
   */
  record Statement(String text, int line, int column) {
    private static final Pattern POSITION = Pattern.compile("line (\\d+), column (\\d+)");

    /** What is wrong with this statement, with its position counted from the script's start. */
    CommandFailure failure(Exception e) {
      Matcher position = POSITION.matcher(Program.describe(e));
      if (position.find()) {
        return new CommandFailure(position.replaceFirst(this::inScript), e);
      }
      String place = line == 1 ? "" : " (in the statement that begins at line " + line + ")";
      return new CommandFailure(Program.describe(e) + place, e);
    }

    private String inScript(MatchResult position) {
      int ownLine = Integer.parseInt(position.group(1));
      int ownColumn = Integer.parseInt(position.group(2));
      return "line %d, column %d"
          .formatted(ownLine + line - 1, ownLine == 1 ? ownColumn + column - 1 : ownColumn);
    }
  }

  private static final int END = -1;

  private final Reader reader;
  private final Lexis lexis;
  private final StringBuilder text = new StringBuilder();

  private int peeked = Integer.MIN_VALUE;
  private int line = 1;
  private int column = 1;

  StatementReader(Reader reader, Lexis lexis) {
    this.reader = reader;
    this.lexis = lexis;
  }

  /** The next statement, or null after the last. */
  @Nullable Statement next() throws IOException {
    text.setLength(0);
    int startLine = line;
    int startColumn = column;
    while (true) {
      if (text.length() == 0) {
        startLine = line;
        startColumn = column;
      }
      int c = take();
      if (c == END || c == ';') {
        if (!text.toString().isBlank()) {
          return new Statement(text.toString().strip(), startLine, startColumn);
        }
        text.setLength(0);
        if (c == END) {
          return null;
        }
      } else if (c == '\'' || c == '"') {
        text.append((char) c);
        quoted(c);
      } else if (lexis == Lexis.SQL && c == '$') {
        dollar();
      } else if (lexis == Lexis.SQL && c == '-' && peek() == '-') {
        lineComment();
      } else if (lexis == Lexis.SQL && c == '/' && peek() == '*') {
        blockComment();
      } else if (text.length() > 0 || !Character.isWhitespace(c)) {
        text.append((char) c);
      }
    }
  }

  /** To the closing quote. A doubled quote closes and opens again, which comes to the same. */
  private void quoted(int quote) throws IOException {
    int c;
    do {
      c = take();
      append(c);
      if (c == '\\' && lexis == Lexis.GREMLIN) {
        append(take());
        c = '\\';
      }
    } while (c != quote && c != END);
  }

  /** After a {@code $}: a dollar quote, if a tag and another {@code $} follow. */
  private void dollar() throws IOException {
    boolean withinWord = text.length() > 0 && isTagPart(text.charAt(text.length() - 1));
    int start = text.length();
    text.append('$');
    if (withinWord || Character.isDigit(peek())) {
      return;
    }
    while (isTagPart(peek())) {
      text.append((char) take());
    }
    if (peek() != '$') {
      return;
    }
    text.append((char) take());
    String delimiter = text.substring(start);
    int contentStart = text.length();
    int c;
    do {
      c = take();
      append(c);
    } while (c != END && !endsWith(delimiter, contentStart));
  }

  private void lineComment() throws IOException {
    boolean kept = text.length() > 0;
    if (kept) {
      text.append('-');
    }
    int c;
    do {
      c = take();
      if (kept) {
        append(c);
      }
    } while (c != '\n' && c != END);
  }

  private void blockComment() throws IOException {
    boolean kept = text.length() > 0;
    int depth = 0;
    int c = '/';
    do {
      if (kept) {
        append(c);
      }
      if ((c == '/' && peek() == '*') || (c == '*' && peek() == '/')) {
        depth += c == '/' ? 1 : -1;
        c = take();
        if (kept) {
          append(c);
        }
      }
      c = depth == 0 ? END : take();
    } while (c != END);
  }

  private boolean endsWith(String delimiter, int contentStart) {
    int start = text.length() - delimiter.length();
    return start >= contentStart && text.indexOf(delimiter, start) == start;
  }

  private static boolean isTagPart(int c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private void append(int c) {
    if (c != END) {
      text.append((char) c);
    }
  }

  private int peek() throws IOException {
    if (peeked == Integer.MIN_VALUE) {
      peeked = reader.read();
    }
    return peeked;
  }

  private int take() throws IOException {
    int c = peek();
    peeked = Integer.MIN_VALUE;
    column++;
    if (c == '\n') {
      line++;
      column = 1;
    }
    return c;
  }
}
