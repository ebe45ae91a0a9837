package io.ppdb.lsm.format;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.nio.file.Path;

/** Stored bytes are not what was written; the message names the file and the offset. */
public final class CorruptionException extends PpdbException {
  private static final long serialVersionUID = 1L;

  public CorruptionException(Path file, long offset, String what) {
    super(ErrorCode.CORRUPTION, file + " is damaged at offset " + offset + ": " + what);
  }

  /** For a file that is damaged as a whole: missing, or of a wrong length. */
  public CorruptionException(Path file, String what) {
    super(ErrorCode.CORRUPTION, file + " is damaged: " + what);
  }
}
