package io.ppdb.lsm.wal;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.LittleEndian;
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
      return new SegmentWindow(file, path, number).isIntact(SegmentHeader.BYTES);
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
      return read(new SegmentWindow(file, path, number), visitor, damage);
    }
  }

  private Outcome read(SegmentWindow window, Visitor visitor, Consumer<CorruptionException> damage)
      throws IOException {
    try {
      SegmentHeader.check(window.header(), number, path);
    } catch (CorruptionException e) {
      damage.accept(e);
    }
    long at = SegmentHeader.BYTES;
    long recordCount = 0;
    long lastVersion = 0;
    while (true) {
      if (!window.isIntact(at)) {
        long witness = witnessOfDamage(window, at);
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
        at = window.intactFrom(at + 1);
      }
      int length = RecordFormat.HEADER_BYTES + window.payloadLength(at);
      int index = window.load(at, length);
      if (window.bytes()[index + RecordFormat.TYPE_OFFSET] == RecordFormat.SEAL) {
        return new Outcome(recordCount, at + length, true);
      }
      try {
        Commit commit = commit(window.bytes(), index, length, at, lastVersion);
        lastVersion = commit.version;
        visitor.commit(commit);
        recordCount++;
      } catch (CorruptionException e) {
        damage.accept(e);
      }
      at += length;
    }
  }

  private Commit commit(byte[] bytes, int index, int length, long offset, long lastVersion) {
    int type = bytes[index + RecordFormat.TYPE_OFFSET];
    long version = LittleEndian.getLong(bytes, index + RecordFormat.VERSION_OFFSET);
    if ((type != RecordFormat.COMMIT && type != RecordFormat.LOAD) || version <= lastVersion) {
      throw new CorruptionException(
          path,
          offset,
          "record of type " + type + ", version " + version + " behind " + lastVersion);
    }
    long timeMillis = LittleEndian.getLong(bytes, index + RecordFormat.TIME_OFFSET);
    int payload = RecordFormat.HEADER_BYTES;
    ByteReader reader =
        new ByteReader(path, offset + payload, bytes, index + payload, index + length);
    CommitPayload read = CommitPayload.read(reader, version, type);
    return new Commit(
        offset,
        version,
        timeMillis,
        read.origin(),
        read.deletedRanges(),
        read.entries(),
        read.tables());
  }

  /** An intact record that says that the bytes at {@code end} had been synced; -1 if none does. */
  private static long witnessOfDamage(SegmentWindow window, long end) throws IOException {
    for (long at = window.intactFrom(end + 1); at >= 0; at = window.intactFrom(at + 1)) {
      int index = window.load(at, RecordFormat.HEADER_BYTES);
      if (LittleEndian.getInt(window.bytes(), index + RecordFormat.SYNCED_OFFSET) > end) {
        return at;
      }
    }
    return -1;
  }
}
