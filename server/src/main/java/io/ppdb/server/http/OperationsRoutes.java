package io.ppdb.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.ppdb.server.http.Router.Access;
import io.ppdb.server.metrics.ServerMetrics;
import java.util.function.BooleanSupplier;

/** What operators ask: health, and metrics. */
public final class OperationsRoutes {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  private OperationsRoutes() {}

  /**
   * Adds {@code /health}, {@code /health/live}, {@code /health/ready} and {@code /metrics}.
   *
   * @param ready whether the server takes requests
   */
  public static void addTo(Router router, ServerMetrics metrics, BooleanSupplier ready) {
    router.add(HttpMethod.GET, "/health/live", Access.OPEN, OperationsRoutes::alive);
    for (String path : new String[] {"/health", "/health/ready"}) {
      router.add(
          HttpMethod.GET,
          path,
          Access.OPEN,
          exchange ->
              exchange.respond(
                  ready.getAsBoolean()
                      ? HttpResponseStatus.OK
                      : HttpResponseStatus.SERVICE_UNAVAILABLE,
                  JSON,
                  ready.getAsBoolean() ? "{\"status\":\"ready\"}" : "{\"status\":\"stopping\"}"));
    }
    router.add(
        HttpMethod.GET,
        "/metrics",
        Access.AUTHENTICATED,
        exchange -> exchange.respond(HttpResponseStatus.OK, PROMETHEUS, metrics.scrape()));
  }

  private static void alive(HttpExchange exchange) {
    exchange.respond(HttpResponseStatus.OK, JSON, "{\"status\":\"alive\"}");
  }
}
