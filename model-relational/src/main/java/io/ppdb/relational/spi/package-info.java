/**
 * How a storage model adds itself to SQL: kinds of tables, table functions.
 *
 * <p>A {@link io.ppdb.relational.spi.TableKind} gives CREATE TABLE its {@code WITH (kind = '…')};
 * the planner asks the {@link io.ppdb.relational.spi.TableAccess} of a table for the ways to scan
 * it and takes the cheapest; INSERT, UPDATE and DELETE go through its {@link
 * io.ppdb.relational.spi.TableWriter}. Ordinary row tables are one kind among others. A {@link
 * io.ppdb.relational.spi.TableFunction} is what {@code FROM TABLE(name(…))} calls.
 */
@NullMarked
package io.ppdb.relational.spi;

import org.jspecify.annotations.NullMarked;
