package io.ppdb.server.cli;

import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.server.InProcess;
import java.io.IOException;
import java.io.Reader;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb sql}: runs SQL statements. */
@Command(
    name = "sql",
    description = {
      "Runs SQL statements, separated by ';', from TEXT, FILE or stdin.",
      "Each is a transaction of its own unless BEGIN opens one; the first error ends the run."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class SqlCommand implements Callable<Integer> {
  @Mixin private DatabaseOption database = new DatabaseOption();
  @Mixin private ScriptOption script = new ScriptOption();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws SQLException, IOException {
    Streams streams = program.streams();
    try (SqlSession session = InProcess.session(database.location());
        Reader reader = script.open(streams.in())) {
      new SqlScript(session, new ResultWriter(format, streams.out())).run(reader);
      if (session.isInTransaction()) {
        streams.tell("ppdb: the script ends within a transaction, which is rolled back");
      }
    }
    return Program.EXIT_OK;
  }
}
