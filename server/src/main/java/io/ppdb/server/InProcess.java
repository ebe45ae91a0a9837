package io.ppdb.server;

import io.ppdb.database.Database;
import io.ppdb.database.session.EmbeddedProvider;
import io.ppdb.jdbc.session.SqlSession;

/** Sessions of databases that this process opens itself. */
public final class InProcess {
  private InProcess() {}

  /** A session of the database at {@code location}: a directory, or {@code SCHEME://…}. */
  public static SqlSession session(String location) {
    return EmbeddedProvider.session(Database.open(location));
  }
}
