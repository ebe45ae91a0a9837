package io.ppdb.server.postgres;

/** The connection has ended while its session still had something to say. */
final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClientGoneException() {
    super("the client has gone", null, false, false);
  }
}
