package io.ppdb.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.server.metrics.ServerMetrics;
import io.ppdb.server.net.ChannelGate;
import io.ppdb.server.net.Connection;
import io.ppdb.server.net.RequestQueue;
import io.ppdb.server.net.Workers;
import io.ppdb.server.security.AuthenticationException;
import io.ppdb.server.security.Gate;
import io.ppdb.server.security.Principal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of HTTP: its requests, one after the other. */
final class HttpConnection extends ChannelInboundHandlerAdapter
    implements Connection, RequestQueue.Server<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final String PROTOCOL = "http";
  private static final String BASIC = "Basic ";

  private final Channel channel;
  private final Router router;
  private final Gate gate;
  private final ServerMetrics metrics;
  private final ChannelGate writable;
  private final RequestQueue<FullHttpRequest> requests;
  private volatile boolean draining;

  HttpConnection(
      Channel channel, Router router, Workers workers, Gate gate, ServerMetrics metrics) {
    this.channel = channel;
    this.router = router;
    this.gate = gate;
    this.metrics = metrics;
    this.writable = new ChannelGate(channel);
    this.requests = new RequestQueue<>(channel, workers, this, /* ownThread= */ false);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof FullHttpRequest request) {
      requests.add(request, request.content().readableBytes());
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void serve(FullHttpRequest request) {
    long start = System.nanoTime();
    HttpProblem problem = null;
    try {
      if (request.decoderResult().isFailure()) {
        problem =
            new HttpProblem(
                HttpResponseStatus.BAD_REQUEST,
                "malformed request: " + request.decoderResult().cause().getMessage());
        new HttpExchange(channel, writable, request, new QueryStringDecoder("/"), Map.of(), null)
            .respond(problem);
        channel.close();
        return;
      }
      problem = answer(request);
    } finally {
      ReferenceCountUtil.release(request);
      metrics.request(PROTOCOL, "request", problem != null, System.nanoTime() - start);
    }
  }

  /** Answers; what was wrong, if something was. */
  private @Nullable HttpProblem answer(FullHttpRequest request) {
    QueryStringDecoder query = new QueryStringDecoder(request.uri());
    HttpExchange exchange = new HttpExchange(channel, writable, request, query, Map.of(), null);
    HttpProblem problem;
    try {
      String path = query.rawPath();
      if (!path.startsWith("/")) {
        throw new HttpProblem(
            HttpResponseStatus.BAD_REQUEST, "the path must begin with /, seen " + path);
      }
      Router.Match match = router.find(request.method(), path);
      Principal principal = match.access() == Router.Access.OPEN ? null : authenticate(request);
      exchange = new HttpExchange(channel, writable, request, query, match.parameters(), principal);
      match.handler().handle(exchange);
      return null;
    } catch (HttpProblem e) {
      problem = e;
    } catch (PpdbException e) {
      problem = new HttpProblem(status(e.code()), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.method(), request.uri(), e);
      problem = new HttpProblem(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error: " + e);
    }
    if (exchange.isAnswered()) {
      channel.close(); // amid a body there is no other way to say that something is wrong
    } else {
      exchange.respond(problem);
    }
    return problem;
  }

  private Principal authenticate(FullHttpRequest request) throws HttpProblem {
    String header = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    try {
      if (header == null) {
        return gate.begin(Gate.OWNER, PROTOCOL, remote).withoutProof();
      }
      if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
        throw new HttpProblem(HttpResponseStatus.UNAUTHORIZED, "expected Basic authentication")
            .with("WWW-Authenticate", "Basic realm=\"ppdb\", charset=\"UTF-8\"");
      }
      String pair =
          new String(
              Base64.getDecoder().decode(header.substring(BASIC.length()).trim()),
              StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw new HttpProblem(HttpResponseStatus.BAD_REQUEST, "Basic: expected user:password");
      }
      Principal principal =
          gate.begin(pair.substring(0, colon), PROTOCOL, remote)
              .withPassword(pair.substring(colon + 1));
      metrics.login(PROTOCOL, false);
      return principal;
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(HttpResponseStatus.BAD_REQUEST, "Basic: expected base 64");
    } catch (AuthenticationException e) {
      metrics.login(PROTOCOL, true);
      if (e.reason() == AuthenticationException.Reason.LIMIT) {
        throw new HttpProblem(HttpResponseStatus.TOO_MANY_REQUESTS, e.getMessage());
      }
      throw new HttpProblem(HttpResponseStatus.UNAUTHORIZED, e.getMessage())
          .with("WWW-Authenticate", "Basic realm=\"ppdb\", charset=\"UTF-8\"");
    }
  }

  private static HttpResponseStatus status(ErrorCode code) {
    return switch (code.kind()) {
      case USER ->
          code == ErrorCode.INSUFFICIENT_PRIVILEGE
              ? HttpResponseStatus.FORBIDDEN
              : HttpResponseStatus.BAD_REQUEST;
      case CONFLICT -> HttpResponseStatus.CONFLICT;
      case RESOURCE -> HttpResponseStatus.SERVICE_UNAVAILABLE;
      case CORRUPTION, INTERNAL -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
    };
  }

  @Override
  public boolean mayWait(FullHttpRequest request, boolean last) {
    return true;
  }

  @Override
  public void idle() {
    if (draining) {
      channel.close();
    }
  }

  @Override
  public void ended() {}

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writable.changed();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    requests.close();
    writable.changed();
    context.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !requests.isBusy()) {
      context.close();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("connection of {}: {}", channel.remoteAddress(), cause.toString());
    } else {
      LOG.error("connection of {} failed", channel.remoteAddress(), cause);
    }
    context.close();
  }

  @Override
  public void drain() {
    draining = true;
    if (!requests.isBusy()) {
      channel.close();
    }
  }

  @Override
  public void abort() {
    channel.close();
  }
}
