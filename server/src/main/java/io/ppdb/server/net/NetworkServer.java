package io.ppdb.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ppdb.server.config.ConfigurationException;
import io.ppdb.server.config.Port;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets that are listened to, and the connections that came by them. Thread-safe.
 *
 * <p>Stops in order: first nobody new is let in, then connections end as they become idle, and what
 * is not over when the grace has run out is aborted.
 */
public final class NetworkServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);
  private static final int BACKLOG = 1024;
  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final int maxConnections;
  private final ConnectionObserver observer;
  private final MultiThreadIoEventLoopGroup acceptors;
  private final MultiThreadIoEventLoopGroup loops;
  private final SessionLoops sessionLoops;
  private final List<Channel> listeners = new ArrayList<>();
  private final Map<Channel, Connection> connections = new ConcurrentHashMap<>();

  /** Is told of connections. */
  public interface ConnectionObserver {
    void opened(String protocol);

    void closed(String protocol);

    void refused(String protocol);
  }

  /**
   * @param ownThreads how many connections at a time have a thread of their own
   */
  public NetworkServer(int maxConnections, int ownThreads, ConnectionObserver observer) {
    this.maxConnections = maxConnections;
    this.observer = observer;
    this.acceptors =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("ppdb-accept", true), NioIoHandler.newFactory());
    int loopCount = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            loopCount, new DefaultThreadFactory("ppdb-loop", true), NioIoHandler.newFactory());
    this.sessionLoops = new SessionLoops(ownThreads, loopCount);
  }

  /**
   * Listens.
   *
   * @return the address, with the port that was chosen
   * @throws ConfigurationException if the address cannot be bound
   */
  public InetSocketAddress listen(Protocol protocol, InetAddress address, Port port) {
    InetSocketAddress wanted = new InetSocketAddress(address, port.bindNumber());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(acceptors, protocol.servesOnLoop() ? sessionLoops.group() : loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(protocol, channel);
                  }
                })
            .bind(wanted)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ConfigurationException(
          "cannot listen for "
              + protocol.name()
              + " at "
              + address.getHostAddress()
              + ":"
              + port.bindNumber()
              + ": "
              + bound.cause().getMessage()
              + " (listen."
              + protocol.name()
              + " = \"auto\" takes a free port)",
          bound.cause());
    }
    synchronized (listeners) {
      listeners.add(bound.channel());
    }
    return (InetSocketAddress) bound.channel().localAddress();
  }

  private void accept(Protocol protocol, Channel channel) {
    channel.closeFuture().addListener(done -> sessionLoops.release(channel.eventLoop()));
    if (connections.size() >= maxConnections) {
      observer.refused(protocol.name());
      protocol.refuse(channel);
      return;
    }
    Connection connection = protocol.accept(channel, sessionLoops.isOwn(channel.eventLoop()));
    connections.put(channel, connection);
    observer.opened(protocol.name());
    channel
        .closeFuture()
        .addListener(
            done -> {
              connections.remove(channel);
              observer.closed(protocol.name());
            });
  }

  /** How many connections are open. */
  public int connectionCount() {
    return connections.size();
  }

  /** Stops; returns when no connection is left. */
  public void stop(Duration grace) {
    synchronized (listeners) {
      listeners.forEach(listener -> listener.close().awaitUninterruptibly());
      listeners.clear();
    }
    connections.values().forEach(Connection::drain);
    awaitEnd(grace);
    if (!connections.isEmpty()) {
      LOG.info("{} connections are busy and are ended", connections.size());
      connections.values().forEach(Connection::abort);
      awaitEnd(Duration.ofSeconds(5));
    }
    connections.keySet().forEach(channel -> channel.close().awaitUninterruptibly());
    acceptors.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    sessionLoops.stop();
  }

  private void awaitEnd(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (Channel each : connections.keySet()) {
      long remaining = end - System.nanoTime();
      if (remaining <= 0) {
        return;
      }
      each.closeFuture().awaitUninterruptibly(remaining, TimeUnit.NANOSECONDS);
    }
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
