package io.ppdb.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a command's statements come from: {@code -c TEXT}, {@code -f FILE}, or stdin. */
final class ScriptOption {
  @ArgGroup(multiplicity = "0..1")
  private @Nullable Source source;

  private static final class Source {
    @Option(
        names = {"-c", "--command"},
        paramLabel = "TEXT",
        description = "statements, separated by ';'")
    @Nullable String text;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "a file of statements")
    @Nullable Path file;
  }

  /** The script; reading it fails where it is not UTF-8, for a database would keep the damage. */
  Reader open(InputStream in) {
    if (source == null) {
      return new BufferedReader(new InputStreamReader(in, UTF_8.newDecoder()));
    }
    if (source.text != null) {
      return new StringReader(source.text);
    }
    Path file = source.file;
    if (file == null) {
      throw new AssertionError("picocli fills one of a group");
    }
    if (Files.isDirectory(file)) {
      throw new CommandFailure("cannot read " + file + ": it is a directory");
    }
    try {
      return new BufferedReader(
          new InputStreamReader(Files.newInputStream(file), UTF_8.newDecoder()));
    } catch (NoSuchFileException e) {
      throw new CommandFailure("file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
