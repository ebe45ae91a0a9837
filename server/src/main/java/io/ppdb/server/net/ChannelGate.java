package io.ppdb.server.net;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets who writes to a channel wait until the client has read enough of it: a worker, which is told
 * of changes by the channel's handler, or the channel's own event loop, which tries again.
 */
public final class ChannelGate {
  private static final long CHECK_MILLIS = 1000;

  private static final long LEAST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long MOST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Channel channel;
  private volatile boolean abandoned;

  public ChannelGate(Channel channel) {
    this.channel = channel;
  }

  /** The channel has become writable, or not, or has ended. */
  public synchronized void changed() {
    notifyAll();
  }

  /** Waits until the channel takes more; whether it does, rather than having ended. */
  public boolean awaitWritable() {
    if (channel.isWritable()) {
      return true;
    }
    return channel.eventLoop().inEventLoop() ? flushUntilWritable() : awaitChange();
  }

  /** Nobody is to wait any more: what is not written is lost. */
  public void abandon() {
    abandoned = true;
    changed();
  }

  /** Nobody else can write while the event loop is here. */
  private boolean flushUntilWritable() {
    AbstractNioChannel.NioUnsafe unsafe = (AbstractNioChannel.NioUnsafe) channel.unsafe();
    long pause = LEAST_PAUSE_NANOS;
    while (channel.isActive() && !channel.isWritable() && !abandoned) {
      unsafe.forceFlush();
      if (!channel.isWritable()) {
        LockSupport.parkNanos(pause);
        pause = Math.min(MOST_PAUSE_NANOS, pause + pause / 2);
      }
    }
    return channel.isActive() && !abandoned;
  }

  private boolean awaitChange() {
    boolean interrupted = false;
    synchronized (this) {
      while (channel.isActive() && !channel.isWritable() && !abandoned) {
        try {
          wait(CHECK_MILLIS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return channel.isActive() && !abandoned;
  }
}
