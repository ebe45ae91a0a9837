package io.ppdb.kv.contract;

/**
 * What an engine promises whose properties say {@code changes}, but not {@code asOf}: its test
 * extends this class besides {@link KeyValueStoreContract}.
 */
public abstract class ChangeContract extends StoreContract implements ChangeCases {}
