package io.ppdb.graph;

import io.ppdb.graph.storage.GraphSession;

/** A TinkerPop transaction that can say in which session its caller reads and writes. */
interface SessionSource {
  /** The session of the open transaction, which is opened if its behaviour is to open by itself. */
  GraphSession session();

  /** Rolls back whatever is open, on any thread. */
  void closeAll();
}
