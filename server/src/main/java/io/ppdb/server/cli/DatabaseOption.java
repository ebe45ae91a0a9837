package io.ppdb.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which database a command works on: {@code -d DIR}, {@code --store} or {@code --url}. */
final class DatabaseOption {
  /** What URLs begin with, and the locations that they mean. */
  private static final String URL_PREFIX = "jdbc:ppdb:";

  private static final String FILE_PREFIX = URL_PREFIX + "file:";
  private static final String CLUSTER_PREFIX = URL_PREFIX + "hbase:";

  @ArgGroup(multiplicity = "1")
  private Place place = new Place();

  private static final class Place {
    @Option(
        names = {"-d", "--directory"},
        paramLabel = "DIR",
        description = "the database's directory; an empty one becomes a database")
    @Nullable String directory;

    @Option(
        names = "--store",
        paramLabel = "STORE",
        description = "a store on a cluster: hbase://ZOOKEEPER,…/NAME")
    @Nullable String store;

    @Option(names = "--url", paramLabel = "URL", description = "a JDBC URL: jdbc:ppdb:file:DIR")
    @Nullable String url;
  }

  /** Where the database is: a directory, or {@code SCHEME://…}. */
  String location() {
    if (place.directory != null) {
      return place.directory;
    }
    if (place.store != null) {
      return StoreOption.checked(place.store);
    }
    String url = String.valueOf(place.url);
    if (url.startsWith(FILE_PREFIX) && url.length() > FILE_PREFIX.length()) {
      return url.substring(FILE_PREFIX.length());
    }
    if (url.startsWith(CLUSTER_PREFIX)) {
      return url.substring(URL_PREFIX.length());
    }
    throw new CommandFailure(
        "cannot open "
            + url
            + ": this version knows URLs of the form "
            + FILE_PREFIX
            + "DIR or "
            + CLUSTER_PREFIX
            + "//ZOOKEEPER,…/NAME only");
  }
}
