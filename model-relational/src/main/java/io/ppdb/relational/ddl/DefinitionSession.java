package io.ppdb.relational.ddl;

import io.ppdb.kv.Transaction;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.planner.Viewpoint;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a statement that changes the catalog needs of its session. */
public interface DefinitionSession {
  /** What names mean that are not qualified. */
  Viewpoint viewpoint();

  /** The id of the role that the session stands for. */
  long sessionRole();

  /** The open transaction, or null. */
  @Nullable Transaction current();

  /** What a statement runs with that is part of the change. */
  ExecutionContext context(Transaction transaction);

  /**
   * Runs {@code work} in the open transaction, where an error takes its writes back, or else in one
   * of its own, again if it conflicts.
   */
  <T extends @Nullable Object> T run(Function<Transaction, T> work);

  /** Throws CANCELLED if somebody wants the statement to end. */
  void checkCancelled();
}
