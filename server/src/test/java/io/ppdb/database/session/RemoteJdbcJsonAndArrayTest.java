package io.ppdb.database.session;

/** {@link JdbcJsonAndArrayTest} over the network. */
class RemoteJdbcJsonAndArrayTest extends JdbcJsonAndArrayTest {}
