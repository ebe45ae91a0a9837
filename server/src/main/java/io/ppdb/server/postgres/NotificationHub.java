package io.ppdb.server.postgres;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** LISTEN and NOTIFY between the sessions of a server. Thread-safe. */
final class NotificationHub {
  /** Whoever listens. */
  interface Listener {
    /** A notification was sent; from any thread, must not wait. */
    void notified(Notification notification);
  }

  /**
   * What was sent.
   *
   * @param processId the number of the session that sent it
   */
  record Notification(int processId, String channel, String payload) {}

  private final Map<String, Set<Listener>> listeners = new ConcurrentHashMap<>();

  void listen(String channel, Listener listener) {
    listeners.compute(
        channel,
        (name, known) -> {
          Set<Listener> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(listener);
          return all;
        });
  }

  void unlisten(String channel, Listener listener) {
    listeners.computeIfPresent(
        channel,
        (name, known) -> {
          known.remove(listener);
          return known.isEmpty() ? null : known;
        });
  }

  void unlistenAll(Listener listener) {
    for (String channel : listeners.keySet()) {
      unlisten(channel, listener);
    }
  }

  void send(Notification notification) {
    listeners
        .getOrDefault(notification.channel(), Set.of())
        .forEach(each -> each.notified(notification));
  }
}
