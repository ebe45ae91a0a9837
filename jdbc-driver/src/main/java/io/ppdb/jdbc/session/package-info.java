/**
 * The session interface: everything the driver asks of a database, and all that a transport has to
 * implement.
 *
 * <p>{@link io.ppdb.jdbc.session.SqlSession} is one connection; {@link
 * io.ppdb.jdbc.session.SqlStatement} a prepared statement; {@link io.ppdb.jdbc.session.SqlResult}
 * what an execution gave, read in {@link io.ppdb.jdbc.session.RowBatch batches}. A {@link
 * io.ppdb.jdbc.session.SqlSessionProvider} opens sessions; the driver finds providers by {@link
 * java.util.ServiceLoader}. Catalogue metadata is not here: the driver reads INFORMATION_SCHEMA by
 * SQL.
 *
 * <p>Depends on java.sql and JSpecify only. Implemented by module database (in-process).
 *
 * <p>What does not belong here: java.sql classes of the driver, and anything of an engine.
 */
@NullMarked
package io.ppdb.jdbc.session;

import org.jspecify.annotations.NullMarked;
