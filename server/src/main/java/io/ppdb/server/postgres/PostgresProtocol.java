package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.ppdb.database.Database;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Setting;
import io.ppdb.server.metrics.ServerMetrics;
import io.ppdb.server.net.ChannelGate;
import io.ppdb.server.net.Connection;
import io.ppdb.server.net.Protocol;
import io.ppdb.server.net.Workers;
import io.ppdb.server.security.AuditLog;
import io.ppdb.server.security.Gate;
import io.ppdb.server.security.TlsCertificates;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The PostgreSQL protocol, version 3, for one database. */
public final class PostgresProtocol implements Protocol {
  static final String NAME = "postgres";

  /**
   * What all connections share.
   *
   * @param backends sessions that can be cancelled
   */
  record Services(
      Database database,
      Gate gate,
      Workers workers,
      ServerMetrics metrics,
      AuditLog audit,
      Optional<TlsCertificates> tls,
      Configuration configuration,
      Backends backends,
      NotificationHub notifications) {}

  private final Services services;

  public PostgresProtocol(
      Database database,
      Gate gate,
      Workers workers,
      ServerMetrics metrics,
      AuditLog audit,
      Optional<TlsCertificates> tls,
      Configuration configuration) {
    this.services =
        new Services(
            database,
            gate,
            workers,
            metrics,
            audit,
            tls,
            configuration,
            new Backends(),
            new NotificationHub());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean servesOnLoop() {
    return true;
  }

  @Override
  public Connection accept(Channel channel, boolean ownThread) {
    Configuration configuration = services.configuration();
    FrontendDecoder decoder =
        new FrontendDecoder(
            (int) Math.min(Integer.MAX_VALUE - 8, configuration.get(Setting.MAX_FRAME)));
    PostgresConnection connection = new PostgresConnection(channel, decoder, services, ownThread);
    ChannelPipeline pipeline = channel.pipeline();
    long idleMillis = configuration.get(Setting.IDLE_TIMEOUT).toMillis();
    if (idleMillis > 0) {
      pipeline.addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
    }
    pipeline.addLast(decoder, connection);
    return connection;
  }

  @Override
  public void refuse(Channel channel) {
    BackendWriter writer = new BackendWriter(channel, new ChannelGate(channel));
    writer.error("FATAL", "53300", "sorry, too many clients already", 0);
    ByteBuf message = writer.buffer();
    channel.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
  }
}
