package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.server.net.RequestQueue;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a client sends for COPY … FROM STDIN: the bytes of CopyData messages up to
 * CopyDone, taken from the connection's queue while they are read. CopyFail is an error of the
 * statement.
 */
final class CopyInput extends InputStream {
  private static final long WAIT_MILLIS = TimeUnit.SECONDS.toMillis(60);

  private final RequestQueue<Frame> requests;
  private @Nullable Frame frame;
  private boolean done;

  CopyInput(RequestQueue<Frame> requests) {
    this.requests = requests;
  }

  Reader reader() {
    return new InputStreamReader(
        this,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Frame current = current();
    if (current == null) {
      return -1;
    }
    ByteBuf bytes = current.content();
    int count = Math.min(length, bytes.readableBytes());
    bytes.readBytes(target, offset, count);
    return count;
  }

  /** The message whose bytes are read next, or null at the end. */
  private @Nullable Frame current() {
    while (!done && (frame == null || !frame.content().isReadable())) {
      releaseFrame();
      Frame next = take();
      switch (next.type()) {
        case Frame.COPY_DATA -> frame = next;
        case Frame.COPY_DONE -> {
          done = true;
          ReferenceCountUtil.release(next);
        }
        case Frame.COPY_FAIL -> {
          done = true;
          String reason = new FrameReader(next).readText();
          ReferenceCountUtil.release(next);
          throw new PpdbException(ErrorCode.CANCELLED, "COPY from stdin failed: " + reason);
        }
        case Frame.FLUSH, Frame.SYNC, Frame.WAKE -> ReferenceCountUtil.release(next);
        default -> {
          char type = (char) next.type();
          ReferenceCountUtil.release(next);
          throw new ProtocolException("unexpected message '" + type + "' during COPY from stdin");
        }
      }
    }
    return done ? null : frame;
  }

  private Frame take() {
    try {
      while (true) {
        Frame next = requests.take(WAIT_MILLIS);
        if (next != null) {
          return next;
        }
        if (requests.isClosed()) {
          throw new ClientGoneException();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException();
    }
  }

  private void releaseFrame() {
    Frame read = frame;
    frame = null;
    if (read != null) {
      ReferenceCountUtil.release(read);
    }
  }

  @Override
  public void close() {
    releaseFrame();
  }
}
