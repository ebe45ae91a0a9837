package io.ppdb.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.ppdb.server.net.ChannelGate;
import java.io.IOException;
import java.io.OutputStream;

/** The body of an answer, sent in chunks; waits while the client does not read. */
final class ChunkedOutput extends OutputStream {
  private static final int CHUNK_BYTES = 32 << 10;

  private final Channel channel;
  private final ChannelGate gate;
  private ByteBuf chunk;
  private boolean closed;

  ChunkedOutput(Channel channel, ChannelGate gate) {
    this.channel = channel;
    this.gate = gate;
    this.chunk = channel.alloc().buffer(CHUNK_BYTES);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    chunk.writeBytes(bytes, offset, length);
    if (chunk.readableBytes() >= CHUNK_BYTES) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    if (!chunk.isReadable()) {
      return;
    }
    ByteBuf full = chunk;
    chunk = channel.alloc().buffer(CHUNK_BYTES);
    channel.writeAndFlush(new DefaultHttpContent(full));
    if (!gate.awaitWritable()) {
      throw new IOException("the client has gone");
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      flush();
    } finally {
      chunk.release();
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }
}
