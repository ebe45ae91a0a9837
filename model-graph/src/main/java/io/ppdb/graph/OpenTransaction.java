package io.ppdb.graph;

import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.GraphStore;
import io.ppdb.kv.Transaction;

/** A transaction of the store together with the session over it. */
final class OpenTransaction {
  private final Transaction transaction;
  private final GraphSession session;

  private OpenTransaction(Transaction transaction, GraphSession session) {
    this.transaction = transaction;
    this.session = session;
  }

  static OpenTransaction begin(GraphStore store) {
    Transaction transaction = store.store().begin();
    try {
      return new OpenTransaction(transaction, new GraphSession(store, transaction));
    } catch (RuntimeException e) {
      transaction.rollback();
      throw e;
    }
  }

  GraphSession session() {
    return session;
  }

  void commit() {
    session.close();
    try (transaction) {
      transaction.commit();
    }
  }

  void rollback() {
    session.close();
    transaction.rollback();
  }
}
