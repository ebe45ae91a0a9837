package io.ppdb.kv;

import io.ppdb.kv.sync.LeakDetector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A value, read where it lies: a large one without a copy, if the engine can.
 *
 * <p>The bytes stay what they are until the lease is closed, also when its view is closed, the key
 * is written, or the store is closed; until then the engine keeps the file or the memory that they
 * lie in. Afterwards nobody may look at a buffer that the lease gave. Thread-safe; closed once,
 * further calls have no effect.
 */
public final class ValueLease implements AutoCloseable {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(ValueLease.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LeakDetector.Opening opening = LeakDetector.opened("value lease");
  private final ByteBuffer bytes;
  private final Runnable onClose;
  private volatile boolean closed;

  /**
   * A lease of what {@code bytes} has between its position and its limit; for engines.
   *
   * @param onClose run once, when the lease is closed
   */
  public ValueLease(ByteBuffer bytes, Runnable onClose) {
    this.bytes = bytes.slice().asReadOnlyBuffer();
    this.onClose = onClose;
  }

  /** A lease of an array that belongs to nobody else; null if there is none. */
  public static @Nullable ValueLease ofNullable(byte @Nullable [] value) {
    return value == null ? null : new ValueLease(ByteBuffer.wrap(value), () -> {});
  }

  /**
   * The value, from position 0 to the limit: a read-only buffer, with a position of its own for
   * each call.
   *
   * @throws PpdbException CLOSED after {@link #close}
   */
  public ByteBuffer buffer() {
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the lease is closed");
    }
    return bytes.duplicate();
  }

  /** How long the value is. */
  public int length() {
    return bytes.capacity();
  }

  @Override
  public void close() {
    if ((boolean) CLOSED.compareAndSet(this, false, true)) {
      opening.closed();
      onClose.run();
    }
  }
}
