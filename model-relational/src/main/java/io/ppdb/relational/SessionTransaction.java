package io.ppdb.relational;

import static java.util.Objects.requireNonNull;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.lock.LockOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that a session has open, if it has one, with its savepoints; how the next ones
 * will begin. Used by one thread at a time.
 */
final class SessionTransaction {
  /** How often the first statement of a transaction is tried. */
  private static final int MAX_ATTEMPTS = 20;

  private final KeyValueStore store;
  private final boolean external;
  private final LockOwner locks;
  private final List<NamedSavepoint> savepoints = new ArrayList<>();
  private @Nullable Transaction transaction;
  private boolean readOnly;
  private int statementCount;
  private boolean failed;
  private TransactionOptions options = TransactionOptions.DEFAULT;

  /** Of the open transaction. */
  private TransactionOptions openOptions = TransactionOptions.DEFAULT;

  private record NamedSavepoint(String name, Savepoint savepoint) {}

  /**
   * @param locks holds what is locked for its transactions
   * @param external a transaction that somebody else ends; null if the session begins its own
   */
  SessionTransaction(KeyValueStore store, LockOwner locks, @Nullable Transaction external) {
    this.store = store;
    this.locks = locks;
    this.external = external != null;
    this.transaction = external;
  }

  /** The open transaction, or null. */
  @Nullable Transaction current() {
    return transaction;
  }

  /** Who locks rows for its transactions. */
  LockOwner locks() {
    return locks;
  }

  /** How transactions begin from now on. */
  TransactionOptions options() {
    return options;
  }

  void setIsolation(Isolation isolation) {
    options = options.withIsolation(isolation);
  }

  void setDurability(Durability durability) {
    options = options.withDurability(durability);
  }

  void setReadOnly(boolean newReadOnly) {
    readOnly = newReadOnly;
  }

  /** Begins a transaction; ACTIVE_TRANSACTION if one is open. */
  void begin(TransactionOptions newOptions) {
    checkOwn();
    if (transaction != null) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "there is already a transaction in progress");
    }
    transaction = store.begin(newOptions);
    openOptions = newOptions;
    failed = false;
    statementCount = 0;
  }

  /** A statement is run: the isolation of the open transaction is settled. */
  void use() {
    statementCount++;
  }

  /** SET TRANSACTION: another isolation is another transaction, so nothing may have been done. */
  void change(boolean serializable, boolean newReadOnly) {
    require("SET TRANSACTION");
    checkOwn();
    if (statementCount > 0 || !savepoints.isEmpty()) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "SET TRANSACTION must be called before any query");
    }
    if (serializable) {
      end(false);
      begin(options.withIsolation(Isolation.SERIALIZABLE));
    }
    readOnly = newReadOnly;
  }

  /** Commits the open transaction; does nothing if there is none. */
  void commit() {
    checkOwn();
    Transaction open = transaction;
    if (open == null) {
      return;
    }
    if (failed) {
      end(false);
      throw new PpdbException(
          ErrorCode.TRANSACTION_ABORTED, "the transaction had failed and was rolled back");
    }
    boolean committed = false;
    try {
      open.commit();
      committed = true;
    } finally {
      end(committed);
    }
  }

  /** Rolls the open transaction back; does nothing if there is none. */
  void rollback() {
    checkOwn();
    end(false);
  }

  /** Rolls back what is the session's own. */
  void close() {
    if (!external) {
      end(false);
    }
    locks.release(false);
  }

  private void end(boolean committed) {
    Transaction open = transaction;
    transaction = null;
    savepoints.clear();
    failed = false;
    readOnly = false;
    if (open != null) {
      open.close();
    }
    locks.release(committed);
  }

  /** Sets a savepoint; one of the same name is hidden until this one is released. */
  void setSavepoint(String name) {
    checkUsable();
    savepoints.add(new NamedSavepoint(name, require("SAVEPOINT").savepoint()));
  }

  /** Takes back what was written since the savepoint, which stays. */
  void rollbackTo(String name) {
    Transaction open = require("ROLLBACK TO SAVEPOINT");
    checkUsable();
    int index = savepointIndex(name);
    open.rollbackTo(savepoints.get(index).savepoint());
    savepoints.subList(index + 1, savepoints.size()).clear();
  }

  /** Forgets a savepoint and those after it. */
  void releaseSavepoint(String name) {
    require("RELEASE SAVEPOINT");
    savepoints.subList(savepointIndex(name), savepoints.size()).clear();
  }

  /** The latest savepoint of this name. */
  private int savepointIndex(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new PpdbException(
        ErrorCode.INVALID_SAVEPOINT, "savepoint \"" + name + "\" does not exist");
  }

  private Transaction require(String statement) {
    if (transaction == null) {
      throw new PpdbException(
          ErrorCode.NO_ACTIVE_TRANSACTION, statement + " can only be used in transaction blocks");
    }
    return transaction;
  }

  /**
   * Runs {@code work} in the open transaction, where an error takes its writes back, or else in one
   * of its own, again if it conflicts. The first statement of a transaction is run again, too, in a
   * new one that keeps the locks: nobody has seen anything yet.
   */
  <T extends @Nullable Object> T run(Function<Transaction, T> work) {
    if (transaction == null) {
      return runAlone(work);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return runInOpen(work);
      } catch (PpdbException e) {
        if (e.code() != ErrorCode.CONFLICT || !isFirst() || attempt == MAX_ATTEMPTS) {
          throw e;
        }
        requireNonNull(transaction).close();
        transaction = store.begin(openOptions);
        failed = false;
      }
    }
  }

  private boolean isFirst() {
    return statementCount == 1 && savepoints.isEmpty() && !external;
  }

  private <T extends @Nullable Object> T runAlone(Function<Transaction, T> work) {
    boolean committed = false;
    try {
      T result = store.transact(options, work);
      committed = true;
      return result;
    } finally {
      locks.release(committed);
    }
  }

  private <T extends @Nullable Object> T runInOpen(Function<Transaction, T> work) {
    Transaction open = requireNonNull(transaction);
    Savepoint before = open.savepoint();
    try {
      return work.apply(open);
    } catch (PpdbException e) {
      if (e.code().kind() == ErrorCode.Kind.USER) {
        open.rollbackTo(before);
      } else {
        failed = true;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      open.rollbackTo(before);
      throw e;
    }
  }

  /** Runs {@code work}, which only reads, in the open transaction or else on a snapshot. */
  <T> T read(Function<ReadView, T> work) {
    Transaction open = transaction;
    if (open != null) {
      checkUsable();
      return work.apply(open);
    }
    try (ReadView snapshot = store.snapshot()) {
      return work.apply(snapshot);
    }
  }

  void checkWritable() {
    if (readOnly) {
      throw new PpdbException(ErrorCode.READ_ONLY, "cannot write in a read-only transaction");
    }
  }

  void checkUsable() {
    if (failed) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_ABORTED,
          "the transaction has failed; statements are ignored until it is rolled back");
    }
  }

  private void checkOwn() {
    if (external) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "this session runs in a transaction that its owner commits or rolls back");
    }
  }
}
