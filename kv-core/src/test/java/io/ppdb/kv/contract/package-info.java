/**
 * What every engine must pass: the contract by cases, and random histories against an oracle.
 *
 * <p>An engine's tests extend {@link io.ppdb.kv.contract.KeyValueStoreContract} and {@link
 * io.ppdb.kv.contract.HistoryContract}; both are published in the test jar.
 */
@NullMarked
package io.ppdb.kv.contract;

import org.jspecify.annotations.NullMarked;
