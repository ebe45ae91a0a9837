package io.ppdb.lsm.wal;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment again, one at a time: however long the segment is, only its
 * longest record has to fit into memory.
 *
 * <p>The log ends at the first thing that is no intact record of the segment. If that is not behind
 * a seal, it is a tail torn by a crash, unless an intact record further on says that these bytes
 * had been synced: then they were damaged later, and a commit that was acknowledged would be lost.
 * This is corruption, and passed over only by who says so.
 */
public final class WalReader {
  /** Ends the reading at the first damage. */
  public static final Consumer<CorruptionException> FAIL =
      damage -> {
        throw damage;
      };

  /**
   * A commit as it is in the log.
   *
   * @param offset where its record begins in the segment
   * @param deletedRanges ranges that it deleted before it made its entries
   * @param entries with their version
   * @param tables names the tables that it brings besides; null if it is no load
   */
  public record Commit(
      long offset,
      long version,
      long timeMillis,
      CommitOrigin origin,
      KeyRange[] deletedRanges,
      Entry[] entries,
      byte @Nullable [] tables) {}

  /** Takes what a segment holds, in order. */
  public interface Visitor {
    void commit(Commit commit) throws IOException;
  }

  /**
   * How a segment ended.
   *
   * @param recordCount commits read
   * @param endOffset where the log ends in the file
   * @param sealed whether a seal says that nothing is missing
   */
  public record Outcome(long recordCount, long endOffset, boolean sealed) {}

  private final Vfs vfs;
  private final Path path;
  private final long number;

  /** A reader of segment {@code number} in {@code path}; the file is open only during a call. */
  public WalReader(Vfs vfs, Path path, long number) {
    this.vfs = vfs;
    this.path = path;
    this.number = number;
  }

  /** Whether the segment was written to. */
  public boolean hasRecords() throws IOException {
    try (VfsFile file = vfs.openRead(path)) {
      SegmentWindow window = new SegmentWindow(file, path, Long.MAX_VALUE);
      return records(window, damage -> {}).isIntact(SegmentHeader.BYTES);
    }
  }

  /** Reads the segment; fails at the first damage. */
  public Outcome read(Visitor visitor) throws IOException {
    return read(visitor, FAIL);
  }

  /**
   * Reads the segment, and goes on behind damage if {@code damage} returns.
   *
   * @param damage is told of it
   */
  public Outcome read(Visitor visitor, Consumer<CorruptionException> damage) throws IOException {
    try (VfsFile file = vfs.openRead(path)) {
      SegmentWindow window = new SegmentWindow(file, path, Long.MAX_VALUE);
      return read(records(window, damage), visitor, damage);
    }
  }

  /** The records, in the layout of the header; or in the one that there are any of, without it. */
  private SegmentRecords records(SegmentWindow window, Consumer<CorruptionException> damage)
      throws IOException {
    try {
      return records(window, SegmentHeader.check(window.header(), number, path));
    } catch (CorruptionException e) {
      damage.accept(e);
    }
    SegmentRecords current = records(window, FormatVersion.CURRENT);
    return current.intactFrom(SegmentHeader.BYTES) >= 0
        ? current
        : records(window, FormatVersion.V1);
  }

  private SegmentRecords records(SegmentWindow window, FormatVersion format) {
    return new SegmentRecords(window, RecordLayout.of(format, number), new RecordHeader());
  }

  private Outcome read(
      SegmentRecords records, Visitor visitor, Consumer<CorruptionException> damage)
      throws IOException {
    long at = SegmentHeader.BYTES;
    long recordCount = 0;
    long lastVersion = 0;
    while (true) {
      if (!records.isIntact(at)) {
        long witness = witnessOfDamage(records, at);
        if (witness < 0) {
          return new Outcome(recordCount, at, false);
        }
        damage.accept(
            new CorruptionException(
                path,
                at,
                "no intact record, though the one at offset "
                    + witness
                    + " was written after this had been synced"));
        at = records.intactFrom(at + 1);
      }
      long end = at + records.header().recordBytes();
      if (records.header().type == RecordLayout.SEAL) {
        return new Outcome(recordCount, end, true);
      }
      try {
        Commit commit = records.commit(at);
        if (commit.version <= lastVersion) {
          throw new CorruptionException(
              path, at, "record of version " + commit.version + " behind " + lastVersion);
        }
        lastVersion = commit.version;
        visitor.commit(commit);
        recordCount++;
      } catch (CorruptionException e) {
        damage.accept(e);
      }
      at = end;
    }
  }

  /** An intact record that says that the bytes at {@code end} had been synced; -1 if none does. */
  private static long witnessOfDamage(SegmentRecords records, long end) throws IOException {
    long at = records.intactFrom(end + 1);
    while (at >= 0 && records.header().syncedOffset <= end) {
      at = records.intactFrom(at + 1);
    }
    return at;
  }
}
