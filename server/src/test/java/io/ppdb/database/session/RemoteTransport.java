package io.ppdb.database.session;

import io.ppdb.server.TestServer;
import org.jspecify.annotations.Nullable;

/** Servers for tests of JDBC, one at a time. */
public final class RemoteTransport implements JdbcTransport {
  private static @Nullable TestServer server;

  @Override
  public synchronized String newDatabase(String name) {
    TestServer before = server;
    if (before != null) {
      before.close();
    }
    TestServer started = TestServer.start();
    server = started;
    return "jdbc:ppdb://" + started.hostAndPort("postgres") + "/ppdb";
  }
}
