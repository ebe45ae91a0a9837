/**
 * PPDB as a client of Omid: what is claimed, and which transaction of the oracle stands for it.
 *
 * <p>Loaded by the class loader that has HBase's libraries; nothing outside of kv-hbase names these
 * classes.
 */
@NullMarked
package io.ppdb.hbase.omid;

import org.jspecify.annotations.NullMarked;
