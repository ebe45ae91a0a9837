package io.ppdb.graph.storage;

/**
 * An edge without its properties.
 *
 * @param id its id
 * @param labelId its label
 * @param outId the vertex it comes from
 * @param inId the vertex it goes to
 */
public record EdgeEnds(long id, int labelId, long outId, long inId) {
  byte[] encode() {
    return new RecordWriter().writeVarint(outId).writeVarint(inId).toByteArray();
  }

  static EdgeEnds decode(long id, int labelId, byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    return new EdgeEnds(id, labelId, in.readVarint(), in.readVarint());
  }
}
