package io.ppdb.graph;

import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.GraphStore;
import org.apache.tinkerpop.gremlin.structure.Transaction;
import org.apache.tinkerpop.gremlin.structure.util.AbstractThreadedTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that belongs to a graph object rather than to a thread: open from the beginning,
 * and over with its end. Threads that share it may make changes at the same time, but not read
 * while others use it.
 */
final class ThreadedTransaction extends AbstractThreadedTransaction implements SessionSource {
  private @Nullable OpenTransaction current;

  ThreadedTransaction(PpdbGraph graph, GraphStore store) {
    super(graph);
    current = OpenTransaction.begin(store);
  }

  @Override
  public GraphSession session() {
    OpenTransaction transaction = current;
    if (transaction == null) {
      throw Transaction.Exceptions.transactionMustBeOpenToReadWrite();
    }
    return transaction.session();
  }

  @Override
  public boolean isOpen() {
    return current != null;
  }

  @Override
  protected void doOpen() {
    throw Transaction.Exceptions.transactionMustBeOpenToReadWrite();
  }

  @Override
  protected void doCommit() {
    OpenTransaction transaction = current;
    current = null;
    if (transaction != null) {
      transaction.commit();
    }
  }

  @Override
  protected void doRollback() {
    OpenTransaction transaction = current;
    current = null;
    if (transaction != null) {
      transaction.rollback();
    }
  }

  @Override
  protected void doClose() {
    closeAll();
    super.doClose();
  }

  @Override
  public void closeAll() {
    doRollback();
  }
}
