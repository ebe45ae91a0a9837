package io.ppdb.hbase.omid;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch.Kind;
import io.ppdb.kv.WriteBatch.Write;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.OperatorRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a commit changes as bytes.
 *
 * <pre>
 * commit = format u8 (0) · origin u8 · count of ranges i32 · range … · count of writes i32 · write …
 * range  = start · has end u8 · [end]
 * write  = 0 · key · value · expiry i64     a put
 *        | 1 · key                          a delete
 *        | 2 · key · operand · operator u16 a merge
 * </pre>
 *
 * Keys, values and bounds have their length before them, i32.
 */
final class CommitBytes {
  private static final byte FORMAT = 0;
  private static final byte PUT = 0;
  private static final byte DELETE = 1;
  private static final byte MERGE = 2;

  /** What a byte stands for: an index here. Elements are never moved. */
  private static final List<CommitOrigin> ORIGINS =
      List.of(CommitOrigin.USER, CommitOrigin.MAINTENANCE);

  private CommitBytes() {}

  static byte[] write(Commit commit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeByte(ORIGINS.indexOf(commit.origin()));
      out.writeInt(commit.deletedRanges().length);
      for (KeyRange range : commit.deletedRanges()) {
        writeSized(out, range.start());
        byte[] end = range.end();
        out.writeBoolean(end != null);
        if (end != null) {
          writeSized(out, end);
        }
      }
      out.writeInt(commit.entries().length);
      for (Entry entry : commit.entries()) {
        writeEntry(out, entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array took no bytes", e);
    }
    return bytes.toByteArray();
  }

  private static void writeEntry(DataOutputStream out, Entry entry) throws IOException {
    switch (entry.kind()) {
      case PUT -> {
        out.writeByte(PUT);
        writeSized(out, entry.key());
        writeSized(out, entry.value());
        out.writeLong(entry.expiryMillis());
      }
      case DELETE -> {
        out.writeByte(DELETE);
        writeSized(out, entry.key());
      }
      case MERGE -> {
        out.writeByte(MERGE);
        writeSized(out, entry.key());
        writeSized(out, entry.value());
        out.writeShort(entry.operatorId());
      }
      case BLOB -> throw new IllegalStateException("a handle of another engine");
    }
  }

  private static void writeSized(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** The commit that {@code bytes} are, at {@code version}. */
  static ChangeCursor.Commit read(
      byte[] bytes, long version, long timeMillis, OperatorRegistry operators) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new PpdbException(
            ErrorCode.FORMAT_NOT_SUPPORTED,
            "a logged commit of format " + format + ", expected " + FORMAT);
      }
      CommitOrigin origin = ORIGINS.get(in.readByte());
      List<KeyRange> ranges = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        byte[] start = readSized(in);
        byte @Nullable [] end = in.readBoolean() ? readSized(in) : null;
        ranges.add(KeyRange.of(start, end));
      }
      List<Write> writes = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        writes.add(readWrite(in, operators));
      }
      return new ChangeCursor.Commit(version, timeMillis, origin, ranges, writes);
    } catch (IOException | IndexOutOfBoundsException e) {
      throw corrupt(version, e);
    }
  }

  private static Write readWrite(DataInputStream in, OperatorRegistry operators)
      throws IOException {
    byte kind = in.readByte();
    byte[] key = readSized(in);
    return switch (kind) {
      case PUT -> new Write(Kind.PUT, key, readSized(in), in.readLong(), null);
      case DELETE -> new Write(Kind.DELETE, key, new byte[0], Limits.NO_EXPIRY, null);
      case MERGE ->
          new Write(
              Kind.MERGE, key, readSized(in), Limits.NO_EXPIRY, operators.get(in.readShort()));
      default -> throw new IOException("a write of kind " + kind);
    };
  }

  private static byte[] readSized(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the end comes " + (length - bytes.length) + " bytes early");
    }
    return bytes;
  }

  static PpdbException corrupt(long version, @Nullable Exception cause) {
    return new PpdbException(
        ErrorCode.CORRUPTION, "commit " + version + " of the change log cannot be read", cause);
  }
}
