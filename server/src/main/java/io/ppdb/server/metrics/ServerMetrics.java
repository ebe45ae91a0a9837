package io.ppdb.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppdb.server.net.NetworkServer.ConnectionObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * The server's meters. Names of labels are few and their values bounded: protocols, kinds of
 * commands, outcomes. Thread-safe.
 */
public final class ServerMetrics implements ConnectionObserver, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();
  private final Map<RequestKey, Timer> requests = new ConcurrentHashMap<>();

  private record RequestKey(String protocol, String command, boolean failed) {}

  public ServerMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  @Override
  public void opened(String protocol) {
    connections.computeIfAbsent(protocol, this::newConnectionGauge).incrementAndGet();
    counter("ppdb.connections.opened", "protocol", protocol).increment();
  }

  @Override
  public void closed(String protocol) {
    connections.computeIfAbsent(protocol, this::newConnectionGauge).decrementAndGet();
  }

  @Override
  public void refused(String protocol) {
    counter("ppdb.connections.refused", "protocol", protocol).increment();
  }

  private AtomicInteger newConnectionGauge(String protocol) {
    AtomicInteger count = new AtomicInteger();
    Gauge.builder("ppdb.connections", count, AtomicInteger::get)
        .tag("protocol", protocol)
        .register(registry);
    return count;
  }

  /** Somebody has tried to log in. */
  public void login(String protocol, boolean failed) {
    registry
        .counter("ppdb.logins", "protocol", protocol, "outcome", failed ? "failed" : "ok")
        .increment();
  }

  /**
   * A request is over.
   *
   * @param command what kind of request, of a bounded set: {@code SELECT}
   * @param nanos how long it took
   */
  public void request(String protocol, String command, boolean failed, long nanos) {
    requests
        .computeIfAbsent(new RequestKey(protocol, command, failed), this::newTimer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer newTimer(RequestKey key) {
    return Timer.builder("ppdb.request")
        .tags("protocol", key.protocol(), "command", key.command())
        .tag("outcome", key.failed() ? "failed" : "ok")
        .publishPercentileHistogram(false)
        .register(registry);
  }

  private Counter counter(String name, String tag, String value) {
    return registry.counter(name, Tags.of(tag, value));
  }

  /** Shows what {@code value} tells of {@code object} at the moment of asking. */
  public <T> void gauge(String name, String description, T object, ToDoubleFunction<T> value) {
    Gauge.builder(name, object, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /** All meters in Prometheus' text form. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
