/**
 * A whole cluster in one JVM, for trying things out: HDFS, ZooKeeper, HBase and Omid's timestamp
 * oracle. Its data are gone when it ends.
 *
 * <p>{@link io.ppdb.hbase.cluster.ClusterProcess} starts it from any JVM; the rest runs with the
 * libraries of a cluster on the class path.
 */
@NullMarked
package io.ppdb.hbase.cluster;

import org.jspecify.annotations.NullMarked;
