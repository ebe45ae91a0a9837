package io.ppdb.relational.planner;

import java.util.List;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;

/**
 * Locks the rows of its input, and leaves out those that are to be skipped.
 *
 * <p>It stands above all conditions of its query, and above the ORDER BY, but below the LIMIT: so
 * rows are locked in order, and only those that somebody wants. No rule knows it, so nothing moves
 * past it. {@link LockedRows} puts it there.
 */
final class LockRows extends SingleRel {
  private final List<Lock> locks;
  private final boolean isLimited;

  /**
   * The rows of one table.
   *
   * @param keys the columns of the input that are its primary key
   */
  record Lock(LockCall call, List<Integer> keys) {}

  /**
   * @param isLimited whether who reads the rows may stop before the last
   */
  LockRows(RelNode input, List<Lock> locks, boolean isLimited) {
    super(input.getCluster(), input.getTraitSet(), input);
    this.locks = List.copyOf(locks);
    this.isLimited = isLimited;
  }

  List<Lock> locks() {
    return locks;
  }

  boolean isLimited() {
    return isLimited;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new LockRows(inputs.get(0), locks, isLimited);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("locks", locks).item("isLimited", isLimited);
  }
}
