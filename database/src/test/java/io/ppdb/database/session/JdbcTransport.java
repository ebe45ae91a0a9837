package io.ppdb.database.session;

/** A way to databases that tests of JDBC use; found by {@link java.util.ServiceLoader}. */
public interface JdbcTransport {
  /** The URL of a new database that is empty; those that were made before may end. */
  String newDatabase(String name);
}
