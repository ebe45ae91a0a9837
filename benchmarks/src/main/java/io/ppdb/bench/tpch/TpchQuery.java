package io.ppdb.bench.tpch;

import java.util.Locale;

/** Queries with their validation parameters, from TPC-H 3.0.1 §2.4. */
enum TpchQuery {
  /** Pricing summary report: scan and aggregate. */
  Q1(
      """
      SELECT l_returnflag, l_linestatus,
             SUM(l_quantity) AS sum_qty,
             SUM(l_extendedprice) AS sum_base_price,
             SUM(l_extendedprice * (1 - l_discount)) AS sum_disc_price,
             SUM(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS sum_charge,
             AVG(l_quantity) AS avg_qty,
             AVG(l_extendedprice) AS avg_price,
             AVG(l_discount) AS avg_disc,
             COUNT(*) AS count_order
      FROM lineitem
      WHERE l_shipdate <= DATE '1998-12-01' - INTERVAL '90' DAY
      GROUP BY l_returnflag, l_linestatus
      ORDER BY l_returnflag, l_linestatus\
      """),

  /** Local supplier volume: five joins. */
  Q5(
      """
      SELECT n_name, SUM(l_extendedprice * (1 - l_discount)) AS revenue
      FROM customer, orders, lineitem, supplier, nation, region
      WHERE c_custkey = o_custkey
        AND l_orderkey = o_orderkey
        AND l_suppkey = s_suppkey
        AND c_nationkey = s_nationkey
        AND s_nationkey = n_nationkey
        AND n_regionkey = r_regionkey
        AND r_name = 'ASIA'
        AND o_orderdate >= DATE '1994-01-01'
        AND o_orderdate < DATE '1994-01-01' + INTERVAL '1' YEAR
      GROUP BY n_name
      ORDER BY revenue DESC\
      """),

  /** Forecasting revenue change: selective scan, one sum. */
  Q6(
      """
      SELECT SUM(l_extendedprice * l_discount) AS revenue
      FROM lineitem
      WHERE l_shipdate >= DATE '1994-01-01'
        AND l_shipdate < DATE '1994-01-01' + INTERVAL '1' YEAR
        AND l_discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01
        AND l_quantity < 24\
      """);

  private final String sql;

  TpchQuery(String sql) {
    this.sql = sql;
  }

  String sql() {
    return sql;
  }

  /** The name in result rows. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
