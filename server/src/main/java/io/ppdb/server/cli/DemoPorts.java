package io.ppdb.server.cli;

import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Port;
import io.ppdb.server.config.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Ports for the demo, which must not fail because something else listens at the usual ones. */
final class DemoPorts {
  private DemoPorts() {}

  /** The configuration with free ports in place of those that are taken. */
  static Configuration free(Configuration configuration) {
    Configuration free = configuration;
    for (Setting<Port> each : List.of(Setting.POSTGRES, Setting.HTTP)) {
      Port port = free.get(each);
      if (!port.isOff() && isTaken(port.bindNumber())) {
        free = free.with(each, Port.AUTO);
      }
    }
    return free;
  }

  private static boolean isTaken(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return !probe.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}
