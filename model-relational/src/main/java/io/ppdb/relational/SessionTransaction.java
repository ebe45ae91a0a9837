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
import io.ppdb.relational.lock.IsolationLevel;
import io.ppdb.relational.lock.LockOwner;
import io.ppdb.relational.parser.TransactionModes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
  private boolean beginsReadOnly;
  private int statementCount;
  private boolean failed;
  private TransactionOptions options = TransactionOptions.DEFAULT;
  private IsolationLevel isolation = IsolationLevel.REPEATABLE_READ;

  /** Of the open transaction. */
  private TransactionOptions openOptions = TransactionOptions.DEFAULT;

  /** Of the open transaction. */
  private IsolationLevel openIsolation = IsolationLevel.REPEATABLE_READ;

  /** Results of the open transaction that are still being read. */
  private AtomicInteger openResults = new AtomicInteger();

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

  /** The isolation of transactions from now on. */
  IsolationLevel isolation() {
    return isolation;
  }

  /** The isolation of the open transaction, or of the next one. */
  IsolationLevel currentIsolation() {
    return transaction == null ? isolation : openIsolation;
  }

  void setIsolation(IsolationLevel newIsolation) {
    isolation = newIsolation;
    options = options.withIsolation(newIsolation.ofStore());
  }

  void setDurability(Durability durability) {
    options = options.withDurability(durability);
  }

  /** How transactions begin from now on, as far as {@code modes} say. */
  void setDefaults(TransactionModes modes) {
    if (modes.isolation() != null) {
      setIsolation(modes.isolation());
    }
    if (modes.readOnly() != null) {
      beginsReadOnly = modes.readOnly();
    }
  }

  /** Whether transactions are read-only that do not say otherwise. */
  boolean beginsReadOnly() {
    return beginsReadOnly;
  }

  void setBeginsReadOnly(boolean newReadOnly) {
    beginsReadOnly = newReadOnly;
  }

  /** Whether the open transaction, or the next statement, may only read. */
  boolean isReadOnly() {
    return readOnly || (transaction == null && beginsReadOnly);
  }

  void setReadOnly(boolean newReadOnly) {
    readOnly = newReadOnly;
  }

  /** Begins a transaction; ACTIVE_TRANSACTION if one is open. */
  void begin(IsolationLevel newIsolation) {
    begin(options.withIsolation(newIsolation.ofStore()));
    openIsolation = newIsolation;
    locks.setLocksWrites(newIsolation == IsolationLevel.READ_COMMITTED);
  }

  /** Begins a transaction that is not READ COMMITTED; ACTIVE_TRANSACTION if one is open. */
  void begin(TransactionOptions newOptions) {
    checkOwn();
    if (transaction != null) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "there is already a transaction in progress");
    }
    transaction = store.begin(newOptions);
    openOptions = newOptions;
    openIsolation =
        newOptions.isolation() == Isolation.SERIALIZABLE
            ? IsolationLevel.SERIALIZABLE
            : IsolationLevel.REPEATABLE_READ;
    locks.setLocksWrites(false);
    openResults = new AtomicInteger();
    readOnly |= beginsReadOnly;
    failed = false;
    statementCount = 0;
  }

  /**
   * A statement is run: the isolation of the open transaction is settled. READ COMMITTED it sees
   * what was committed until now, unless the rows of another statement are still being read.
   */
  void use() {
    statementCount++;
    Transaction open = transaction;
    if (open == null || statementCount == 1 || failed || !renewsSnapshots()) {
      return;
    }
    try {
      open.renew();
    } catch (PpdbException e) {
      failed = true;
      throw e;
    }
  }

  private boolean renewsSnapshots() {
    return openIsolation == IsolationLevel.READ_COMMITTED && openResults.get() == 0;
  }

  /** Rows of the open transaction begin to be read; what is returned is run when they end. */
  Runnable openResult() {
    AtomicInteger results = openResults;
    results.incrementAndGet();
    return results::decrementAndGet;
  }

  /** SET TRANSACTION: another isolation is another transaction, so nothing may have been done. */
  void change(TransactionModes modes) {
    require("SET TRANSACTION");
    checkOwn();
    if (statementCount > 0 || !savepoints.isEmpty()) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "SET TRANSACTION must be called before any query");
    }
    boolean newReadOnly = modes.readOnly() == null ? readOnly : modes.readOnly();
    if (modes.isolation() != null) {
      end(false);
      begin(modes.isolation());
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
   * new one that keeps the locks: nobody has seen anything yet. READ COMMITTED any statement is run
   * again that finds a row changed, on a newer snapshot.
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
    locks.setLocksWrites(isolation == IsolationLevel.READ_COMMITTED);
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
    for (int attempt = 1; ; attempt++) {
      try {
        T result = work.apply(open);
        open.release(before);
        return result;
      } catch (PpdbException e) {
        if (e.code().kind() == ErrorCode.Kind.USER) {
          open.rollbackTo(before);
        } else if (e.code() != ErrorCode.CONFLICT
            || attempt == MAX_ATTEMPTS
            || !renewed(open, before)) {
          failed = true;
        } else {
          continue;
        }
        throw e;
      } catch (RuntimeException | Error e) {
        open.rollbackTo(before);
        throw e;
      }
    }
  }

  /** Whether a statement that met a conflict can be run again: from where it began, but now. */
  private boolean renewed(Transaction open, Savepoint before) {
    if (!renewsSnapshots()) {
      return false;
    }
    try {
      open.rollbackTo(before);
      return open.renew();
    } catch (PpdbException e) {
      return false; // the conflict is with what the transaction did before, and has ended it
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
    if (isReadOnly()) {
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
