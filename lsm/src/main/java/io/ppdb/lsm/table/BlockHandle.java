package io.ppdb.lsm.table;

/**
 * Where a block lies in its file.
 *
 * @param offset of its first byte
 * @param sizeInBytes trailer included
 */
record BlockHandle(long offset, int sizeInBytes) {}
