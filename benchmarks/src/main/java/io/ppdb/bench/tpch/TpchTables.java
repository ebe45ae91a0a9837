package io.ppdb.bench.tpch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables that queries 1, 5 and 6 read, as TPC-H 3.0.1 §1.4 defines them. */
enum TpchTables {
  REGION("r_regionkey INTEGER PRIMARY KEY, r_name VARCHAR(25), r_comment VARCHAR(152)"),
  NATION(
      "n_nationkey INTEGER PRIMARY KEY, n_name VARCHAR(25), n_regionkey INTEGER,"
          + " n_comment VARCHAR(152)"),
  SUPPLIER(
      "s_suppkey INTEGER PRIMARY KEY, s_name VARCHAR(25), s_address VARCHAR(40),"
          + " s_nationkey INTEGER, s_phone VARCHAR(15), s_acctbal DECIMAL(15,2),"
          + " s_comment VARCHAR(101)"),
  CUSTOMER(
      "c_custkey INTEGER PRIMARY KEY, c_name VARCHAR(25), c_address VARCHAR(40),"
          + " c_nationkey INTEGER, c_phone VARCHAR(15), c_acctbal DECIMAL(15,2),"
          + " c_mktsegment VARCHAR(10), c_comment VARCHAR(117)"),
  ORDERS(
      "o_orderkey BIGINT PRIMARY KEY, o_custkey INTEGER, o_orderstatus VARCHAR(1),"
          + " o_totalprice DECIMAL(15,2), o_orderdate DATE, o_orderpriority VARCHAR(15),"
          + " o_clerk VARCHAR(15), o_shippriority INTEGER, o_comment VARCHAR(79)"),
  LINEITEM(
      "l_orderkey BIGINT, l_partkey INTEGER, l_suppkey INTEGER, l_linenumber INTEGER,"
          + " l_quantity DECIMAL(15,2), l_extendedprice DECIMAL(15,2), l_discount DECIMAL(15,2),"
          + " l_tax DECIMAL(15,2), l_returnflag VARCHAR(1), l_linestatus VARCHAR(1),"
          + " l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25),"
          + " l_shipmode VARCHAR(10), l_comment VARCHAR(44)");

  private final String columns;

  TpchTables(String columns) {
    this.columns = columns;
  }

  String tableName() {
    return name().toLowerCase(Locale.ROOT);
  }

  String createStatement() {
    return "CREATE TABLE " + tableName() + " (" + columns + ")";
  }

  String insertStatement() {
    String parameters = "?, ".repeat(columnTypes().size() - 1) + "?";
    return "INSERT INTO " + tableName() + " VALUES (" + parameters + ")";
  }

  /** The first word of each column's type, in order. */
  List<String> columnTypes() {
    List<String> types = new ArrayList<>();
    for (String column : columns.split(", ", -1)) {
      types.add(column.split("[ (]", -1)[1]);
    }
    return types;
  }
}
