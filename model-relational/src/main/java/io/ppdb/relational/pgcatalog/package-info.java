/**
 * Schema {@code pg_catalog}: what PostgreSQL's clients ask about the database, computed from the
 * catalog when it is read. {@code relations.txt} and {@code types.txt} have the shapes, numbers and
 * names of PostgreSQL 15; the rows are ours.
 *
 * <p>Depends on the catalog and on rights; the planner finds its tables as it finds those of the
 * information schema. What SQL means does not belong here.
 */
@NullMarked
package io.ppdb.relational.pgcatalog;

import org.jspecify.annotations.NullMarked;
