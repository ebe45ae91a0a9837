/** PPDB put together: one database, one transaction over all models. */
@NullMarked
package io.ppdb.database;

import org.jspecify.annotations.NullMarked;
