package io.ppdb.server.http;

/** Answers requests to a route; on a worker. */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Answers.
   *
   * @throws HttpProblem for an error that the client is to see
   */
  void handle(HttpExchange exchange) throws HttpProblem;
}
