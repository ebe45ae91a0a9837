package io.ppdb.lsm.format;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.nio.file.Path;

/**
 * The versions of the store's formats, oldest first. A store has one; it only moves up, and it is
 * written into the header of every file so that each can be read on its own.
 */
public enum FormatVersion {
  /** WAL, sstables with LZ4 and Zstandard blocks, manifest. */
  V1(1),

  /** Manifest: times of commits, horizons. */
  V2(2),

  /**
   * Range tombstones: in commits of the WAL, in sstables, and of these in the manifest. Manifest:
   * segments that are kept for changes. Blob files, and entries, tables and policies that are about
   * them.
   */
  V3(3),

  /** WAL: records with small headers. Manifest: which log the commits are of. */
  V4(4);

  /** What this program writes. */
  public static final FormatVersion CURRENT = V4;

  private final int number;

  FormatVersion(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The version {@code number} of {@code file}; FORMAT_NOT_SUPPORTED if this program is older. */
  public static FormatVersion of(int number, Path file) {
    for (FormatVersion version : values()) {
      if (version.number == number) {
        return version;
      }
    }
    throw new PpdbException(
        ErrorCode.FORMAT_NOT_SUPPORTED,
        file
            + " has format version "
            + number
            + "; this program reads 1 to "
            + CURRENT.number
            + ": open it with a newer one");
  }
}
