package io.ppdb.relational.ddl;

import io.ppdb.kv.Transaction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a statement that changes the catalog needs of its session. */
public interface DefinitionSession {
  /** The open transaction, or null. */
  @Nullable Transaction current();

  /**
   * Runs {@code work} in the open transaction, where an error takes its writes back, or else in one
   * of its own, again if it conflicts.
   */
  <T extends @Nullable Object> T run(Function<Transaction, T> work);
}
