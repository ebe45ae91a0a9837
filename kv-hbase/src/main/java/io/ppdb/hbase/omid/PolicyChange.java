package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.PolicyMap;
import org.apache.omid.transaction.HBaseTransaction;

/**
 * A change of the policy of a range, in two commits: the first leaves a mark, which ends all
 * keeping of policies; the second, which begins at least {@link StorePolicies#KEPT} after the first
 * was committed, makes the change and takes the mark away.
 *
 * <p>So no transaction goes by old policies: what a gateway keeps was read either before the mark,
 * and is not kept so long, or after it, and is not kept at all. The mark of who never came back is
 * taken away by others after a while, so a change that does not find its own begins again.
 *
 * <p>Whoever changes policies claims the ranges concerned, so that no transaction that began before
 * commits into them by the old ones. Not thread-safe.
 */
final class PolicyChange {
  private final StorePolicies policies;
  private final KeyRange range;
  private final RangePolicy policy;

  /** The start of the transaction that left it; no other has that. */
  private long mark;

  private boolean isMade;

  PolicyChange(StorePolicies policies, KeyRange range, RangePolicy policy) {
    this.policies = policies;
    this.range = range;
    this.policy = policy;
  }

  /** Whether {@code transaction} sees other policies than there will be. */
  boolean isNeeded(HBaseTransaction transaction) {
    PolicyMap old = policies.seenBy(transaction);
    return !changed(old).assignments().equals(old.assignments());
  }

  private PolicyMap changed(PolicyMap old) {
    PolicyMap changed = new PolicyMap();
    old.assignments().forEach(one -> changed.set(one.range(), one.policy()));
    changed.set(range, policy);
    return changed;
  }

  /** Lets {@code transaction} leave the mark. */
  void announce(HBaseTransaction transaction, ClaimNumbers numbers) {
    numbers.addPolicies();
    mark = transaction.getStartTimestamp();
    policies.writeMarks(transaction, policies.marksSeenBy(transaction).with(mark));
  }

  /**
   * Lets {@code transaction}, which began late enough, make the change; nothing if the mark is
   * gone.
   */
  void make(HBaseTransaction transaction, ClaimNumbers numbers) {
    numbers.addPolicies();
    PolicyMarks marks = policies.marksSeenBy(transaction);
    isMade = marks.contains(mark);
    if (!isMade) {
      return;
    }
    // Read before the mark is gone: they may not be kept.
    PolicyMap old = policies.seenBy(transaction);
    policies.writeMarks(transaction, marks.without(mark));
    PolicyMap changed = changed(old);
    // Every key that gets another policy, or a range with another start, was in one of these.
    for (PolicyMap.Assignment assignment : changed.assignments()) {
      if (assignment.range().overlaps(range)) {
        numbers.addRange(assignment.range(), old);
      }
    }
    policies.writeAll(transaction, changed);
  }

  /** Whether what was committed last made the change. */
  boolean isMade() {
    return isMade;
  }
}
