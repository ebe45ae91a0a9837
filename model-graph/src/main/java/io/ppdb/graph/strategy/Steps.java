package io.ppdb.graph.strategy;

import org.apache.tinkerpop.gremlin.process.traversal.Step;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.util.TraversalHelper;

/** Steps whose types are known to fit only by how the traversal was built. */
final class Steps {
  private Steps() {}

  @SuppressWarnings({"unchecked", "rawtypes"}) // A strategy sees steps without their types.
  static void replace(Traversal.Admin<?, ?> traversal, Step<?, ?> old, Step<?, ?> replacement) {
    TraversalHelper.replaceStep((Step) old, (Step) replacement, traversal);
  }

  /** {@code step} as the start of what it makes, which is how a traverser wants it. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // The generator says so, TinkerPop does the same.
  static <E> Step<E, ?> asStart(Step<?, E> step) {
    return (Step) step;
  }
}
