package io.ppdb.lsm.wal;

import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads the records of one segment again.
 *
 * <p>The log ends at the first thing that is no intact record of the segment. If that is not behind
 * a seal, it is a tail torn by a crash, unless an intact record further on says that these bytes
 * had been synced: then they were damaged later, and a commit that was acknowledged would be lost.
 * This is corruption and never passed over.
 */
public final class WalReader {
  /** Takes what a segment holds, in order. */
  public interface Visitor {
    void commit(long version, long timeMillis, Entry[] entries);
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

  /** Reads segment {@code number} from {@code path}. */
  public static Outcome read(Vfs vfs, Path path, long number, Visitor visitor) throws IOException {
    byte[] bytes;
    try (VfsFile file = vfs.openRead(path)) {
      bytes = new byte[Math.toIntExact(file.size())];
      int count = file.read(ByteBuffer.wrap(bytes), 0);
      if (count != bytes.length) {
        throw new CorruptionException(path, count, "file ends, expected " + bytes.length);
      }
    }
    SegmentHeader.check(bytes, number, path);
    return new WalReader(path, number, bytes).read(visitor);
  }

  private Outcome read(Visitor visitor) {
    int at = SegmentHeader.BYTES;
    long recordCount = 0;
    long lastVersion = 0;
    while (RecordFormat.isIntact(bytes, at, bytes.length, number)) {
      int length = LittleEndian.getInt(bytes, at + RecordFormat.LENGTH_OFFSET);
      int type = bytes[at + RecordFormat.TYPE_OFFSET];
      long version = LittleEndian.getLong(bytes, at + RecordFormat.VERSION_OFFSET);
      int payload = at + RecordFormat.HEADER_BYTES;
      if (type == RecordFormat.SEAL) {
        return new Outcome(recordCount, payload, true);
      }
      if (type != RecordFormat.COMMIT || version <= lastVersion) {
        throw new CorruptionException(
            path, at, "record of type " + type + ", version " + version + " behind " + lastVersion);
      }
      ByteReader reader = new ByteReader(path, payload, bytes, payload, payload + length);
      long timeMillis = LittleEndian.getLong(bytes, at + RecordFormat.TIME_OFFSET);
      visitor.commit(version, timeMillis, CommitPayload.read(reader, version));
      lastVersion = version;
      recordCount++;
      at = payload + length;
    }
    checkTail(at);
    return new Outcome(recordCount, at, false);
  }

  /** Fails if a record behind {@code end} says that the bytes at {@code end} had been synced. */
  private void checkTail(int end) {
    for (int at = end + 1; at <= bytes.length - RecordFormat.HEADER_BYTES; at++) {
      if (RecordFormat.isIntact(bytes, at, bytes.length, number)
          && LittleEndian.getInt(bytes, at + RecordFormat.SYNCED_OFFSET) > end) {
        throw new CorruptionException(
            path,
            end,
            "no intact record, though the one at offset "
                + at
                + " was written after this had been synced");
      }
    }
  }
}
