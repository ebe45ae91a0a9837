package io.ppdb.server.net;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection, in the order in which they came: added by its event loop, served
 * by at most one thread at a time. While too much waits, the connection is not read from.
 *
 * <p>That thread is the event loop itself if it has no other connection, but for requests that wait
 * for further ones, which it would have to read; else it is a worker.
 *
 * @param <T> a request; released if nobody serves it any more
 */
public final class RequestQueue<T> {
  /** Bytes above which the connection is not read from, and below which it is again. */
  private static final long MAX_WAITING_BYTES = 1 << 20;

  /** What a request holds beside its bytes, about. */
  private static final int REQUEST_BYTES = 64;

  /** What serves requests. */
  public interface Server<T> {
    /** Serves a request; may take more from the queue, if {@link #mayWait} says so. */
    void serve(T request);

    /**
     * Whether serving a request may wait for what comes after it.
     *
     * @param last whether nothing has come yet
     */
    boolean mayWait(T request, boolean last);

    /** Nothing waits any more, for the moment. */
    void idle();

    /** The connection has ended, and nothing is served any more. Once, on a worker. */
    void ended();
  }

  private record Entry<T>(T request, int bytes) {}

  private final Channel channel;
  private final Workers workers;
  private final Server<T> server;
  private final boolean ownThread;

  // Guarded by this object's monitor.
  private final ArrayDeque<Entry<T>> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean served;
  private boolean closed;

  /**
   * @param ownThread whether the event loop may serve: it is to call {@link #serveHere} then, when
   *     it has read what is there
   */
  public RequestQueue(Channel channel, Workers workers, Server<T> server, boolean ownThread) {
    this.ownThread = ownThread;
    this.channel = channel;
    this.workers = workers;
    this.server = server;
  }

  /**
   * Adds a request.
   *
   * @param contentBytes what it has for content
   */
  public void add(T request, int contentBytes) {
    int bytes = REQUEST_BYTES + contentBytes;
    boolean start;
    synchronized (this) {
      if (closed) {
        ReferenceCountUtil.release(request);
        return;
      }
      waiting.add(new Entry<>(request, bytes));
      waitingBytes += bytes;
      if (waitingBytes > MAX_WAITING_BYTES) {
        channel.config().setAutoRead(false);
      }
      start = !served && !ownThread;
      served |= start;
      notifyAll();
    }
    if (start) {
      start();
    } else if (ownThread && !channel.eventLoop().inEventLoop()) {
      channel.eventLoop().execute(this::serveHere);
    }
  }

  private void start() {
    try {
      workers.execute(() -> serveAll(/* here= */ false));
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        served = false;
      }
      close();
      channel.close();
    }
  }

  /** Serves what has come, on the event loop, unless a worker is at it. */
  public void serveHere() {
    synchronized (this) {
      if (!ownThread || served || waiting.isEmpty()) {
        return;
      }
      served = true;
    }
    serveAll(/* here= */ true);
  }

  private void serveAll(boolean here) {
    while (true) {
      if (here && mayWait()) {
        start();
        return;
      }
      T request = poll();
      if (request != null) {
        server.serve(request);
        continue;
      }
      server.idle();
      if (ownThread && !here) {
        giveBack();
        return;
      }
      synchronized (this) {
        if (!waiting.isEmpty()) {
          continue;
        }
        served = false;
        if (!closed) {
          return;
        }
      }
      server.ended();
      return;
    }
  }

  /**
   * Lets the event loop go on when it has written what this worker gave it to write: what it would
   * write itself must come after that.
   */
  private void giveBack() {
    try {
      channel.eventLoop().execute(() -> serveAll(/* here= */ true));
    } catch (RejectedExecutionException e) {
      close(); // the loops have stopped: the connection is gone
      server.ended();
    }
  }

  /** Whether the next request is one for a worker. */
  private boolean mayWait() {
    T next;
    boolean last;
    synchronized (this) {
      Entry<T> entry = waiting.peek();
      if (entry == null) {
        return false;
      }
      next = entry.request();
      last = waiting.size() == 1;
    }
    return server.mayWait(next, last);
  }

  /** Takes the next request; null if none waits. For who serves. */
  public synchronized @Nullable T poll() {
    Entry<T> next = waiting.poll();
    if (next == null) {
      return null;
    }
    waitingBytes -= next.bytes();
    if (waitingBytes <= MAX_WAITING_BYTES && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
    return next.request();
  }

  /**
   * The next request, which stays; waits a moment if it is not there yet. Null if none comes. For
   * the worker.
   */
  public synchronized @Nullable T peek(long timeoutMillis) throws InterruptedException {
    await(timeoutMillis);
    Entry<T> next = waiting.peek();
    return next == null ? null : next.request();
  }

  /**
   * Takes the next request when it has come; null if the connection ends or none comes in time. For
   * the worker.
   */
  public synchronized @Nullable T take(long timeoutMillis) throws InterruptedException {
    await(timeoutMillis);
    return poll();
  }

  private synchronized void await(long timeoutMillis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (waiting.isEmpty() && !closed) {
      long remaining = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (remaining <= 0) {
        return;
      }
      wait(remaining);
    }
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  /** Ends it: what waits is released, and nothing is taken any more. */
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      for (Entry<T> each : waiting) {
        ReferenceCountUtil.release(each.request());
      }
      waiting.clear();
      waitingBytes = 0;
      notifyAll();
      if (served) {
        return;
      }
    }
    try {
      workers.execute(server::ended);
    } catch (RejectedExecutionException e) {
      server.ended();
    }
  }

  /** Whether a request is served or waits. */
  public synchronized boolean isBusy() {
    return served || !waiting.isEmpty();
  }
}
