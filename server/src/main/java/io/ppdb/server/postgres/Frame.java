package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/** A message of a client: the letter that says what it is, and the bytes after its length. */
final class Frame extends DefaultByteBufHolder {
  // Types that are no letters are the server's own: the decoder takes none from a client.

  /** The type of messages that come before a session begins, which have no letter. */
  static final byte STARTUP = 0;

  /** The type of what the server itself puts into a queue to have its session looked at. */
  static final byte WAKE = 1;

  static final byte BIND = 'B';
  static final byte CLOSE = 'C';
  static final byte COPY_DATA = 'd';
  static final byte COPY_DONE = 'c';
  static final byte COPY_FAIL = 'f';
  static final byte DESCRIBE = 'D';
  static final byte EXECUTE = 'E';
  static final byte FLUSH = 'H';
  static final byte FUNCTION_CALL = 'F';
  static final byte PARSE = 'P';
  static final byte PASSWORD = 'p';
  static final byte QUERY = 'Q';
  static final byte SYNC = 'S';
  static final byte TERMINATE = 'X';

  private final byte type;

  Frame(byte type, ByteBuf content) {
    super(content);
    this.type = type;
  }

  byte type() {
    return type;
  }

  @Override
  public boolean equals(Object object) {
    return this == object;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
