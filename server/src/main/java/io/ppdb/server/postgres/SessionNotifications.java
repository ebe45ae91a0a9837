package io.ppdb.server.postgres;

import io.ppdb.server.postgres.NotificationHub.Notification;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a session listens to, what has come for it, and what it sends when its transaction commits.
 * Used by one worker at a time, but for what others send.
 */
final class SessionNotifications implements NotificationHub.Listener {
  private final NotificationHub hub;
  private final int processId;
  private final Runnable wake;

  private final Set<String> channels = new LinkedHashSet<>();
  private final Set<Notification> unsent = new LinkedHashSet<>();
  private final Queue<Notification> arrived = new ConcurrentLinkedQueue<>();

  /**
   * @param wake lets a worker deliver what has come
   */
  SessionNotifications(NotificationHub hub, int processId, Runnable wake) {
    this.hub = hub;
    this.processId = processId;
    this.wake = wake;
  }

  void listen(String channel) {
    if (channels.add(channel)) {
      hub.listen(channel, this);
    }
  }

  /**
   * @param channel empty for all
   */
  void unlisten(String channel) {
    if (channel.isEmpty()) {
      channels.forEach(each -> hub.unlisten(each, this));
      channels.clear();
    } else if (channels.remove(channel)) {
      hub.unlisten(channel, this);
    }
  }

  /**
   * Sends a notification, now or when the transaction commits; the same one of a transaction goes
   * out once.
   */
  void send(String channel, String payload, boolean now) {
    Notification notification = new Notification(processId, channel, payload);
    if (now) {
      hub.send(notification);
    } else {
      unsent.add(notification);
    }
  }

  void committed() {
    unsent.forEach(hub::send);
    unsent.clear();
  }

  void rolledBack() {
    unsent.clear();
  }

  @Override
  public void notified(Notification notification) {
    arrived.add(notification);
    wake.run();
  }

  /** Writes what has come, if the session is outside of a transaction. */
  void deliver(BackendWriter out, boolean idle) {
    while (idle) {
      Notification next = arrived.poll();
      if (next == null) {
        return;
      }
      out.notification(next.processId(), next.channel(), next.payload());
    }
  }
}
