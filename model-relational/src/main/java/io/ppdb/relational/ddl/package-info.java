/**
 * Statements that change the catalog: one class for each family of them.
 *
 * <p>A statement runs in the transaction of its session, so that it commits and rolls back with the
 * rest; only an index of a table that others use is built in transactions of its own. What each one
 * claims, and what a concurrent writer sees of it, is in {@code docs/design/schema.md}. Depends on
 * catalog, parser, planner and storage; knows nothing of how queries and writes run.
 */
@NullMarked
package io.ppdb.relational.ddl;

import org.jspecify.annotations.NullMarked;
