package io.ppdb.server.net;

import io.netty.channel.Channel;

/**
 * Lets a worker that writes to a channel wait until the client has read enough of it. Told of
 * changes by the channel's handler.
 */
public final class ChannelGate {
  private static final long CHECK_MILLIS = 1000;

  private final Channel channel;

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
    boolean interrupted = false;
    synchronized (this) {
      while (channel.isActive() && !channel.isWritable()) {
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
    return channel.isActive();
  }
}
