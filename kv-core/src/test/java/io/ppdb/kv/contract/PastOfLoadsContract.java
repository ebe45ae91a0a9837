package io.ppdb.kv.contract;

/**
 * The cases of {@link PastContract} in which a commit or a few are looked at, for an engine that
 * has another way to commit besides the one by which it runs all of them.
 */
public abstract class PastOfLoadsContract extends StoreContract
    implements AsOfCases, ChangeCases, BulkLoadPastCases {}
