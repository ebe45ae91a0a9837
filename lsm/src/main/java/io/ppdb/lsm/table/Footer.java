package io.ppdb.lsm.table;

import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.format.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The first and last bytes of a table: where everything else is found from.
 *
 * <pre>
 * header = magic "PPDBSSTB" · format version u32 · crc32c u32 of the 12 bytes before
 * footer = filter · index · properties (each offset u64 · size u32)
 *        · format version u32 · crc32c u32 of the 40 bytes before · magic "PPDBSSTB"
 * </pre>
 */
record Footer(BlockHandle filter, BlockHandle index, BlockHandle properties) {
  static final int HEADER_BYTES = 16;
  static final int FOOTER_BYTES = 52;

  private static final byte[] MAGIC = "PPDBSSTB".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_OFFSET = FOOTER_BYTES - Long.BYTES - Integer.BYTES;

  static void writeHeader(ByteWriter writer) {
    writer.putBytes(MAGIC);
    writer.putInt(FormatVersion.CURRENT.number());
    writer.putInt(Checksum.of(writer.array(), 0, writer.size()));
  }

  static void checkHeader(byte[] bytes, Path file) {
    int checksumOffset = HEADER_BYTES - Integer.BYTES;
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || Checksum.of(bytes, 0, checksumOffset) != LittleEndian.getInt(bytes, checksumOffset)) {
      throw new CorruptionException(file, 0, "header of no sstable");
    }
    FormatVersion.of(LittleEndian.getInt(bytes, MAGIC.length), file);
  }

  void write(ByteWriter writer) {
    int start = writer.size();
    for (BlockHandle handle : new BlockHandle[] {filter, index, properties}) {
      writer.putLong(handle.offset());
      writer.putInt(handle.sizeInBytes());
    }
    writer.putInt(FormatVersion.CURRENT.number());
    writer.putInt(Checksum.of(writer.array(), start, writer.size() - start));
    writer.putBytes(MAGIC);
  }

  static Footer read(byte[] bytes, Path file, long offset) {
    int magicOffset = FOOTER_BYTES - MAGIC.length;
    if (!Arrays.equals(bytes, magicOffset, FOOTER_BYTES, MAGIC, 0, MAGIC.length)) {
      throw new CorruptionException(file, offset, "no footer: the file was cut or overwritten");
    }
    int expected = LittleEndian.getInt(bytes, CHECKSUM_OFFSET);
    int seen = Checksum.of(bytes, 0, CHECKSUM_OFFSET);
    if (seen != expected) {
      throw new CorruptionException(
          file, offset, String.format("footer checksum %08x, expected %08x", seen, expected));
    }
    FormatVersion.of(LittleEndian.getInt(bytes, CHECKSUM_OFFSET - Integer.BYTES), file);
    return new Footer(
        handle(bytes, 0, file, offset),
        handle(bytes, 1, file, offset),
        handle(bytes, 2, file, offset));
  }

  private static BlockHandle handle(byte[] bytes, int number, Path file, long fileOffset) {
    int at = number * (Long.BYTES + Integer.BYTES);
    long offset = LittleEndian.getLong(bytes, at);
    int size = LittleEndian.getInt(bytes, at + Long.BYTES);
    if (offset < HEADER_BYTES || size <= BlockFile.TRAILER_BYTES || size > fileOffset - offset) {
      throw new CorruptionException(
          file, fileOffset + at, "block of " + size + " bytes at offset " + offset);
    }
    return new BlockHandle(offset, size);
  }
}
