package io.ppdb.kv.engine;

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
}
