package io.ppdb.graph;

import io.ppdb.graph.storage.GraphSession;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import org.apache.tinkerpop.gremlin.structure.util.AbstractThreadedTransaction;

/**
 * The transaction of a graph that is bound to somebody else's view: it is open as long as the owner
 * says, and only the owner ends it.
 */
final class BoundTransaction extends AbstractThreadedTransaction implements SessionSource {
  private final GraphSession session;

  BoundTransaction(PpdbGraph graph, GraphSession session) {
    super(graph);
    this.session = session;
  }

  @Override
  public GraphSession session() {
    if (session.isClosed()) {
      throw new PpdbException(ErrorCode.CLOSED, "the graph of this transaction was closed");
    }
    return session;
  }

  @Override
  public boolean isOpen() {
    return !session.isClosed();
  }

  @Override
  protected void doOpen() {
    throw notOurs("opened");
  }

  @Override
  protected void doCommit() {
    throw notOurs("committed");
  }

  @Override
  protected void doRollback() {
    throw notOurs("rolled back");
  }

  @Override
  protected void doClose() {
    // Closing a traversal source leaves the owner's transaction open.
  }

  @Override
  public void closeAll() {
    session.close();
  }

  private static PpdbException notOurs(String what) {
    return new PpdbException(
        ErrorCode.INVALID_STATE,
        "this graph is bound to a transaction that cannot be " + what + " through it");
  }
}
