package io.ppdb.relational.parser;

import io.ppdb.relational.lock.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * What BEGIN and SET say of a transaction.
 *
 * @param isolation null if they do not say
 * @param readOnly null if they do not say
 */
public record TransactionModes(@Nullable IsolationLevel isolation, @Nullable Boolean readOnly) {
  public static final TransactionModes NONE = new TransactionModes(null, null);

  public TransactionModes withIsolation(IsolationLevel level) {
    return new TransactionModes(level, readOnly);
  }

  public TransactionModes withReadOnly(boolean value) {
    return new TransactionModes(isolation, value);
  }
}
