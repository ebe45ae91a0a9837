/**
 * Row tables: rows and their indexes as ranges of keys.
 *
 * <pre>
 *   (n, 0, primary key…)                   -> row          n: object id of the table
 *   (n, 1, primary key…)                   claimed only    existence: locked by whoever deletes
 *   (n, i, columns…, primary key…)         -> primary key  index number i ≥ 2
 *   (n, i, columns…)                       -> primary key  unique index, no NULL among the columns
 * </pre>
 *
 * <p>A table without a primary key has a hidden row id in its place. The bytes are those of {@code
 * docs/format/rows.md}. Depends on catalog, vectors and the table-kind SPI; knows nothing of
 * statements or plans.
 */
@NullMarked
package io.ppdb.relational.storage;

import org.jspecify.annotations.NullMarked;
