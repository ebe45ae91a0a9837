package io.ppdb.bench.distributed;

import java.util.List;

/** A transactional store on the cluster, as a program uses it that has the one library or other. */
interface ClusterStore {
  /** Writes entries in one transaction. */
  void put(List<byte[]> keys, List<byte[]> values) throws Exception;

  /** The value of a key in a transaction of its own. */
  byte[] get(byte[] key) throws Exception;

  /** Shows the first {@code entryCount} entries from {@code start} on, in one transaction. */
  void scan(byte[] start, int entryCount, Visitor visitor) throws Exception;

  void close() throws Exception;

  /** Takes entries. */
  interface Visitor {
    void visit(byte[] key, byte[] value);
  }
}
