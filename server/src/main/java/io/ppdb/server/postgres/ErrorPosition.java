package io.ppdb.server.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the place that a message names by line and column. */
final class ErrorPosition {
  private static final Pattern PLACE = Pattern.compile("\\(line (\\d{1,9}), column (\\d{1,9})\\)");

  private ErrorPosition() {}

  /**
   * The place as characters from 1, or 0 if the message names none.
   *
   * @param text what the client sent
   * @param offset where in it the statement begins that the message is about
   */
  static int of(String message, String text, int offset) {
    Matcher matcher = PLACE.matcher(message);
    int position = 0;
    while (matcher.find()) {
      position =
          index(
              text, offset, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
    return position;
  }

  private static int index(String text, int offset, int line, int column) {
    int start = offset;
    for (int i = 1; i < line; i++) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        return 0;
      }
      start = end + 1;
    }
    int index = start + column - 1;
    return index > text.length() ? 0 : text.codePointCount(0, index) + 1;
  }
}
