package io.ppdb.graph.storage;

/**
 * The properties of an edge, or of a property: at most one for each key.
 *
 * <pre>
 * (varint key id · value)*
 * </pre>
 */
public final class EdgeProperties {
  private EdgeProperties() {}

  /** {@code record} with {@code value} as the one property of {@code keyId}. */
  public static byte[] with(byte[] record, int keyId, Object value) {
    RecordWriter out = new RecordWriter();
    writeOthers(out, record, keyId);
    out.writeVarint(keyId);
    ValueCodec.write(out, value);
    return out.toByteArray();
  }

  /** {@code record} without the property of {@code keyId}. */
  public static byte[] without(byte[] record, int keyId) {
    RecordWriter out = new RecordWriter();
    writeOthers(out, record, keyId);
    return out.toByteArray();
  }

  private static void writeOthers(RecordWriter out, byte[] record, int keyId) {
    PropertyCursor cursor = PropertyCursor.ofEdge(record);
    while (cursor.next()) {
      if (cursor.keyId() != keyId) {
        out.writeBytes(record, cursor.start(), cursor.end() - cursor.start());
      }
    }
  }
}
