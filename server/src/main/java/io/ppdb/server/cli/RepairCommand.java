package io.ppdb.server.cli;

import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.inspect.ClosedStore;
import io.ppdb.lsm.wal.RecoveryMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ppdb repair}: opens a database whose log is damaged, and says what that lost. */
@Command(
    name = "repair",
    description = {
      "Opens a database whose log is damaged, leaves out what is lost and names it.",
      "The damaged log is kept beside it, as *.damaged. Copy the directory first."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class RepairCommand implements Callable<Integer> {
  /** The modes by the names that the option has for them. */
  enum Mode {
    pointInTime(RecoveryMode.POINT_IN_TIME),
    salvage(RecoveryMode.SALVAGE);

    private final RecoveryMode recoveryMode;

    Mode(RecoveryMode recoveryMode) {
      this.recoveryMode = recoveryMode;
    }
  }

  @Parameters(paramLabel = "DIR", description = "the database's directory")
  private Path directory = Path.of("");

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      required = true,
      description = {
        "pointInTime: leave out everything behind the damage, so that the database is what it was"
            + " at an earlier version; salvage: keep every commit that can be read"
      })
  private Mode mode = Mode.pointInTime;

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() throws IOException {
    StoreOption.checkDirectory("repair", directory);
    ClosedStore.open(directory).close(); // an empty directory must not become a database
    LsmOptions options = LsmOptions.of(StoreOptions.DEFAULT).withRecoveryMode(mode.recoveryMode);
    List<String> losses;
    try (LsmStore store = LsmStore.open(directory, options)) {
      losses = store.losses();
    }
    for (String loss : losses) {
      program.streams().out().append("left out: ").append(loss).append('\n');
    }
    program.streams().out().append(losses.isEmpty() ? "the log is whole\n" : "repaired\n");
    return Program.EXIT_OK;
  }
}
