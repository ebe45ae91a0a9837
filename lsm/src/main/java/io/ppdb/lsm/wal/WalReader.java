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
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads the records of one segment again.
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
   */
  public record Commit(
      long offset,
      long version,
      long timeMillis,
      CommitOrigin origin,
      KeyRange[] deletedRanges,
      Entry[] entries) {}

  /** Takes what a segment holds, in order. */
  public interface Visitor {
    void commit(Commit commit);
  }

  /**
   * How a segment ended.
   *
   * @param recordCount commits read
   * @param endOffset where the log ends in the file
   * @param sealed whether a seal says that nothing is missing
   */
  public record Outcome(long recordCount, long endOffset, boolean sealed) {}

  private final Path path;
  private final long number;
  private final byte[] bytes;

  private WalReader(Path path, long number, byte[] bytes) {
    this.path = path;
    this.number = number;
    this.bytes = bytes;
  }

  /** A reader of segment {@code number} in {@code path}. */
  public static WalReader open(Vfs vfs, Path path, long number) throws IOException {
    try (VfsFile file = vfs.openRead(path)) {
      byte[] bytes = new byte[Math.toIntExact(file.size())];
      int count = file.read(ByteBuffer.wrap(bytes), 0);
      if (count != bytes.length) {
        throw new CorruptionException(path, count, "file ends, expected " + bytes.length);
      }
      return new WalReader(path, number, bytes);
    }
  }

  /** Whether the segment was written to. */
  public boolean hasRecords() {
    return isIntact(SegmentHeader.BYTES);
  }

  /** Reads the segment; fails at the first damage. */
  public Outcome read(Visitor visitor) {
    return read(visitor, FAIL);
  }

  /**
   * Reads the segment, and goes on behind damage if {@code damage} returns.
   *
   * @param damage is told of it
   */
  public Outcome read(Visitor visitor, Consumer<CorruptionException> damage) {
    try {
      SegmentHeader.check(bytes, number, path);
    } catch (CorruptionException e) {
      damage.accept(e);
    }
    int at = SegmentHeader.BYTES;
    long recordCount = 0;
    long lastVersion = 0;
    while (true) {
      if (!isIntact(at)) {
        int witness = witnessOfDamage(at);
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
        at = intactBehind(at);
      }
      int length = LittleEndian.getInt(bytes, at + RecordFormat.LENGTH_OFFSET);
      int end = at + RecordFormat.HEADER_BYTES + length;
      if (bytes[at + RecordFormat.TYPE_OFFSET] == RecordFormat.SEAL) {
        return new Outcome(recordCount, end, true);
      }
      try {
        Commit commit = commit(at, end, lastVersion);
        lastVersion = commit.version;
        visitor.commit(commit);
        recordCount++;
      } catch (CorruptionException e) {
        damage.accept(e);
      }
      at = end;
    }
  }

  private Commit commit(int at, int end, long lastVersion) {
    int type = bytes[at + RecordFormat.TYPE_OFFSET];
    long version = LittleEndian.getLong(bytes, at + RecordFormat.VERSION_OFFSET);
    if (type != RecordFormat.COMMIT || version <= lastVersion) {
      throw new CorruptionException(
          path, at, "record of type " + type + ", version " + version + " behind " + lastVersion);
    }
    long timeMillis = LittleEndian.getLong(bytes, at + RecordFormat.TIME_OFFSET);
    int payload = at + RecordFormat.HEADER_BYTES;
    ByteReader reader = new ByteReader(path, payload, bytes, payload, end);
    CommitPayload read = CommitPayload.read(reader, version);
    return new Commit(at, version, timeMillis, read.origin(), read.deletedRanges(), read.entries());
  }

  private boolean isIntact(int at) {
    return RecordFormat.isIntact(bytes, at, bytes.length, number);
  }

  /** The first intact record behind {@code end}; there is one. */
  private int intactBehind(int end) {
    int at = end + 1;
    while (!isIntact(at)) {
      at++;
    }
    return at;
  }

  /** An intact record that says that the bytes at {@code end} had been synced; -1 if none does. */
  private int witnessOfDamage(int end) {
    for (int at = end + 1; at <= bytes.length - RecordFormat.HEADER_BYTES; at++) {
      if (isIntact(at) && LittleEndian.getInt(bytes, at + RecordFormat.SYNCED_OFFSET) > end) {
        return at;
      }
    }
    return -1;
  }
}
