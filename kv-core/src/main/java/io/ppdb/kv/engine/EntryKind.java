package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/** What an entry does to its key; the code is persistent. */
public enum EntryKind {
  DELETE(0),
  PUT(1),
  /** An operand to be folded onto what is below it. */
  MERGE(2);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  /** The persistent code of this kind. */
  public int code() {
    return code;
  }

  /** The kind with the persistent code {@code code}; CORRUPTION if there is none. */
  public static EntryKind of(int code) {
    return switch (code) {
      case 0 -> DELETE;
      case 1 -> PUT;
      case 2 -> MERGE;
      default ->
          throw new PpdbException(ErrorCode.CORRUPTION, "entry kind " + code + ", expected 0 to 2");
    };
  }
}
