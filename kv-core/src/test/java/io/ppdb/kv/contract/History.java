package io.ppdb.kv.contract;

import io.ppdb.kv.ChangeCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients have recorded; judged by the oracle, and compared with another history. */
public final class History {
  private final List<Execution> executions = new ArrayList<>();
  private final @Nullable List<ChangeCursor.Commit> changes;
  private final int maxHistoryMillis;
  private final boolean isExact;

  /** What was recorded of a store; whether it is exact: see {@link Upkeep#isExact}. */
  History(
      List<Execution> executions,
      @Nullable List<ChangeCursor.Commit> changes,
      int maxHistoryMillis,
      boolean isExact) {
    this.executions.addAll(executions);
    this.changes = changes;
    this.maxHistoryMillis = maxHistoryMillis;
    this.isExact = isExact;
  }

  static History of(
      List<HistoryClient> clients,
      @Nullable List<ChangeCursor.Commit> changes,
      int maxHistoryMillis,
      boolean isExact) {
    List<Execution> all = new ArrayList<>();
    clients.forEach(client -> all.addAll(client.finished()));
    return new History(all, changes, maxHistoryMillis, isExact);
  }

  /** What the checker finds wrong; empty if nothing. */
  public List<String> violations() {
    return HistoryChecker.check(executions, changes, maxHistoryMillis, isExact);
  }

  /** How many transactions, snapshots and batches there were. */
  public int size() {
    return executions.size();
  }

  /**
   * How many executions, from the first, another history of the same calls has too: all, unless a
   * batch was refused in one of them that may be; after it they go different ways.
   *
   * @throws AssertionError if they differ for no good reason
   */
  public int sizeInCommonWith(History other) {
    List<Execution> mine = inOrder();
    List<Execution> theirs = other.inOrder();
    for (int i = 0; i < mine.size() && i < theirs.size(); i++) {
      Execution execution = mine.get(i);
      String difference = execution.differenceFrom(theirs.get(i));
      if (difference != null) {
        if (execution.mayBeRefused() && execution.outcome != theirs.get(i).outcome) {
          return i;
        }
        throw new AssertionError(execution + ": " + difference);
      }
    }
    if (mine.size() != theirs.size()) {
      throw new AssertionError(mine.size() + " executions, and " + theirs.size());
    }
    return mine.size();
  }

  private List<Execution> inOrder() {
    List<Execution> ordered = new ArrayList<>(executions);
    ordered.sort(
        Comparator.comparingInt((Execution execution) -> execution.endedAtCall)
            .thenComparingInt(execution -> execution.client));
    return ordered;
  }
}
