package io.ppdb.server.cli;

import io.ppdb.lsm.inspect.ClosedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb dump}: a database's files as text. */
@Command(
    name = "dump",
    description = {
      "Shows what a database that nobody has open consists of: tables, log, policies;",
      "or what is in one file of it: a manifest, a log segment or a table."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class DumpCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "the database's directory")
  private Path directory = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "the name of a file in it: MANIFEST-NNNNNN, NNNNNN.wal or NNNNNN.sst")
  private @Nullable String fileName;

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException {
    StoreOption.checkDirectory("dump", directory);
    try (ClosedStore store = ClosedStore.open(directory)) {
      if (fileName == null) {
        store.dump(program.streams().out());
      } else {
        store.dump(fileName, program.streams().out());
      }
    }
    return Program.EXIT_OK;
  }
}
