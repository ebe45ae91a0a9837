package io.ppdb.server.cli;

import io.ppdb.database.Database;
import io.ppdb.kv.PpdbException;
import io.ppdb.server.cli.StatementReader.Lexis;
import io.ppdb.server.cli.StatementReader.Statement;
import io.ppdb.server.gremlin.GremlinSession;
import java.io.IOException;
import java.io.Reader;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb gremlin}: runs traversals. */
@Command(
    name = "gremlin",
    description = {
      "Runs traversals in Gremlin's text form, separated by ';', from TEXT, FILE or stdin.",
      "Each is a transaction of its own; the first error ends the run."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class GremlinCommand implements Callable<Integer> {
  @Mixin private DatabaseOption place = new DatabaseOption();
  @Mixin private ScriptOption script = new ScriptOption();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException, SQLException {
    Streams streams = program.streams();
    try (Database database = Database.open(place.location());
        Reader reader = script.open(streams.in())) {
      GremlinSession session = new GremlinSession(database);
      ResultWriter results = new ResultWriter(format, streams.out());
      StatementReader traversals = new StatementReader(reader, Lexis.GREMLIN);
      for (Statement each = traversals.next(); each != null; each = traversals.next()) {
        run(each, session, results);
      }
    }
    return Program.EXIT_OK;
  }

  private static void run(Statement traversal, GremlinSession session, ResultWriter results)
      throws SQLException {
    Rows rows;
    try {
      rows = GremlinRows.of(session.execute(traversal.text()));
    } catch (PpdbException e) {
      throw traversal.failure(e);
    }
    results.write(rows);
  }
}
