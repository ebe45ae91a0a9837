package io.ppdb.lsm.blob;

import io.ppdb.kv.Slice;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.nio.file.Path;

/**
 * Where a large value lies: what log and tables hold in its place, as the value of a BLOB entry.
 *
 * <pre>
 * handle = length varint · file number varint · offset / 8 varint · checksum u32
 * </pre>
 *
 * @param length of the value, which is not empty
 * @param fileNumber of the blob file
 * @param offset of the record in that file, a multiple of 8
 * @param checksum that the record has: another record in its place is not taken for it
 */
public record BlobHandle(int length, long fileNumber, long offset, int checksum) {
  private static final int MAX_BYTES = 28;

  public byte[] encode() {
    ByteWriter writer = new ByteWriter(MAX_BYTES);
    writer.putVarint(length);
    writer.putVarint(fileNumber);
    writer.putVarint(offset / BlobFormat.ALIGNMENT);
    writer.putInt(checksum);
    return writer.toByteArray();
  }

  /**
   * Decodes a handle.
   *
   * @param source the file that the handle comes from, for messages
   */
  public static BlobHandle decode(Slice handle, Path source) {
    int end = handle.offset() + handle.length();
    ByteReader reader = new ByteReader(source, 0, handle.array(), handle.offset(), end);
    long length = reader.readVarint();
    long fileNumber = reader.readVarint();
    long offset = reader.readVarint() * BlobFormat.ALIGNMENT;
    int checksum = reader.readInt();
    if (!BlobFormat.isLength(length)
        || fileNumber <= 0
        || offset < BlobFormat.HEADER_BYTES
        || reader.hasRemaining()) {
      throw reader.corrupt(
          "handle of a blob of "
              + length
              + " bytes at offset "
              + offset
              + " of file "
              + fileNumber
              + ", and "
              + reader.remaining()
              + " bytes behind it");
    }
    return new BlobHandle((int) length, fileNumber, offset, checksum);
  }

  /** Where the value begins in the file. */
  long valueOffset() {
    return offset + BlobFormat.RECORD_HEADER_BYTES;
  }

  /** Where the value ends in the file. */
  public long end() {
    return valueOffset() + length;
  }
}
