package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a frame, each of which has to be there. */
final class FrameReader {
  private final ByteBuf bytes;

  FrameReader(Frame frame) {
    this.bytes = frame.content();
  }

  byte readByte() {
    require(1);
    return bytes.readByte();
  }

  int readShort() {
    require(2);
    return bytes.readShort();
  }

  /** A count of 16 bits without a sign. */
  int readCount() {
    require(2);
    return bytes.readUnsignedShort();
  }

  int readInt() {
    require(4);
    return bytes.readInt();
  }

  /** A text that a zero byte ends. */
  String readText() {
    int length = bytes.bytesBefore((byte) 0);
    if (length < 0) {
      throw new ProtocolException("a text without end in a message");
    }
    String text = bytes.toString(bytes.readerIndex(), length, StandardCharsets.UTF_8);
    bytes.skipBytes(length + 1);
    return text;
  }

  byte[] readBytes(int count) {
    require(count);
    byte[] read = new byte[count];
    bytes.readBytes(read);
    return read;
  }

  /** All that is left. */
  byte[] readRest() {
    return readBytes(bytes.readableBytes());
  }

  boolean hasMore() {
    return bytes.isReadable();
  }

  void requireEnd() {
    if (bytes.isReadable()) {
      throw new ProtocolException(bytes.readableBytes() + " bytes too many in a message");
    }
  }

  private void require(int count) {
    if (count < 0 || bytes.readableBytes() < count) {
      throw new ProtocolException(
          "a message ends too early: expected "
              + count
              + " more bytes, seen "
              + bytes.readableBytes());
    }
  }
}
