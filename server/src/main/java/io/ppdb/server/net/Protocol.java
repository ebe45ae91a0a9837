package io.ppdb.server.net;

import io.netty.channel.Channel;

/** A way to speak to the server; one object serves all listeners and connections of it. */
public interface Protocol {
  /** Its name in the ready line, in metrics and in logs: {@code postgres}. */
  String name();

  /**
   * Readies the pipeline of a connection, on its event loop.
   *
   * @return what the server asks of the connection later
   */
  Connection accept(Channel channel);

  /** Tells a client that there are too many, and closes. */
  void refuse(Channel channel);
}
