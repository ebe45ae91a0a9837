package io.ppdb.lsm.table;

/**
 * How a table is written; a reader needs none of it.
 *
 * @param blockBytes size at which a data block ends, before compression
 * @param bitsPerKey bits of the filter for each key
 * @param codec compression of the index, and of data blocks
 * @param codecs compression of data blocks in ranges that ask for another
 */
public record TableFormat(int blockBytes, int bitsPerKey, Codec codec, RangeCodecs codecs) {
  /** The same codec for all. */
  public TableFormat(int blockBytes, int bitsPerKey, Codec codec) {
    this(blockBytes, bitsPerKey, codec, RangeCodecs.UNIFORM);
  }
}
