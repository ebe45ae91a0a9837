package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts what a client sends into frames.
 *
 * <pre>
 *   before the session:  length (4, itself included) · code (4) · …
 *   afterwards:          type (1) · length (4, itself included) · …
 * </pre>
 */
final class FrontendDecoder extends ByteToMessageDecoder {
  /** Code of the message that begins a session: version 3.0. */
  static final int VERSION_3 = 3 << 16;

  static final int SSL_REQUEST = 80877103;
  static final int GSS_REQUEST = 80877104;
  static final int CANCEL_REQUEST = 80877102;

  private static final int LENGTH_BYTES = 4;

  /** Most bytes of a message before somebody has logged in. */
  private static final int MAX_STARTUP_BYTES = 10_000;

  private final int maxBytes;
  private boolean begun;
  private volatile boolean loggedIn;

  /**
   * @param maxBytes most bytes of a message of a session
   */
  FrontendDecoder(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** From now on messages may be large. */
  void setLoggedIn() {
    loggedIn = true;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int headerBytes = begun ? 1 + LENGTH_BYTES : LENGTH_BYTES;
    if (in.readableBytes() < headerBytes) {
      return;
    }
    int start = in.readerIndex();
    byte type = begun ? in.getByte(start) : Frame.STARTUP;
    if (begun && type < ' ') {
      throw new ProtocolException("invalid type of a message: " + type);
    }
    int length = in.getInt(start + headerBytes - LENGTH_BYTES);
    int limit = loggedIn ? maxBytes : MAX_STARTUP_BYTES;
    if (length < LENGTH_BYTES || (!begun && length < 2 * LENGTH_BYTES)) {
      throw new ProtocolException("invalid length of a message: " + length);
    }
    if (length > limit) {
      throw new ProtocolException(
          ProtocolException.TOO_LARGE,
          "a message of "
              + length
              + " bytes; at most "
              + limit
              + (loggedIn ? " (limits.max_frame)" : " before the login"));
    }
    int bodyBytes = length - LENGTH_BYTES;
    if (in.readableBytes() < headerBytes + bodyBytes) {
      return;
    }
    in.skipBytes(headerBytes);
    ByteBuf body = in.readRetainedSlice(bodyBytes);
    if (!begun) {
      int code = body.getInt(body.readerIndex());
      if ((code == SSL_REQUEST || code == GSS_REQUEST) && in.isReadable()) {
        body.release();
        throw new ProtocolException("unencrypted bytes after a request for encryption");
      }
      begun = code != SSL_REQUEST && code != GSS_REQUEST;
    }
    out.add(new Frame(type, body));
  }
}
