package io.ppdb.graph.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/** What an index or a counter is about. */
public enum ElementKind {
  VERTEX(0, NameKind.VERTEX_LABEL),
  EDGE(1, NameKind.EDGE_LABEL);

  private final int code;
  private final NameKind labelKind;

  ElementKind(int code, NameKind labelKind) {
    this.code = code;
    this.labelKind = labelKind;
  }

  /** The persistent number of this kind. */
  int code() {
    return code;
  }

  /** The name space of the labels of such elements. */
  public NameKind labelKind() {
    return labelKind;
  }

  static ElementKind ofCode(int code) {
    return switch (code) {
      case 0 -> VERTEX;
      case 1 -> EDGE;
      default ->
          throw new PpdbException(
              ErrorCode.CORRUPTION, "graph schema has the unknown element kind " + code);
    };
  }
}
