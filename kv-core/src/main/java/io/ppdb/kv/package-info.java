/**
 * The ordered, transactional key-value contract that every data model of PPDB is stored through.
 *
 * <p>Start at {@link io.ppdb.kv.KeyValueStore}. Its meaning (versions, views, claims, history) is
 * defined in {@code docs/design/transactions.md}; the limits are those of {@link
 * io.ppdb.kv.Limits}.
 *
 * <p>Depends on the JDK and JSpecify only. Used by every engine and every model.
 *
 * <p>What does not belong here: anything an engine does to keep the contract (see {@link
 * io.ppdb.kv.engine}) and anything a model puts into keys and values (but the tuple encoding they
 * share is {@link io.ppdb.kv.codec}).
 */
@NullMarked
package io.ppdb.kv;

import org.jspecify.annotations.NullMarked;
