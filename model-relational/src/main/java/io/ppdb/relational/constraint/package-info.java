/**
 * What rows have to meet beside types, NOT NULL and unique keys, enforced as they are written.
 *
 * <p>A {@link io.ppdb.relational.constraint.ConstrainedTable} stands before the table it guards:
 * whoever writes through it cannot forget a constraint. Depends on catalog, planner and the
 * table-kind SPI; knows nothing of statements.
 */
@NullMarked
package io.ppdb.relational.constraint;

import org.jspecify.annotations.NullMarked;
