/** Suite {@code kv}: PPDB's durable engine beside RocksDB and LMDB as embedded Java stores. */
@NullMarked
package io.ppdb.bench.kv;

import org.jspecify.annotations.NullMarked;
