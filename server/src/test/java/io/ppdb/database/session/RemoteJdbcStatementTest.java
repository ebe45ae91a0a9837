package io.ppdb.database.session;

/** {@link JdbcStatementTest} over the network. */
class RemoteJdbcStatementTest extends JdbcStatementTest {}
