package io.ppdb.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;

/** Parts of URLs. */
final class UrlText {
  private UrlText() {}

  /** A segment of a path with its {@code %} sequences decoded; 400 if they are malformed. */
  static String decode(String segment) throws HttpProblem {
    try {
      // A plus is itself in a path; only in a query it stands for a space.
      return QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(
          HttpResponseStatus.BAD_REQUEST,
          "'" + segment + "' is not URL-encoded: " + e.getMessage());
    }
  }
}
