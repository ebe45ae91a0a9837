package io.ppdb.server.net;

import io.netty.channel.Channel;

/** A way to speak to the server; one object serves all listeners and connections of it. */
public interface Protocol {
  /** Its name in the ready line, in metrics and in logs: {@code postgres}. */
  String name();

  /** Whether its connections can make use of event loops that have no other connection. */
  boolean servesOnLoop();

  /**
   * Readies the pipeline of a connection, on its event loop.
   *
   * @param ownThread whether its event loop has no other connection: it may wait there
   * @return what the server asks of the connection later
   */
  Connection accept(Channel channel, boolean ownThread);

  /** Tells a client that there are too many, and closes. */
  void refuse(Channel channel);
}
