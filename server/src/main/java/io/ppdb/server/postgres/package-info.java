/**
 * The PostgreSQL protocol, version 3: what psql, pgjdbc, node's pg and PPDB's own driver speak.
 *
 * <p>{@link io.ppdb.server.postgres.PostgresProtocol} readies connections; {@code FrontendDecoder}
 * cuts bytes into frames, {@code PostgresConnection} logs in, {@code PostgresSession} serves the
 * messages of a session, {@code BackendWriter} writes the answers. How transactions, parameters and
 * errors of PPDB become those of PostgreSQL: {@code docs/design/server.md}.
 *
 * <p>What does not belong here: SQL; {@code pg_catalog} is made of ordinary views by
 * model-relational.
 */
@NullMarked
package io.ppdb.server.postgres;

import org.jspecify.annotations.NullMarked;
