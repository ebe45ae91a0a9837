package io.ppdb.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** README.md, whose code and results the tests hold it to. */
public final class Readme {
  /** Tests run in their module's directory. */
  private static final Path FILE = Path.of("..", "README.md");

  private static final String TEXT = read();

  private Readme() {}

  public static String text() {
    return TEXT;
  }

  /** The blocks that are fenced off as {@code language}; an empty one for those that say none. */
  public static List<String> blocks(String language) {
    return Pattern.compile("^```(\\w*)\\n(.*?)^```\\n", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(TEXT)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map((MatchResult block) -> block.group(2))
        .toList();
  }

  private static String read() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
