package io.ppdb.kv.contract;

/**
 * What an engine promises whose properties say {@code asOf}: its test extends this class besides
 * {@link KeyValueStoreContract}.
 */
public abstract class AsOfContract extends StoreContract implements AsOfCases, HorizonCases {}
