/**
 * SQL sessions in this process: what the JDBC driver and the command line speak to.
 *
 * <p>Implements {@code io.ppdb.jdbc.session} over a {@link io.ppdb.database.Database}; found by
 * {@link java.util.ServiceLoader}. A result's rows are the executor's vectors, not copies.
 *
 * <p>What does not belong here: java.sql classes other than errors, and SQL semantics.
 */
@NullMarked
package io.ppdb.database.session;

import org.jspecify.annotations.NullMarked;
