/** Suite {@code tpch}: TPC-H queries over JDBC on PPDB, DuckDB and H2, with equal results. */
@NullMarked
package io.ppdb.bench.tpch;

import org.jspecify.annotations.NullMarked;
