package io.ppdb.lsm.table;

/**
 * How a table is written; a reader needs none of it.
 *
 * @param blockBytes size at which a data block ends, before compression
 * @param bitsPerKey bits of the filter for each key
 * @param codec compression of data blocks and index
 */
public record TableFormat(int blockBytes, int bitsPerKey, Codec codec) {}
