/**
 * PPDB put together: one database, one transaction over all models.
 *
 * <p>{@link io.ppdb.database.Database} opens a store and wires the models over it; {@link
 * io.ppdb.database.Transaction} shows each model on one key-value transaction. The storage engine
 * is found by {@link java.util.ServiceLoader}; the JDBC driver finds this package the same way.
 *
 * <p>Depends on every model and on the driver's session interface; the server stands on it.
 *
 * <p>What does not belong here: what one model can do alone, protocols, and storage.
 */
@NullMarked
package io.ppdb.database;

import org.jspecify.annotations.NullMarked;
