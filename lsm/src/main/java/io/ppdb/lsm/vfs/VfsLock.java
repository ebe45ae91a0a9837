package io.ppdb.lsm.vfs;

import java.io.Closeable;

/** A lock that is held until closed or until the process ends. */
public interface VfsLock extends Closeable {}
