package io.ppdb.lsm.table;

import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads blocks of a file, checking each before its bytes are used.
 *
 * <pre>
 * block = contents · codec u8 · uncompressed length u32 · crc32c u32
 * </pre>
 *
 * The checksum covers everything before it and then the block's own offset (u64), so that a block
 * written to, or read from, a wrong place does not pass. Thread-safe.
 */
final class BlockFile {
  static final int TRAILER_BYTES = 9;

  /** More than any block needs; guards against absurd lengths before memory is taken. */
  static final int MAX_BLOCK_BYTES = 1 << 30;

  private final Path path;
  private final VfsFile file;

  BlockFile(Path path, VfsFile file) {
    this.path = path;
    this.file = file;
  }

  Path path() {
    return path;
  }

  /** Reads {@code length} bytes at {@code offset}; fewer are corruption. */
  byte[] readBytes(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    int count = file.read(ByteBuffer.wrap(bytes), offset);
    if (count != length) {
      throw new CorruptionException(
          path, offset, "file ends after " + count + " bytes, expected " + length);
    }
    return bytes;
  }

  /** The uncompressed contents of a block. */
  byte[] read(BlockHandle handle) throws IOException {
    return read(handle.offset(), handle.sizeInBytes());
  }

  byte[] read(long offset, int sizeInBytes) throws IOException {
    byte[] bytes = readBytes(offset, sizeInBytes);
    int contentsLength = sizeInBytes - TRAILER_BYTES;
    int expected = LittleEndian.getInt(bytes, sizeInBytes - Integer.BYTES);
    int seen = checksum(new Checksum(), bytes, 0, sizeInBytes - Integer.BYTES, offset);
    if (seen != expected) {
      throw new CorruptionException(
          path,
          offset,
          String.format(
              "block of %d bytes has checksum %08x, expected %08x", sizeInBytes, seen, expected));
    }
    Codec codec = Codec.of(bytes[contentsLength]);
    int length = LittleEndian.getInt(bytes, contentsLength + 1);
    if (codec == null || length < 0 || length > MAX_BLOCK_BYTES) {
      throw new CorruptionException(
          path, offset, "codec " + bytes[contentsLength] + ", uncompressed length " + length);
    }
    if (codec == Codec.NONE && length == contentsLength) {
      return Arrays.copyOf(bytes, length);
    }
    byte[] contents = codec.decompress(bytes, 0, contentsLength, length);
    if (contents == null) {
      throw new CorruptionException(
          path, offset, codec + " block does not decompress to " + length + " bytes");
    }
    return contents;
  }

  static int checksum(Checksum checksum, byte[] bytes, int start, int length, long offset) {
    return checksum.reset().add(bytes, start, length).addLong(offset).value();
  }

  void close() throws IOException {
    file.close();
  }
}
