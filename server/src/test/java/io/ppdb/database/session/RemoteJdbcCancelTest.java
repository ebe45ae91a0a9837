package io.ppdb.database.session;

/** {@link JdbcCancelTest} over the network. */
class RemoteJdbcCancelTest extends JdbcCancelTest {}
