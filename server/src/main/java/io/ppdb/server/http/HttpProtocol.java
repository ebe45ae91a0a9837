package io.ppdb.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Setting;
import io.ppdb.server.metrics.ServerMetrics;
import io.ppdb.server.net.Connection;
import io.ppdb.server.net.Protocol;
import io.ppdb.server.net.Workers;
import io.ppdb.server.security.Gate;
import io.ppdb.server.security.TlsCertificates;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1, with or without TLS at the same port. */
public final class HttpProtocol implements Protocol {
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 16 << 10;

  /** Connections that ask for nothing end after this time, if nothing else is configured. */
  private static final long IDLE_SECONDS = 75;

  private static final String REFUSAL =
      String.join(
          "\r\n",
          "HTTP/1.1 503 Service Unavailable",
          "Connection: close",
          "Content-Length: 0",
          "Retry-After: 1",
          "",
          "");

  private final Router router;
  private final Workers workers;
  private final Gate gate;
  private final ServerMetrics metrics;
  private final Optional<TlsCertificates> tls;
  private final boolean tlsRequired;
  private final int maxBodyBytes;
  private final long idleMillis;

  public HttpProtocol(
      Router router,
      Workers workers,
      Gate gate,
      ServerMetrics metrics,
      Optional<TlsCertificates> tls,
      Configuration configuration) {
    this.router = router;
    this.workers = workers;
    this.gate = gate;
    this.metrics = metrics;
    this.tls = tls;
    this.tlsRequired = configuration.get(Setting.TLS_REQUIRED);
    this.maxBodyBytes = (int) Math.min(Integer.MAX_VALUE, configuration.get(Setting.MAX_FRAME));
    long configured = configuration.get(Setting.IDLE_TIMEOUT).toMillis();
    this.idleMillis = configured == 0 ? TimeUnit.SECONDS.toMillis(IDLE_SECONDS) : configured;
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public boolean servesOnLoop() {
    return false;
  }

  @Override
  public Connection accept(Channel channel, boolean ownThread) {
    ChannelPipeline pipeline = channel.pipeline();
    tls.ifPresent(
        certificates ->
            pipeline.addLast(
                tlsRequired
                    ? certificates.context().newHandler(channel.alloc())
                    : new OptionalSslHandler(certificates.context())));
    HttpConnection connection = new HttpConnection(channel, router, workers, gate, metrics);
    pipeline.addLast(
        new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, CHUNK_BYTES),
        new HttpServerKeepAliveHandler(),
        new HttpContentDecompressor(maxBodyBytes),
        new HttpContentCompressor(),
        new HttpObjectAggregator(maxBodyBytes),
        new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS),
        connection);
    return connection;
  }

  @Override
  public void refuse(Channel channel) {
    channel
        .writeAndFlush(Unpooled.copiedBuffer(REFUSAL, StandardCharsets.US_ASCII))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
