package io.ppdb.database.session;

/** {@link JdbcTransactionTest} over the network. */
class RemoteJdbcTransactionTest extends JdbcTransactionTest {}
