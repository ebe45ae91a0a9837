package io.ppdb.graph.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the index entries of changed elements.
 *
 * <pre>
 * (n, 6, index, value, vertex)         → empty
 * (n, 6, index, value) of unique ones  → varint vertex
 * (n, 6, index, value, edge)           → varint label · varint out vertex · varint in vertex
 * (n, 6, index, value) of unique ones  → varint edge · varint label · varint out · varint in
 * </pre>
 */
final class IndexWriter {
  private final GraphSession session;

  IndexWriter(GraphSession session) {
    this.session = session;
  }

  /** Fails if a unique index forbids a change that is about to be made. */
  void checkVertex(long id, @Nullable VertexRecord before, VertexRecord after) {
    for (IndexDefinition index : session.indexes().all()) {
      if (index.unique() && index.kind() == ElementKind.VERTEX && index.covers(after.labelId())) {
        List<byte[]> old = keys(index, id, before == null ? null : before.properties());
        checkFree(index, old, keys(index, id, after.properties()), varint(id));
      }
    }
  }

  /** Fails if a unique index forbids a change that is about to be made. */
  void checkEdge(EdgeEnds edge, byte @Nullable [] before, byte[] after) {
    for (IndexDefinition index : session.indexes().all()) {
      if (index.unique() && index.kind() == ElementKind.EDGE && index.covers(edge.labelId())) {
        List<byte[]> old =
            keys(index, edge.id(), before == null ? null : PropertyCursor.ofEdge(before));
        List<byte[]> now = keys(index, edge.id(), PropertyCursor.ofEdge(after));
        checkFree(index, old, now, edgeValue(index, edge));
      }
    }
  }

  private void checkFree(IndexDefinition index, List<byte[]> old, List<byte[]> now, byte[] value) {
    for (byte[] key : now) {
      if (!contains(old, key) && belongsToAnother(session.writer(), key, value)) {
        throw violation(index);
      }
    }
  }

  /** Keeps the entries of a vertex whose change has been checked. */
  void vertexChanged(long id, @Nullable VertexRecord before, @Nullable VertexRecord after) {
    int labelId = after != null ? after.labelId() : before != null ? before.labelId() : 0;
    for (IndexDefinition index : session.indexes().all()) {
      if (index.kind() == ElementKind.VERTEX && index.covers(labelId)) {
        List<byte[]> old = keys(index, id, before == null ? null : before.properties());
        List<byte[]> now = keys(index, id, after == null ? null : after.properties());
        if (!old.isEmpty() || !now.isEmpty()) {
          byte[] value = index.unique() ? varint(id) : GraphSession.NO_PROPERTIES;
          change(index, old, now, value);
        }
      }
    }
  }

  /** Keeps the entries of an edge whose change has been checked. */
  void edgeChanged(EdgeEnds edge, byte @Nullable [] before, byte @Nullable [] after) {
    for (IndexDefinition index : session.indexes().all()) {
      if (index.kind() == ElementKind.EDGE && index.covers(edge.labelId())) {
        List<byte[]> old =
            keys(index, edge.id(), before == null ? null : PropertyCursor.ofEdge(before));
        List<byte[]> now =
            keys(index, edge.id(), after == null ? null : PropertyCursor.ofEdge(after));
        if (!old.isEmpty() || !now.isEmpty()) {
          change(index, old, now, edgeValue(index, edge));
        }
      }
    }
  }

  /** Adds the entries of an element that an index lacks, because it was made after the element. */
  void backfillVertex(IndexDefinition index, long id, VertexRecord record) {
    if (index.covers(record.labelId())) {
      byte[] value = index.unique() ? varint(id) : GraphSession.NO_PROPERTIES;
      backfill(index, keys(index, id, record.properties()), value);
    }
  }

  void backfillEdge(IndexDefinition index, EdgeEnds edge, byte[] properties) {
    if (index.covers(edge.labelId())) {
      List<byte[]> now = keys(index, edge.id(), PropertyCursor.ofEdge(properties));
      backfill(index, now, edgeValue(index, edge));
    }
  }

  private void backfill(IndexDefinition index, List<byte[]> now, byte[] value) {
    if (index.unique()) {
      checkFree(index, List.of(), now, value);
    }
    change(index, List.of(), now, value);
  }

  private void change(IndexDefinition index, List<byte[]> old, List<byte[]> now, byte[] value) {
    Transaction writer = session.writer();
    for (byte[] key : old) {
      if (!contains(now, key) && !(index.unique() && belongsToAnother(writer, key, value))) {
        writer.delete(key);
      }
    }
    for (byte[] key : now) {
      if (!contains(old, key)) {
        writer.put(key, value);
      }
    }
  }

  /**
   * Whether a unique entry is that of a duplicate, as can be while the index is being built. An
   * absent one is deleted nevertheless: that claims it against whoever is about to fill it in.
   */
  private static boolean belongsToAnother(Transaction writer, byte[] key, byte[] value) {
    byte[] stored = writer.get(key);
    return stored != null && !Arrays.equals(stored, value);
  }

  /** The keys of the entries of an element, without duplicates. */
  private List<byte[]> keys(IndexDefinition index, long id, @Nullable PropertyCursor properties) {
    if (properties == null || !properties.next(index.keyId())) {
      return List.of();
    }
    List<byte[]> found = new ArrayList<>(1);
    do {
      Object value = properties.value();
      if (IndexValues.isIndexable(value)) {
        KeyWriter key = session.keys().index(index.id());
        IndexValues.write(key, value);
        if (!index.unique()) {
          key.addLong(id);
        }
        byte[] bytes = key.toByteArray();
        if (!contains(found, bytes)) {
          found.add(bytes);
        }
      }
    } while (properties.next(index.keyId()));
    return found;
  }

  private PpdbException violation(IndexDefinition index) {
    String key = session.names().name(NameKind.PROPERTY_KEY, index.keyId());
    return new PpdbException(
        ErrorCode.UNIQUE_VIOLATION,
        "another element has the same value of "
            + key
            + ", which the unique index "
            + index.name()
            + " forbids");
  }

  private static byte[] edgeValue(IndexDefinition index, EdgeEnds edge) {
    RecordWriter out = new RecordWriter();
    if (index.unique()) {
      out.writeVarint(edge.id());
    }
    return out.writeVarint(edge.labelId())
        .writeVarint(edge.outId())
        .writeVarint(edge.inId())
        .toByteArray();
  }

  private static byte[] varint(long value) {
    return new RecordWriter().writeVarint(value).toByteArray();
  }

  private static boolean contains(List<byte[]> keys, byte[] key) {
    for (byte[] candidate : keys) {
      if (Arrays.equals(candidate, key)) {
        return true;
      }
    }
    return false;
  }
}
