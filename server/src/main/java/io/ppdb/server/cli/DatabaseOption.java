package io.ppdb.server.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which database a command works on: {@code -d DIR} or {@code --url URL}, one of them. */
final class DatabaseOption {
  @ArgGroup(multiplicity = "1")
  private Place place = new Place();

  private static final class Place {
    @Option(
        names = {"-d", "--directory"},
        paramLabel = "DIR",
        description = "the database's directory; an empty one becomes a database")
    @Nullable Path directory;

    @Option(names = "--url", paramLabel = "URL", description = "a JDBC URL: jdbc:ppdb:file:DIR")
    @Nullable String url;
  }

  /** The directory of the database. */
  Path directory() {
    if (place.directory != null) {
      return place.directory;
    }
    String prefix = "jdbc:ppdb:file:";
    String url = String.valueOf(place.url);
    if (url.startsWith(prefix) && url.length() > prefix.length()) {
      return Path.of(url.substring(prefix.length()));
    }
    throw new CommandFailure(
        "cannot open " + url + ": this version knows URLs of the form " + prefix + "DIR only");
  }
}
