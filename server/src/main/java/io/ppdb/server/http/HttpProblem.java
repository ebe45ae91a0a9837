package io.ppdb.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.ppdb.server.text.JsonString;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error for a client, as RFC 9457 has it. */
public final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpResponseStatus status;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  public HttpProblem(HttpResponseStatus status, String detail) {
    super(detail);
    this.status = status;
  }

  public HttpResponseStatus status() {
    return status;
  }

  /** Adds a header of the answer, such as {@code Allow}. */
  public HttpProblem with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** The document. */
  String json() {
    return "{\"type\":\"about:blank\",\"title\":"
        + JsonString.of(status.reasonPhrase())
        + ",\"status\":"
        + status.code()
        + ",\"detail\":"
        + JsonString.of(String.valueOf(getMessage()))
        + "}";
  }
}
