package io.ppdb.server.postgres;

/** In which form each column of a result is sent, as Bind says it. */
final class ResultFormats {
  static final ResultFormats TEXT = new ResultFormats(new short[0]);

  private final short[] codes;

  /**
   * @param codes none for text, one for all columns, or one for each; 0 is text and 1 binary
   */
  ResultFormats(short[] codes) {
    for (short code : codes) {
      if (code != 0 && code != 1) {
        throw new ProtocolException("unknown format of a value: " + code + "; expected 0 or 1");
      }
    }
    this.codes = codes;
  }

  static ResultFormats read(FrameReader reader) {
    short[] codes = new short[reader.readCount()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (short) reader.readShort();
    }
    return new ResultFormats(codes);
  }

  /** How many were given. */
  int count() {
    return codes.length;
  }

  boolean isBinary(int index) {
    return codes.length > 0 && codes[codes.length == 1 ? 0 : index] == 1;
  }
}
