package io.ppdb.graph.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.codec.KeyWriter;

/**
 * Builds the keys of one graph; see {@code docs/format/graph.md}.
 *
 * <p>Not thread-safe: every session has its own.
 */
final class GraphKeys {
  static final int SCHEMA = 0;
  static final int VERTEX = 1;
  static final int EXISTENCE = 2;
  static final int ADJACENCY = 3;
  static final int EDGE = 4;
  static final int LABEL = 5;
  static final int INDEX = 6;
  static final int COUNTER = 7;

  /** Within {@link #SCHEMA}. */
  static final int SCHEMA_FORMAT = 0;

  static final int SCHEMA_NAME_TO_ID = 1;
  static final int SCHEMA_ID_TO_NAME = 2;
  static final int SCHEMA_USAGE = 3;
  static final int SCHEMA_SEQUENCE = 4;
  static final int SCHEMA_EPOCH = 5;
  static final int SCHEMA_INDEX = 6;

  private final KeyWriter writer = new KeyWriter();
  private final int objectLength;

  GraphKeys(long objectId) {
    objectLength = writer.addLong(objectId).length();
  }

  byte[] vertex(long vertexId) {
    return kind(VERTEX).addLong(vertexId).toByteArray();
  }

  KeyRange vertices() {
    return kind(VERTEX).toPrefixRange();
  }

  byte[] existence(long vertexId) {
    return kind(EXISTENCE).addLong(vertexId).toByteArray();
  }

  byte[] adjacency(long vertexId, int direction, int labelId, long otherId, long edgeId) {
    return kind(ADJACENCY)
        .addLong(vertexId)
        .addLong(direction)
        .addLong(labelId)
        .addLong(otherId)
        .addLong(edgeId)
        .toByteArray();
  }

  /** What the adjacency keys of a vertex begin with. */
  byte[] adjacencyPrefix(long vertexId) {
    return kind(ADJACENCY).addLong(vertexId).toByteArray();
  }

  byte[] adjacencyPrefix(long vertexId, int direction) {
    return kind(ADJACENCY).addLong(vertexId).addLong(direction).toByteArray();
  }

  byte[] adjacencyPrefix(long vertexId, int direction, int labelId) {
    return kind(ADJACENCY).addLong(vertexId).addLong(direction).addLong(labelId).toByteArray();
  }

  KeyRange adjacencies() {
    return kind(ADJACENCY).toPrefixRange();
  }

  byte[] edge(int labelId, long edgeId) {
    return kind(EDGE).addLong(labelId).addLong(edgeId).toByteArray();
  }

  KeyRange edges() {
    return kind(EDGE).toPrefixRange();
  }

  KeyRange edgesOfLabel(int labelId) {
    return kind(EDGE).addLong(labelId).toPrefixRange();
  }

  byte[] label(int labelId, long vertexId) {
    return kind(LABEL).addLong(labelId).addLong(vertexId).toByteArray();
  }

  KeyRange verticesOfLabel(int labelId) {
    return kind(LABEL).addLong(labelId).toPrefixRange();
  }

  /** Ready for the value and, unless the index is unique, the element. */
  KeyWriter index(int indexId) {
    return kind(INDEX).addLong(indexId);
  }

  byte[] counter(ElementKind elementKind, int labelId) {
    return kind(COUNTER).addLong(elementKind.code()).addLong(labelId).toByteArray();
  }

  KeyRange counters() {
    return kind(COUNTER).toPrefixRange();
  }

  KeyRange counters(ElementKind elementKind) {
    return kind(COUNTER).addLong(elementKind.code()).toPrefixRange();
  }

  /** What edges guard. */
  KeyRange existences() {
    return kind(EXISTENCE).toPrefixRange();
  }

  KeyRange wholeSchema() {
    return kind(SCHEMA).toPrefixRange();
  }

  /** Ready for what the part of the schema asks for. */
  KeyWriter schema(int part) {
    return kind(SCHEMA).addLong(part);
  }

  private KeyWriter kind(int kind) {
    return writer.truncate(objectLength).addLong(kind);
  }
}
