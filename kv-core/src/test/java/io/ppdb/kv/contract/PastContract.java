package io.ppdb.kv.contract;

/**
 * What an engine promises whose properties say {@code asOf} and {@code changes}: its test extends
 * this class besides {@link KeyValueStoreContract}.
 */
public abstract class PastContract extends StoreContract
    implements AsOfCases, HorizonCases, ChangeCases, BulkLoadPastCases {}
