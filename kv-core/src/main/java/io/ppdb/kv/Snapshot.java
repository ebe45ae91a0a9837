package io.ppdb.kv;

/** A read-only view. Thread-safe; its cursors are not. Keeps history alive until closed. */
public interface Snapshot extends ReadView {}
