package io.ppdb.relational;

import io.ppdb.kv.Transaction;
import io.ppdb.relational.ddl.DefinitionSession;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.planner.Viewpoint;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One statement of a session that changes the catalog. */
record SessionDefinitions(
    SessionTransaction session,
    StatementRunner runner,
    Viewpoint viewpoint,
    long sessionRole,
    Cancellation cancellation)
    implements DefinitionSession {
  @Override
  public @Nullable Transaction current() {
    return session.current();
  }

  @Override
  public ExecutionContext context(Transaction transaction) {
    return runner.context(transaction, cancellation);
  }

  @Override
  public <T extends @Nullable Object> T run(Function<Transaction, T> work) {
    return session.run(work);
  }

  @Override
  public void checkCancelled() {
    cancellation.check();
  }
}
