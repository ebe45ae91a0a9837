/** TPC-H: its data set and 22 queries, with the answers of DuckDB. */
@NullMarked
package io.ppdb.suites.tpch;

import org.jspecify.annotations.NullMarked;
