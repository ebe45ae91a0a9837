package io.ppdb.graph.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;

/**
 * An index over the values of one property key.
 *
 * @param id its id, never reused
 * @param name the name it is shown and dropped by
 * @param kind what it is over
 * @param labelId the label it is restricted to, or {@link NameTable#UNKNOWN} for every label
 * @param keyId the property key
 * @param unique whether a value belongs to one element at most
 * @param state how far it is built
 */
public record IndexDefinition(
    int id, String name, ElementKind kind, int labelId, int keyId, boolean unique, State state) {
  /** Writers maintain an index from its first state on; readers use it in its last. */
  public enum State {
    BUILDING(0),
    PUBLIC(1);

    private final int code;

    State(int code) {
      this.code = code;
    }

    private static State ofCode(int code) {
      return switch (code) {
        case 0 -> BUILDING;
        case 1 -> PUBLIC;
        default ->
            throw new PpdbException(
                ErrorCode.CORRUPTION, "graph index is in the unknown state " + code);
      };
    }
  }

  boolean covers(int elementLabelId) {
    return labelId == NameTable.UNKNOWN || labelId == elementLabelId;
  }

  public boolean isPublic() {
    return state == State.PUBLIC;
  }

  IndexDefinition withState(State newState) {
    return new IndexDefinition(id, name, kind, labelId, keyId, unique, newState);
  }

  byte[] encode() {
    return new RecordWriter()
        .writeByte(state.code)
        .writeByte(unique ? 1 : 0)
        .writeByte(kind.code())
        .writeVarint(labelId + 1L)
        .writeVarint(keyId)
        .writeString(name)
        .toByteArray();
  }

  static IndexDefinition decode(int id, byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    State state = State.ofCode(in.readByte());
    boolean unique = in.readByte() != 0;
    ElementKind kind = ElementKind.ofCode(in.readByte());
    int labelId = in.readSize() - 1;
    int keyId = in.readSize();
    return new IndexDefinition(id, in.readString(), kind, labelId, keyId, unique, state);
  }
}
