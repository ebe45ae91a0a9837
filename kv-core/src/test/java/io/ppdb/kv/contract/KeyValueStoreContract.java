package io.ppdb.kv.contract;

import io.ppdb.kv.KeyValueStore;

/**
 * The contract of {@link KeyValueStore} as cases; an engine's test extends this class and says how
 * a store is opened. What only some engines have is {@link PastContract}.
 */
public abstract class KeyValueStoreContract extends StoreContract
    implements PointReadCases,
        NewestReadCases,
        ScanCases,
        SeekCases,
        TransactionCases,
        SavepointCases,
        RenewCases,
        ConflictCases,
        SerializableCases,
        AnomalyCases,
        BatchCases,
        BulkLoadCases,
        ExpiryCases,
        MergeCases,
        RangeDeleteCases,
        LargeValueCases,
        UnchangedCases,
        ErrorCases,
        BadInputCases,
        LifecycleCases,
        ConcurrencyCases {}
