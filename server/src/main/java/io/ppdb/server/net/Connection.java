package io.ppdb.server.net;

/** What a server asks of a connection of any protocol. Called from any thread. */
public interface Connection {
  /** Lets it end as soon as it does nothing for its client; it may say goodbye. */
  void drain();

  /** Ends what it does, with an error to its client, and closes it. */
  void abort();
}
