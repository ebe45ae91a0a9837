package io.ppdb.server;

import io.ppdb.database.Database;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Port;
import io.ppdb.server.config.Setting;
import io.ppdb.server.http.HttpProtocol;
import io.ppdb.server.http.OperationsRoutes;
import io.ppdb.server.http.Router;
import io.ppdb.server.metrics.ServerMetrics;
import io.ppdb.server.net.NetworkServer;
import io.ppdb.server.net.Protocol;
import io.ppdb.server.net.Workers;
import io.ppdb.server.postgres.PostgresProtocol;
import io.ppdb.server.security.AuditLog;
import io.ppdb.server.security.Gate;
import io.ppdb.server.security.ProtectedMode;
import io.ppdb.server.security.TlsCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A database that others reach over the network: its listeners, and what they share.
 *
 * <p>Everything is bound before {@link #start} returns, or nothing is. Thread-safe.
 */
public final class PpdbServer implements AutoCloseable {
  /** How long requests may take to end when the server stops. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Workers beside those that connections may need. */
  private static final int SPARE_WORKERS = 8;

  private final AuditLog audit;
  private final ServerMetrics metrics;
  private final Workers workers;
  private final NetworkServer network;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private volatile boolean ready;

  /** A protocol and where it listens. */
  public record Endpoint(String protocol, InetSocketAddress address) {
    /** {@code postgres=127.0.0.1:5432}. */
    @Override
    public String toString() {
      return protocol + "=" + hostAndPort();
    }

    public int port() {
      return address.getPort();
    }

    /** The address as URLs have it. */
    public String hostAndPort() {
      String host = address.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
  }

  private PpdbServer(Configuration configuration) {
    String auditFile = configuration.get(Setting.AUDIT_LOG);
    this.audit = auditFile.isEmpty() ? AuditLog.none() : AuditLog.to(Path.of(auditFile));
    this.metrics = new ServerMetrics();
    int maxConnections = configuration.get(Setting.MAX_CONNECTIONS);
    this.workers = new Workers(maxConnections + SPARE_WORKERS);
    this.network =
        new NetworkServer(maxConnections, configuration.get(Setting.OWN_THREADS), metrics);
  }

  /**
   * Starts serving a database, which stays the caller's to close after the server.
   *
   * @throws io.ppdb.server.config.ConfigurationException if the configuration cannot be used: an
   *     address that is taken, files that are no certificate, a server that is open to others
   *     without password and TLS
   */
  public static PpdbServer start(Database database, Configuration configuration) {
    PpdbServer server = new PpdbServer(configuration);
    try {
      server.listen(database, configuration);
      server.ready = true;
      return server;
    } catch (RuntimeException | Error e) {
      server.stop(Duration.ZERO);
      throw e;
    }
  }

  private void listen(Database database, Configuration configuration) {
    Gate gate = new Gate(database, configuration, audit);
    ProtectedMode.check(configuration, gate);
    Optional<TlsCertificates> tls = TlsCertificates.of(configuration);
    metrics.gauge("ppdb.workers", "threads that serve requests", workers, Workers::count);
    Router router = new Router();
    OperationsRoutes.addTo(router, metrics, () -> ready);
    listen(
        new PostgresProtocol(database, gate, workers, metrics, audit, tls, configuration),
        configuration,
        Setting.POSTGRES);
    listen(
        new HttpProtocol(router, workers, gate, metrics, tls, configuration),
        configuration,
        Setting.HTTP);
  }

  private void listen(Protocol protocol, Configuration configuration, Setting<Port> setting) {
    Port port = configuration.get(setting);
    if (port.isOff()) {
      return;
    }
    for (InetAddress address : ProtectedMode.addresses(configuration)) {
      endpoints.add(new Endpoint(protocol.name(), network.listen(protocol, address, port)));
    }
  }

  /** Where it listens. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /** Where a protocol listens first; empty if it does not. */
  public Optional<Endpoint> endpoint(String protocol) {
    return endpoints.stream().filter(each -> each.protocol().equals(protocol)).findFirst();
  }

  private void stop(Duration grace) {
    ready = false;
    network.stop(grace);
    workers.close();
    metrics.close();
    audit.close();
  }

  /** Stops: requests under way have some seconds to end. */
  @Override
  public void close() {
    stop(GRACE);
  }
}
