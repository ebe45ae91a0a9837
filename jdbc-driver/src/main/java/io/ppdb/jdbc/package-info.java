/**
 * The java.sql driver of PPDB.
 *
 * <p>{@link io.ppdb.jdbc.Driver} finds a session provider for a URL and wraps the session in the
 * classes of java.sql: connection, statements, forward-only result sets, metadata read from
 * INFORMATION_SCHEMA. What JDBC lets a driver refuse is refused with a sentence.
 *
 * <p>Java 11 byte code, because database tools bring their own, older runtimes. Depends on the JDK
 * and JSpecify only; speaks to databases through {@link io.ppdb.jdbc.session}.
 *
 * <p>What does not belong here: SQL semantics, and any class of PPDB outside this module.
 */
@NullMarked
package io.ppdb.jdbc;

import org.jspecify.annotations.NullMarked;
