package io.ppdb.relational.exec;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What EXPLAIN ANALYZE sees of one execution, node by node: several operators of one node, such as
 * those that a correlated join makes for each row, are counted together. Used by one thread.
 */
public final class PlanMeasurement {
  private final IdentityHashMap<Object, NodeMeasurement> nodes = new IdentityHashMap<>();

  /** Where the operators of {@code node} are counted; nodes are told apart by identity. */
  public NodeMeasurement of(Object node) {
    return nodes.computeIfAbsent(node, key -> new NodeMeasurement());
  }

  /** What was seen of {@code node}; null if no operator was made of it. */
  public @Nullable NodeMeasurement find(Object node) {
    return nodes.get(node);
  }
}
