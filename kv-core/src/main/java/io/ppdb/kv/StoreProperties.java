package io.ppdb.kv;

/**
 * What an engine can do; the rest answers NOT_SUPPORTED.
 *
 * @param engineName the name the engine is found by
 * @param durable whether commits survive the process
 * @param asOf whether {@link KeyValueStore#snapshotAt} works
 * @param serializable whether {@link Isolation#SERIALIZABLE} works
 * @param changes whether {@link KeyValueStore#changes} works
 * @param nativeMerge whether merges are stored as operands rather than emulated
 */
public record StoreProperties(
    String engineName,
    boolean durable,
    boolean asOf,
    boolean serializable,
    boolean changes,
    boolean nativeMerge) {}
