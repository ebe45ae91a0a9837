package io.ppdb.kv.contract;

/**
 * The cases of bulk loads alone, for an engine that has another way to hold them besides the one by
 * which it runs {@link KeyValueStoreContract} and {@link PastContract}.
 */
public abstract class BulkLoadContract extends StoreContract
    implements BulkLoadCases, BulkLoadPastCases {}
