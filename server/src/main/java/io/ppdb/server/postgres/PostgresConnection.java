package io.ppdb.server.postgres;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.ppdb.kv.PpdbException;
import io.ppdb.server.config.Setting;
import io.ppdb.server.net.ChannelGate;
import io.ppdb.server.net.Connection;
import io.ppdb.server.net.RequestQueue;
import io.ppdb.server.postgres.PostgresProtocol.Services;
import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of the PostgreSQL protocol, from its first byte to its end. Frames come on the event
 * loop; all but requests for encryption are served one after the other, by the event loop if it has
 * no other connection, else by workers.
 */
final class PostgresConnection extends ChannelInboundHandlerAdapter
    implements Connection, RequestQueue.Server<Frame> {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresConnection.class);

  private final Channel channel;
  private final FrontendDecoder decoder;
  private final Services services;
  private final ChannelGate writable;
  private final RequestQueue<Frame> requests;
  private final BackendWriter out;
  private final Login login;

  private volatile @Nullable PostgresSession session;
  private volatile boolean draining;
  private volatile @Nullable ScheduledFuture<?> loginTimeout;

  /** Nothing is to be said to the client any more; for who serves. */
  private boolean over;

  PostgresConnection(
      Channel channel, FrontendDecoder decoder, Services services, boolean ownThread) {
    this.channel = channel;
    this.decoder = decoder;
    this.services = services;
    this.writable = new ChannelGate(channel);
    this.requests = new RequestQueue<>(channel, services.workers(), this, ownThread);
    this.out = new BackendWriter(channel, writable);
    this.login = new Login(channel, services, out, requests);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    long millis = services.configuration().get(Setting.LOGIN_TIMEOUT).toMillis();
    if (millis > 0) {
      loginTimeout =
          context.executor().schedule(() -> context.close(), millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Lets the connection stay; it would be held by the timeout even when it has ended. */
  private void cancelLoginTimeout() {
    ScheduledFuture<?> pending = loginTimeout;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Frame frame = (Frame) message;
    if (frame.type() == Frame.STARTUP) {
      int code = frame.content().getInt(frame.content().readerIndex());
      if (code == FrontendDecoder.SSL_REQUEST || code == FrontendDecoder.GSS_REQUEST) {
        frame.release();
        answerEncryption(context, code == FrontendDecoder.SSL_REQUEST);
        return;
      }
    }
    requests.add(frame, frame.content().readableBytes());
  }

  /** One letter: whether what follows is encrypted. */
  private void answerEncryption(ChannelHandlerContext context, boolean tls) {
    boolean encrypt =
        tls && services.tls().isPresent() && context.pipeline().get(SslHandler.class) == null;
    if (encrypt) {
      SslHandler handler = services.tls().get().context().newHandler(context.alloc());
      context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'S'}));
      context.pipeline().addFirst(handler);
    } else {
      context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'N'}));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    requests.serveHere();
    context.fireChannelReadComplete();
  }

  @Override
  public boolean mayWait(Frame frame, boolean last) {
    PostgresSession open = session;
    return open != null && open.mayWait(frame, last);
  }

  @Override
  public void serve(Frame frame) {
    try {
      if (over || frame.type() == Frame.WAKE) {
        return;
      }
      if (frame.type() == Frame.TERMINATE) {
        over = true;
        channel.close();
        return;
      }
      PostgresSession open = session;
      if (open != null) {
        open.serve(frame);
        return;
      }
      PostgresSession begun = login.serve(frame);
      if (begun != null) {
        cancelLoginTimeout();
        decoder.setLoggedIn();
        session = begun;
        begun.ready();
      } else if (login.isOver()) {
        goodbye();
      }
    } catch (ClientGoneException e) {
      over = true;
    } catch (ProtocolException e) {
      fatal(e.sqlState(), String.valueOf(e.getMessage()));
    } catch (PpdbException e) {
      fatal(e.code().sqlState(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      LOG.error("session of {} failed", channel.remoteAddress(), e);
      fatal("XX000", "internal error: " + e);
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  @Override
  public void idle() {
    if (over) {
      return;
    }
    try {
      PostgresSession open = session;
      if (open != null && open.isIdle()) {
        open.deliverNotifications();
        if (draining) {
          fatal("57P01", "terminating connection due to administrator command");
          return;
        }
      }
      out.flush();
    } catch (ClientGoneException e) {
      over = true;
    }
  }

  private void fatal(String sqlState, String message) {
    if (!over) {
      out.error("FATAL", sqlState, message, 0);
      goodbye();
    }
  }

  /** Sends what was written and closes. */
  private void goodbye() {
    over = true;
    try {
      out.flush();
    } catch (ClientGoneException e) {
      return;
    }
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void ended() {
    over = true;
    PostgresSession open = session;
    session = null;
    try {
      if (open != null) {
        open.end();
      }
    } catch (RuntimeException e) {
      LOG.error("session of {} could not be ended", channel.remoteAddress(), e);
    } finally {
      out.release();
      login.ended();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writable.changed();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelLoginTimeout();
    PostgresSession open = session;
    if (open != null) {
      open.abort();
    }
    writable.changed();
    requests.close();
    context.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    PostgresSession open = session;
    if (event instanceof IdleStateEvent) {
      if (!requests.isBusy() && (open == null || open.isIdle())) {
        drain();
      }
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root = cause instanceof DecoderException ? cause.getCause() : cause;
    if (root instanceof ProtocolException protocol) {
      // The worker may be writing: the error goes to the channel by itself, after what it has sent.
      BackendWriter last = new BackendWriter(channel, writable);
      last.error("FATAL", protocol.sqlState(), String.valueOf(protocol.getMessage()), 0);
      context.writeAndFlush(last.buffer()).addListener(ChannelFutureListener.CLOSE);
      return;
    }
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
    requests.add(new Frame(Frame.WAKE, Unpooled.EMPTY_BUFFER), 0);
  }

  @Override
  public void abort() {
    PostgresSession open = session;
    if (open == null) {
      channel.close();
      return;
    }
    open.abort();
    writable.abandon();
    channel.eventLoop().schedule(() -> channel.close(), 1, TimeUnit.SECONDS);
  }
}
