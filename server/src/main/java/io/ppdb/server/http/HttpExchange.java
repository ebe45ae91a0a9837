package io.ppdb.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.ppdb.server.net.ChannelGate;
import io.ppdb.server.security.Principal;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request and its answer. Used by one worker. */
public final class HttpExchange {
  private final Channel channel;
  private final ChannelGate gate;
  private final FullHttpRequest request;
  private final QueryStringDecoder query;
  private final Map<String, String> parameters;
  private final @Nullable Principal principal;
  private boolean answered;

  HttpExchange(
      Channel channel,
      ChannelGate gate,
      FullHttpRequest request,
      QueryStringDecoder query,
      Map<String, String> parameters,
      @Nullable Principal principal) {
    this.channel = channel;
    this.gate = gate;
    this.request = request;
    this.query = query;
    this.parameters = parameters;
    this.principal = principal;
  }

  public HttpMethod method() {
    return request.method();
  }

  /** The value of a name in the route's path. */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  /** The first value of a name in the query. */
  public Optional<String> queryParameter(String name) {
    List<String> values = query.parameters().get(name);
    return values == null ? Optional.empty() : Optional.of(values.get(0));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.headers().get(name));
  }

  /** The bytes that were sent. */
  public byte[] body() {
    byte[] bytes = new byte[request.content().readableBytes()];
    request.content().getBytes(request.content().readerIndex(), bytes);
    return bytes;
  }

  /** Who asks; empty on routes that are open to all. */
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }

  /** Answers with a text. */
  public void respond(HttpResponseStatus status, String contentType, String body) {
    respond(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with bytes. */
  public void respond(HttpResponseStatus status, String contentType, byte[] body) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    send(response);
  }

  /** What a HEAD request gets has no body. */
  private ByteBuf content(byte[] body) {
    return method().equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
  }

  void respond(HttpProblem problem) {
    byte[] body = problem.json().getBytes(StandardCharsets.UTF_8);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, problem.status(), content(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    problem.headers().forEach(response.headers()::set);
    send(response);
  }

  /**
   * Answers piece by piece, as fast as the client reads: what is written waits for it. Must be
   * closed.
   */
  public OutputStream stream(HttpResponseStatus status, String contentType) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    send(response);
    return new ChunkedOutput(channel, gate);
  }

  private void send(Object response) {
    if (answered) {
      throw new IllegalStateException("this request has its answer");
    }
    answered = true;
    channel.writeAndFlush(response);
  }

  boolean isAnswered() {
    return answered;
  }
}
