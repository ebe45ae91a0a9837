package io.ppdb.server.cli;

import io.ppdb.lsm.inspect.ClosedStore;
import io.ppdb.lsm.inspect.VerifyReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb verify}: whether a database's files are what was written. */
@Command(
    name = "verify",
    description = {
      "Reads every byte of a database that nobody has open and checks it.",
      "Changes nothing; each problem is one line that names the file."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "the database's directory")
  private Path directory = Path.of("");

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException {
    StoreOption.checkDirectory("verify", directory);
    VerifyReport report;
    try (ClosedStore store = ClosedStore.open(directory)) {
      report = store.verify();
    }
    PrintStream out = program.streams().out();
    out.append(
        "tables: %,d with %,d entries in %,d bytes\n"
            .formatted(report.tableCount(), report.entryCount(), report.tableBytes()));
    out.append(
        "log: %,d segments with %,d commits\n"
            .formatted(report.segmentCount(), report.commitCount()));
    for (String name : report.leftovers()) {
      out.append("left over: ").append(name).append(", deleted at the next opening\n");
    }
    for (String problem : report.problems()) {
      out.append("problem: ").append(problem).append('\n');
    }
    if (!report.isWhole()) {
      int count = report.problems().size();
      throw new CommandFailure(
          directory + " is damaged: " + count + (count == 1 ? " problem" : " problems"));
    }
    out.append("whole\n");
    return Program.EXIT_OK;
  }
}
