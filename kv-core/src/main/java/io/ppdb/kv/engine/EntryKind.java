package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/** What an entry does to its key; the code is persistent. */
public enum EntryKind {
  DELETE(0),
  PUT(1),
  /** An operand to be folded onto what is below it. */
  MERGE(2),
  /**
   * A PUT of a large value that lies elsewhere. What the entry has in its place is a handle: the
   * length of the value as an unsigned variable-length integer, then whatever the storage needs to
   * find it.
   */
  BLOB(3);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  /** The persistent code of this kind. */
  public int code() {
    return code;
  }

  /** Whether the key has a value of its own by this: a PUT, wherever its value lies. */
  public boolean isPut() {
    return this == PUT || this == BLOB;
  }

  /** The kind with the persistent code {@code code}; CORRUPTION if there is none. */
  public static EntryKind of(int code) {
    return switch (code) {
      case 0 -> DELETE;
      case 1 -> PUT;
      case 2 -> MERGE;
      case 3 -> BLOB;
      default ->
          throw new PpdbException(ErrorCode.CORRUPTION, "entry kind " + code + ", expected 0 to 3");
    };
  }
}
