package io.ppdb.graph.storage;

/**
 * Walks through the properties of a vertex or edge record without building those it passes.
 *
 * <pre>
 * of a vertex  varint (key id &lt;&lt; 1 | has meta) · varint ordinal · value [· varint length · meta-properties]
 * of an edge   varint key id · value
 * </pre>
 *
 * Not thread-safe.
 */
public final class PropertyCursor {
  private static final int UNKNOWN = -1;

  private final RecordReader in;
  private final boolean onVertex;

  private int start;
  private int keyId;
  private int ordinal;
  private boolean hasMeta;
  private int valueStart;
  private int valueEnd = UNKNOWN;
  private int end;

  private PropertyCursor(byte[] record, int start, boolean onVertex) {
    this.in = new RecordReader(record);
    this.onVertex = onVertex;
    this.end = start;
  }

  static PropertyCursor ofVertex(byte[] record, int start) {
    return new PropertyCursor(record, start, true);
  }

  /** A cursor before the first property of an edge. */
  public static PropertyCursor ofEdge(byte[] record) {
    return new PropertyCursor(record, 0, false);
  }

  /** Moves to the next property; false if there is none. */
  public boolean next() {
    start = end();
    in.moveTo(start);
    if (!in.hasNext()) {
      return false;
    }
    int head = in.readSize();
    if (onVertex) {
      keyId = head >>> 1;
      hasMeta = (head & 1) != 0;
      ordinal = in.readSize();
    } else {
      keyId = head;
    }
    valueStart = in.position();
    valueEnd = UNKNOWN;
    end = UNKNOWN;
    return true;
  }

  /** Moves to the next property of {@code wantedKeyId}; false if there is none. */
  public boolean next(int wantedKeyId) {
    while (next()) {
      if (keyId == wantedKeyId) {
        return true;
      }
    }
    return false;
  }

  public int keyId() {
    return keyId;
  }

  /** What tells a property of a vertex from the others that the vertex has or had. */
  public int ordinal() {
    return ordinal;
  }

  public boolean hasMeta() {
    return hasMeta;
  }

  public Object value() {
    in.moveTo(valueStart);
    Object value = ValueCodec.read(in);
    valueEnd = in.position();
    if (value == null) {
      throw in.corrupt("has a property without a value");
    }
    return value;
  }

  /** The properties of this property, in the form of an edge's; empty if it has none. */
  public byte[] meta() {
    if (!hasMeta) {
      return GraphSession.NO_PROPERTIES;
    }
    in.moveTo(valueEnd());
    return in.readSized();
  }

  /** Index in the record of the first byte of the property. */
  int start() {
    return start;
  }

  /** Index in the record after the last byte of the property. */
  int end() {
    if (end == UNKNOWN) {
      in.moveTo(valueEnd());
      if (hasMeta) {
        in.skip(in.readSize());
      }
      end = in.position();
    }
    return end;
  }

  private int valueEnd() {
    if (valueEnd == UNKNOWN) {
      in.moveTo(valueStart);
      ValueCodec.skip(in);
      valueEnd = in.position();
    }
    return valueEnd;
  }
}
