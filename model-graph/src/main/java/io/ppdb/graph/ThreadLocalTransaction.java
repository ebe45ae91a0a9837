package io.ppdb.graph;

import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.GraphStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tinkerpop.gremlin.process.traversal.TraversalSource;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.Transaction;
import org.apache.tinkerpop.gremlin.structure.util.AbstractThreadLocalTransaction;
import org.jspecify.annotations.Nullable;

/** TinkerPop's usual transaction: one for each thread, opened by the first read or write. */
@SuppressWarnings("ThreadLocalUsage") // One for each graph and thread: TinkerPop asks for it.
final class ThreadLocalTransaction extends AbstractThreadLocalTransaction implements SessionSource {
  private final PpdbGraph graph;
  private final GraphStore store;
  private final ThreadLocal<@Nullable OpenTransaction> current = new ThreadLocal<>();
  private final Set<OpenTransaction> open = ConcurrentHashMap.newKeySet();

  ThreadLocalTransaction(PpdbGraph graph, GraphStore store) {
    super(graph);
    this.graph = graph;
    this.store = store;
  }

  @Override
  public GraphSession session() {
    OpenTransaction transaction = current.get();
    if (transaction == null) {
      readWrite();
      transaction = current.get();
      if (transaction == null) {
        throw Transaction.Exceptions.transactionMustBeOpenToReadWrite();
      }
    }
    return transaction.session();
  }

  @Override
  public boolean isOpen() {
    return current.get() != null;
  }

  @Override
  public <T extends TraversalSource> T begin(Class<T> traversalSourceClass) {
    if (!isOpen()) {
      open();
    }
    return super.begin(traversalSourceClass);
  }

  @Override
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // What the interface promises: another graph.
  public <G extends Graph> G createThreadedTx() {
    return (G) graph.threaded();
  }

  @Override
  protected void doOpen() {
    OpenTransaction transaction = OpenTransaction.begin(store);
    open.add(transaction);
    current.set(transaction);
  }

  @Override
  protected void doCommit() {
    OpenTransaction transaction = end();
    if (transaction != null) {
      transaction.commit();
    }
  }

  @Override
  protected void doRollback() {
    OpenTransaction transaction = end();
    if (transaction != null) {
      transaction.rollback();
    }
  }

  @Override
  public void closeAll() {
    current.remove();
    for (OpenTransaction transaction : open) {
      transaction.rollback();
    }
    open.clear();
  }

  private @Nullable OpenTransaction end() {
    OpenTransaction transaction = current.get();
    current.remove();
    if (transaction != null) {
      open.remove(transaction);
    }
    return transaction;
  }
}
