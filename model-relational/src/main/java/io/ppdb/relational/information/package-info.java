/**
 * INFORMATION_SCHEMA: the catalog as read-only tables, computed from table definitions when they
 * are read.
 *
 * <p>{@link io.ppdb.relational.information.InformationSchema} holds the tables; whoever resolves
 * names asks it for those of the schema {@code information_schema}. The columns are those of the
 * SQL standard that mean something here; {@code statistics} (indexes by column) is MySQL's.
 *
 * <p>Depends on table definitions, vectors and the table SPI.
 *
 * <p>What does not belong here: how definitions are stored, and java.sql's view of them.
 */
@NullMarked
package io.ppdb.relational.information;

import org.jspecify.annotations.NullMarked;
