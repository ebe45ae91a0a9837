package io.ppdb.kv;

/** A point in a transaction that its writes can be taken back to. */
public interface Savepoint {}
