package io.ppdb.relational.storage;

import io.ppdb.relational.vector.VectorBatch;

/** Decodes the wanted columns out of stored entries. One for each scan; not thread-safe. */
interface EntryDecoder {
  /** Whether entries are decoded from their keys alone. */
  boolean needsValue();

  /** Decodes the columns that the key holds; {@code key} is the whole key of the entry. */
  void decodeKey(VectorBatch batch, int position, byte[] key, int offset, int length);

  /** Decodes the columns that the value holds. */
  void decodeValue(VectorBatch batch, int position, byte[] value, int offset, int length);
}
