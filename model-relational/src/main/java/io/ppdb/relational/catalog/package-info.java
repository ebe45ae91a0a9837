/**
 * What the database knows about its own objects: tables, columns, keys, indexes.
 *
 * <p>Lives at object 0 of the key space ({@code docs/format/catalog.md}) and is read and written
 * through the statement's own transaction, so that schema changes commit and roll back with the
 * rest.
 */
@NullMarked
package io.ppdb.relational.catalog;

import org.jspecify.annotations.NullMarked;
