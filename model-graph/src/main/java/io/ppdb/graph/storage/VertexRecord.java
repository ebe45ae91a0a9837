package io.ppdb.graph.storage;

/**
 * The stored form of a vertex: its label and its properties. Immutable.
 *
 * <pre>
 * varint label id · varint next ordinal · properties (see {@link PropertyCursor})*
 * </pre>
 *
 * Every property has an ordinal that is unique within its vertex for ever: it is its identity.
 */
public final class VertexRecord {
  private final byte[] bytes;
  private final int labelId;
  private final int nextOrdinal;
  private final int propertiesStart;

  VertexRecord(byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    this.bytes = bytes;
    this.labelId = in.readSize();
    this.nextOrdinal = in.readSize();
    this.propertiesStart = in.position();
  }

  byte[] bytes() {
    return bytes;
  }

  public int labelId() {
    return labelId;
  }

  /** The ordinal that the next property gets. */
  public int nextOrdinal() {
    return nextOrdinal;
  }

  /** A cursor before the first property. */
  public PropertyCursor properties() {
    return PropertyCursor.ofVertex(bytes, propertiesStart);
  }

  public boolean hasProperty(int keyId) {
    return properties().next(keyId);
  }

  /** This vertex with one property more, whose ordinal is {@link #nextOrdinal}. */
  public VertexRecord plus(int keyId, Object value, byte[] meta) {
    RecordWriter out = new RecordWriter();
    out.writeVarint(labelId).writeVarint(nextOrdinal + 1L);
    out.writeBytes(bytes, propertiesStart, bytes.length - propertiesStart);
    writeProperty(out, keyId, nextOrdinal, value, meta);
    return new VertexRecord(out.toByteArray());
  }

  /** This vertex without any property of {@code keyId}. */
  public VertexRecord without(int keyId) {
    RecordWriter out = new RecordWriter();
    out.writeVarint(labelId).writeVarint(nextOrdinal);
    PropertyCursor cursor = properties();
    while (cursor.next()) {
      if (cursor.keyId() != keyId) {
        out.writeBytes(bytes, cursor.start(), cursor.end() - cursor.start());
      }
    }
    return new VertexRecord(out.toByteArray());
  }

  /** This vertex without the property of {@code ordinal}. */
  public VertexRecord withoutOrdinal(int ordinal) {
    PropertyCursor cursor = properties();
    while (cursor.next()) {
      if (cursor.ordinal() == ordinal) {
        RecordWriter out = new RecordWriter();
        out.writeBytes(bytes, 0, cursor.start());
        out.writeBytes(bytes, cursor.end(), bytes.length - cursor.end());
        return new VertexRecord(out.toByteArray());
      }
    }
    return this;
  }

  /** This vertex with other meta-properties of the property of {@code ordinal}. */
  public VertexRecord withMeta(int ordinal, byte[] meta) {
    PropertyCursor cursor = properties();
    while (cursor.next()) {
      if (cursor.ordinal() == ordinal) {
        RecordWriter out = new RecordWriter();
        out.writeBytes(bytes, 0, cursor.start());
        writeProperty(out, cursor.keyId(), ordinal, cursor.value(), meta);
        out.writeBytes(bytes, cursor.end(), bytes.length - cursor.end());
        return new VertexRecord(out.toByteArray());
      }
    }
    return this;
  }

  private static void writeProperty(
      RecordWriter out, int keyId, int ordinal, Object value, byte[] meta) {
    out.writeVarint((long) keyId << 1 | (meta.length > 0 ? 1 : 0)).writeVarint(ordinal);
    ValueCodec.write(out, value);
    if (meta.length > 0) {
      out.writeSized(meta);
    }
  }

  /** Puts a new vertex together. Not thread-safe. */
  public static final class Builder {
    private final RecordWriter properties = new RecordWriter();
    private final int labelId;
    private int nextOrdinal;

    public Builder(int labelId) {
      this.labelId = labelId;
    }

    /** Adds one property more under {@code keyId}. */
    public Builder add(int keyId, Object value) {
      writeProperty(properties, keyId, nextOrdinal++, value, GraphSession.NO_PROPERTIES);
      return this;
    }

    public VertexRecord build() {
      byte[] body = properties.toByteArray();
      return new VertexRecord(
          new RecordWriter()
              .writeVarint(labelId)
              .writeVarint(nextOrdinal)
              .writeBytes(body, 0, body.length)
              .toByteArray());
    }
  }
}
