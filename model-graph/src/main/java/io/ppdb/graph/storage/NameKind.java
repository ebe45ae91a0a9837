package io.ppdb.graph.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/** The name spaces of a graph's schema. */
public enum NameKind {
  VERTEX_LABEL(0),
  EDGE_LABEL(1),
  PROPERTY_KEY(2);

  private final int code;

  NameKind(int code) {
    this.code = code;
  }

  /** The persistent number of this name space. */
  int code() {
    return code;
  }

  static NameKind ofCode(int code) {
    return switch (code) {
      case 0 -> VERTEX_LABEL;
      case 1 -> EDGE_LABEL;
      case 2 -> PROPERTY_KEY;
      default ->
          throw new PpdbException(
              ErrorCode.CORRUPTION, "graph schema has the unknown name space " + code);
    };
  }
}
