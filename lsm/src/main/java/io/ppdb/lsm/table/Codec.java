package io.ppdb.lsm.table;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/** How the contents of a block are compressed; the code is persistent. */
public enum Codec {
  NONE(0),
  /** Cheap both ways: for levels that are rewritten often. */
  LZ4(1),
  /** Denser and slower: for the last level. */
  ZSTD(2);

  private static final LZ4Compressor LZ4_COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
  private static final LZ4SafeDecompressor LZ4_DECOMPRESSOR =
      LZ4Factory.fastestInstance().safeDecompressor();
  private static final int ZSTD_LEVEL = 1;

  private final int code;

  Codec(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The codec with the persistent code {@code code}, or null. */
  static @Nullable Codec of(int code) {
    return switch (code) {
      case 0 -> NONE;
      case 1 -> LZ4;
      case 2 -> ZSTD;
      default -> null;
    };
  }

  /** The bytes that {@code target} needs at most for {@code length} bytes. */
  int maxCompressedLength(int length) {
    return switch (this) {
      case NONE -> length;
      case LZ4 -> LZ4_COMPRESSOR.maxCompressedLength(length);
      case ZSTD -> Math.toIntExact(Zstd.compressBound(length));
    };
  }

  /** Compresses {@code source[0, length)} into {@code target}; returns the compressed length. */
  int compress(byte[] source, int length, byte[] target) {
    return switch (this) {
      case NONE -> {
        System.arraycopy(source, 0, target, 0, length);
        yield length;
      }
      case LZ4 -> LZ4_COMPRESSOR.compress(source, 0, length, target, 0, target.length);
      case ZSTD ->
          Math.toIntExact(
              Zstd.compressByteArray(target, 0, target.length, source, 0, length, ZSTD_LEVEL));
    };
  }

  /** The {@code length} bytes that were compressed to a part of {@code source}; null if not so. */
  byte @Nullable [] decompress(byte[] source, int offset, int compressedLength, int length) {
    byte[] target = new byte[length];
    long count;
    switch (this) {
      case NONE -> {
        return compressedLength == length
            ? Arrays.copyOfRange(source, offset, offset + length)
            : null;
      }
      case LZ4 -> {
        try {
          count = LZ4_DECOMPRESSOR.decompress(source, offset, compressedLength, target, 0, length);
        } catch (LZ4Exception e) {
          return null;
        }
      }
      case ZSTD ->
          count = Zstd.decompressByteArray(target, 0, length, source, offset, compressedLength);
      default -> throw new AssertionError(this);
    }
    return count == length ? target : null;
  }
}
