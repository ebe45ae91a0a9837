/** Suite {@code oltp}: short transactions over JDBC, beside H2 and SQLite. */
@org.jspecify.annotations.NullMarked
package io.ppdb.bench.oltp;
