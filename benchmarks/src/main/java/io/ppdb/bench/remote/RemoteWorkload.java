package io.ppdb.bench.remote;

import java.util.Locale;

/** What the suite measures, in the order it runs. */
enum RemoteWorkload {
  /** One row by its primary key, by a statement prepared once, on one connection. */
  POINT_SELECT(1),
  /** The same on sixteen connections. */
  POINT_SELECT_16(16),
  /** A transaction of TPC-B on eight connections, synced. */
  TPCB(8),
  /** All rows of a table, by fetch size; an operation is a row. */
  STREAM_1M(1);

  private final int connectionCount;

  RemoteWorkload(int connectionCount) {
    this.connectionCount = connectionCount;
  }

  int connectionCount() {
    return connectionCount;
  }

  /** The name in result rows. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static RemoteWorkload named(String rowName) {
    return valueOf(rowName.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
