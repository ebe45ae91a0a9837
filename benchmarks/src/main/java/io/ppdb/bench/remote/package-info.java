/** Suite {@code oltp --remote}: PPDB's server beside PostgreSQL's, over the network. */
@org.jspecify.annotations.NullMarked
package io.ppdb.bench.remote;
