package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log again, segment by segment, and tells a torn tail from damage.
 *
 * <p>A segment is written to only when the one before is sealed and synced. So at most one segment
 * may end without a seal, nothing may follow it, and in a log that was closed there is none.
 */
public final class LogReplay {
  /** Takes the commits of the log, in the order of their versions. */
  public interface Visitor {
    void commit(Path segment, WalReader.Commit commit) throws IOException;
  }

  private final Vfs vfs;
  private final Path directory;
  private final RecoveryMode mode;
  private final Consumer<String> losses;

  private final List<KeptSegment> ended = new ArrayList<>();

  private long lastVersion;
  private long lastMillis;
  private boolean hasLosses;

  /** The segment that ended without a seal, null if there was none. */
  private @Nullable Path unsealed;

  private long unsealedEnd;

  /**
   * A replay of the log in {@code directory}.
   *
   * @param losses told, in a line each, what is damaged, unless the mode is STRICT
   */
  public LogReplay(Vfs vfs, Path directory, RecoveryMode mode, Consumer<String> losses) {
    this.vfs = vfs;
    this.directory = directory;
    this.mode = mode;
    this.losses = losses;
  }

  /**
   * Reads the segments {@code numbers}, oldest first.
   *
   * @param closed whether the store was closed, so that every segment has a seal
   * @return those that have commits
   * @throws CorruptionException if the mode is STRICT and something durable is damaged
   */
  public List<KeptSegment> run(Collection<Long> numbers, boolean closed, Visitor visitor)
      throws IOException {
    for (long number : numbers) {
      Path path = directory.resolve(WalSegments.fileName(number));
      try {
        read(path, number, closed, visitor);
      } catch (NoSuchFileException e) {
        lose(new CorruptionException(path, "the file is missing, though the manifest names it"));
      } catch (CorruptionException e) {
        lose(e);
      }
      if (hasLosses && mode == RecoveryMode.POINT_IN_TIME) {
        break;
      }
    }
    return ended;
  }

  private void read(Path path, long number, boolean closed, Visitor visitor) throws IOException {
    WalReader reader = new WalReader(vfs, path, number);
    if (unsealed != null && reader.hasRecords()) {
      CorruptionException e =
          new CorruptionException(
              unsealed, unsealedEnd, "the segment ends here, though " + path + " goes on");
      unsealed = null;
      lose(e);
      if (mode == RecoveryMode.POINT_IN_TIME) {
        return;
      }
    }
    WalReader.Outcome outcome =
        reader.read(
            commit -> {
              if (commit.version() <= lastVersion) {
                throw new CorruptionException(
                    path,
                    commit.offset(),
                    "commit " + commit.version() + " follows commit " + lastVersion);
              }
              lastVersion = commit.version();
              lastMillis = commit.timeMillis();
              visitor.commit(path, commit);
            },
            mode == RecoveryMode.SALVAGE ? this::lose : WalReader.FAIL);
    if (outcome.recordCount() > 0) {
      ended.add(new KeptSegment(number, lastVersion, lastMillis, outcome.endOffset()));
    }
    if (!outcome.sealed() && unsealed == null) {
      unsealed = path;
      unsealedEnd = outcome.endOffset();
    }
    if (closed && !outcome.sealed()) {
      throw new CorruptionException(
          path, outcome.endOffset(), "the log ends here without a seal, though it was closed");
    }
  }

  private void lose(CorruptionException damage) {
    if (mode == RecoveryMode.STRICT) {
      throw damage;
    }
    hasLosses = true;
    losses.accept(String.valueOf(damage.getMessage()));
  }
}
