package io.ppdb.server.demo;

import io.ppdb.database.Database;
import io.ppdb.database.Engines;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.server.InProcess;
import io.ppdb.server.gremlin.GremlinSession;
import io.ppdb.server.gremlin.RouteGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo database: made from the sample data, or found made.
 *
 * <p>A key of namespace 0 says how far loading has come: {@code loading} from the first commit on,
 * {@code complete} in the last one. Without the key the database is somebody else's, unless it is
 * empty, and is left alone.
 */
public final class DemoDatabase implements AutoCloseable {
  private static final byte[] STATE_KEY = "ppdb.demo".getBytes(StandardCharsets.UTF_8);
  private static final String LOADING = "loading";
  private static final String COMPLETE = "complete 1";

  private final Database database;
  private final SqlSession session;
  private final GremlinSession gremlin;

  private DemoDatabase(Database database, String location) {
    this.database = database;
    this.session = InProcess.session(location);
    this.gremlin = new GremlinSession(database);
  }

  /**
   * Opens the demo database at {@code location}: a directory, which is made if it does not exist,
   * or a store on a cluster.
   *
   * @param progress told what is being done, a line at a time, unless it was there already
   */
  public static DemoDatabase open(String location, Consumer<String> progress)
      throws IOException, SQLException {
    boolean isDirectory = !Engines.hasScheme(location);
    boolean isEmpty = false;
    if (isDirectory) {
      Files.createDirectories(Path.of(location));
      isEmpty = isEmpty(Path.of(location));
    }
    Database database = Database.open(location);
    try {
      String state = state(database);
      if (COMPLETE.equals(state)) {
        return new DemoDatabase(database, location);
      }
      if (state == null && !isEmpty && !isUntouched(database, location)) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            location + " holds a database that is not the demo; name another one");
      }
      if (state != null) {
        progress.accept(
            "the demo database in " + location + " was left half loaded; it is made anew");
        if (!isDirectory) {
          database.store().dropRange(KeyRange.all());
        }
        database.close();
        if (isDirectory) {
          deleteContents(Path.of(location));
        }
        database = Database.open(location);
      }
      DemoDatabase demo = new DemoDatabase(database, location);
      demo.load(location, progress);
      return demo;
    } catch (SQLException | IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public Database database() {
    return database;
  }

  public SqlSession session() {
    return session;
  }

  public GremlinSession gremlin() {
    return gremlin;
  }

  @Override
  public void close() throws SQLException {
    try {
      session.close();
    } finally {
      database.close();
    }
  }

  private void load(String location, Consumer<String> progress) throws IOException, SQLException {
    progress.accept("loading the demo database into " + location);
    putState(LOADING);
    TableLoader tables = new TableLoader(session);
    for (DemoTable table : DemoTable.ALL) {
      progress.accept("  table " + table.name() + ": " + tables.load(table) + " rows");
    }
    loadGraph(progress);
    putState(COMPLETE);
  }

  private record Airport(String code, @Nullable String city, @Nullable String country) {}

  private record Route(String from, String to, int miles) {}

  private void loadGraph(Consumer<String> progress) throws IOException {
    gremlin.createIndex("airport", "code");
    List<Airport> airports = readAirports();
    List<Route> routes = readRoutes();
    List<Route> unlinked = gremlin.build(graph -> addAll(graph, airports, routes));
    progress.accept(
        "  graph: %d airports, %d routes"
            .formatted(airports.size(), routes.size() - unlinked.size()));
    for (Route each : unlinked) {
      progress.accept("  route without an airport at one end, not loaded: " + each);
    }
  }

  /** Returns the routes that could not be added. */
  private static List<Route> addAll(RouteGraph graph, List<Airport> airports, List<Route> routes) {
    for (Airport each : airports) {
      graph.addAirport(each.code(), each.city(), each.country());
    }
    List<Route> unlinked = new ArrayList<>();
    for (Route each : routes) {
      if (!graph.addRoute(each.from(), each.to(), each.miles())) {
        unlinked.add(each);
      }
    }
    return unlinked;
  }

  private static List<Airport> readAirports() throws IOException {
    List<Airport> airports = new ArrayList<>();
    try (CsvReader reader = DemoTable.open("airports")) {
      int code = 1;
      int city = 4;
      int country = 6;
      reader.next(); // header; the table's loader has checked the file against its columns
      for (List<@Nullable String> each = reader.next(); each != null; each = reader.next()) {
        airports.add(new Airport(required(each, code), each.get(city), each.get(country)));
      }
    }
    return airports;
  }

  private static List<Route> readRoutes() throws IOException {
    List<Route> routes = new ArrayList<>();
    try (CsvReader reader = DemoTable.open("routes")) {
      reader.next(); // header
      for (List<@Nullable String> each = reader.next(); each != null; each = reader.next()) {
        routes.add(
            new Route(required(each, 0), required(each, 1), Integer.parseInt(required(each, 2))));
      }
    }
    return routes;
  }

  private static String required(List<@Nullable String> fields, int index) throws IOException {
    String field = fields.get(index);
    if (field == null) {
      throw new IOException("sample data: field " + (index + 1) + " of " + fields + " is empty");
    }
    return field;
  }

  private void putState(String state) {
    database.transact(
        transaction -> {
          transaction.kv().put(STATE_KEY, state.getBytes(StandardCharsets.UTF_8));
          return state;
        });
  }

  private static @Nullable String state(Database database) {
    byte[] state = database.transact(transaction -> transaction.kv().get(STATE_KEY));
    return state == null ? null : new String(state, StandardCharsets.UTF_8);
  }

  /** Whether nobody has made anything in the database yet. */
  private static boolean isUntouched(Database database, String location) throws SQLException {
    try (SqlSession session = InProcess.session(location)) {
      return DemoQueries.number(
                  session,
                  "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
              == 0
          && new GremlinSession(database).execute("g.V().limit(1)").isEmpty();
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  private static void deleteContents(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(file -> !file.equals(directory))
          .sorted(Comparator.reverseOrder())
          .forEach(DemoDatabase::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
