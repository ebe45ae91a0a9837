package io.ppdb.server.cli;

import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.RestorePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code ppdb restore}: a database out of a checkpoint and the archive of its log. */
@Command(
    name = "restore",
    description = {
      "Makes the database that a checkpoint and the archive of its log give,",
      "at a version or a time; without either, all that was archived."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class)
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "the new database's directory, new or empty")
  private Path directory = Path.of("");

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "a checkpoint, not opened since it was made")
  private Path checkpoint = Path.of("");

  @Option(
      names = "--archive",
      paramLabel = "DIR",
      required = true,
      description = "where the log is archived")
  private Path archive = Path.of("");

  @ArgGroup(multiplicity = "0..1")
  private @Nullable Point point;

  private static final class Point {
    @Option(
        names = "--to-version",
        paramLabel = "N",
        description = "the last version that is restored")
    @Nullable Long version;

    @Option(
        names = "--to-time",
        paramLabel = "TIME",
        converter = TimeConverter.class,
        description =
            "the last commit at or before it is restored: 2026-11-23T10:00:00+01:00, or with Z")
    @Nullable OffsetDateTime time;

    RestorePoint toRestorePoint() {
      if (version != null) {
        return RestorePoint.atVersion(version);
      }
      return time == null ? RestorePoint.LATEST : RestorePoint.atTime(time.toInstant());
    }
  }

  static final class TimeConverter implements ITypeConverter<OffsetDateTime> {
    @Override
    public OffsetDateTime convert(String text) {
      try {
        return OffsetDateTime.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + text + "' is no time with an offset, such as 2026-11-23T10:00:00+01:00 or …Z");
      }
    }
  }

  @ParentCommand private Program program = new Program(Streams.ofProcess());

  @Override
  public Integer call() {
    StoreOption.checkDirectory("restore", directory);
    for (Path source : new Path[] {checkpoint, archive}) {
      if (!Files.isDirectory(source)) {
        throw new CommandFailure(source + " is no directory");
      }
    }
    long version =
        LsmStore.restore(
            checkpoint,
            archive,
            point == null ? RestorePoint.LATEST : point.toRestorePoint(),
            directory,
            LsmOptions.of(StoreOptions.DEFAULT));
    program.streams().out().append("restored to version ").append(version + "\n");
    return Program.EXIT_OK;
  }
}
