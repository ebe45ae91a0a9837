package io.ppdb.server.security;

import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.ConfigurationException;
import io.ppdb.server.config.Setting;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Where a server may listen: beyond this machine only with TLS and a password. */
public final class ProtectedMode {
  private ProtectedMode() {}

  /** The addresses to bind. */
  public static List<InetAddress> addresses(Configuration configuration) {
    List<InetAddress> addresses = new ArrayList<>();
    for (String each : configuration.get(Setting.BIND)) {
      try {
        addresses.add(InetAddress.getByName(each));
      } catch (UnknownHostException e) {
        throw new ConfigurationException(
            "server.bind: '" + each + "' is no address of this machine", e);
      }
    }
    return addresses;
  }

  /** Refuses what would let others in without a password or in the clear. */
  public static void check(Configuration configuration, Gate gate) {
    List<InetAddress> open =
        addresses(configuration).stream().filter(each -> !each.isLoopbackAddress()).toList();
    if (open.isEmpty() || !configuration.get(Setting.PROTECTED_MODE)) {
      return;
    }
    List<String> missing = new ArrayList<>();
    if (configuration.get(Setting.TLS_CERTIFICATE).isEmpty()) {
      missing.add("[tls]\ncert = \"server.pem\"\nkey = \"server.key\"\nrequired = true");
    } else if (!configuration.get(Setting.TLS_REQUIRED)) {
      missing.add("[tls]\nrequired = true");
    }
    String password = "";
    if (!gate.hasPassword()) {
      password =
          "\nNo role has a password yet; set one first:\n"
              + "  ppdb sql -d DIR -c \"ALTER ROLE ppdb PASSWORD '…'\"";
    }
    if (missing.isEmpty() && password.isEmpty()) {
      return;
    }
    throw new ConfigurationException(
        "protected mode: "
            + open.get(0).getHostAddress()
            + " is reached from other machines, and "
            + (missing.isEmpty() ? "nobody needs a password" : "TLS is not required of clients")
            + "."
            + (missing.isEmpty()
                ? ""
                : "\nAdd to the configuration:\n" + String.join("\n", missing))
            + password
            + "\n"
            + "Or listen on 127.0.0.1 only, or set server.protected_mode = false where the network"
            + " itself is safe.");
  }
}
