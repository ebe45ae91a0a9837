package io.ppdb.graph.strategy;

import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.IndexDefinition;
import io.ppdb.graph.storage.IndexQuery;
import io.ppdb.graph.storage.IndexValues;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.NameTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.tinkerpop.gremlin.process.traversal.Compare;
import org.apache.tinkerpop.gremlin.process.traversal.Contains;
import org.apache.tinkerpop.gremlin.process.traversal.P;
import org.apache.tinkerpop.gremlin.process.traversal.Text;
import org.apache.tinkerpop.gremlin.process.traversal.step.util.HasContainer;
import org.apache.tinkerpop.gremlin.process.traversal.util.AndP;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.T;
import org.jspecify.annotations.Nullable;

/**
 * How the elements that satisfy some predicates are found, and which predicates are left to test.
 *
 * <p>In order of preference: nothing at all, one value of a unique index, one value of an index,
 * several values, a range or prefix, the elements of some labels, everything.
 */
final class AccessPlan {
  private static final int[] NO_LABELS = {};

  private enum Rank {
    UNIQUE_VALUE,
    VALUE,
    VALUES,
    RANGE
  }

  private final @Nullable IndexQuery query;
  private final int[] labelIds;
  private final boolean empty;
  private final List<HasContainer> residual;

  private AccessPlan(
      @Nullable IndexQuery query, int[] labelIds, boolean empty, List<HasContainer> residual) {
    this.query = query;
    this.labelIds = labelIds;
    this.empty = empty;
    this.residual = residual;
  }

  /** The plan for elements that satisfy all of {@code containers}, as {@code session} sees them. */
  static AccessPlan of(GraphSession session, ElementKind kind, List<HasContainer> containers) {
    HasContainer labelContainer = null;
    int[] labelIds = NO_LABELS;
    for (HasContainer container : containers) {
      int[] wanted = labelIds(session, kind, container);
      if (wanted != null && (labelContainer == null || wanted.length < labelIds.length)) {
        labelContainer = container;
        labelIds = wanted;
      }
    }
    if (labelContainer != null && labelIds.length == 0) {
      return new AccessPlan(null, NO_LABELS, true, List.of());
    }
    IndexQuery best = null;
    Rank bestRank = null;
    HasContainer bestContainer = null;
    for (HasContainer container : containers) {
      if (isToken(container.getKey())) {
        continue;
      }
      int keyId = session.names().find(NameKind.PROPERTY_KEY, container.getKey(), session.view());
      if (keyId == NameTable.UNKNOWN) {
        // No element has such a property, and every predicate needs one.
        return new AccessPlan(null, NO_LABELS, true, List.of());
      }
      for (IndexDefinition index : session.indexes().onKey(kind, keyId)) {
        if (isUsable(index, labelIds)) {
          Rank rank = rank(index, container.getPredicate());
          if (rank != null && (bestRank == null || rank.compareTo(bestRank) < 0)) {
            IndexQuery query = query(session, index, container.getPredicate());
            if (query != null) {
              best = query;
              bestRank = rank;
              bestContainer = container;
            }
          }
        }
      }
    }
    List<HasContainer> residual = new ArrayList<>(containers);
    if (best != null) {
      if (best.exact()) {
        residual.remove(bestContainer);
      }
      if (best.definition().labelId() != NameTable.UNKNOWN) {
        residual.remove(labelContainer);
      }
      return new AccessPlan(best, NO_LABELS, false, residual);
    }
    residual.remove(labelContainer);
    return new AccessPlan(null, labelIds, false, residual);
  }

  /** The index to read, null if none. */
  @Nullable IndexQuery query() {
    return query;
  }

  /** The labels to read, if no index is; empty for all. */
  int[] labelIds() {
    return labelIds;
  }

  /** Whether it is known that there are no such elements. */
  boolean isEmpty() {
    return empty;
  }

  /** What is left to test on each element. */
  List<HasContainer> residual() {
    return residual;
  }

  String describe(GraphSession session, ElementKind kind) {
    if (empty) {
      return "nothing";
    }
    if (query != null) {
      return "index " + query.definition().name();
    }
    if (labelIds.length == 0) {
      return "all";
    }
    List<String> labels = new ArrayList<>();
    for (int labelId : labelIds) {
      labels.add(session.names().name(kind.labelKind(), labelId));
    }
    return "label " + String.join(", ", labels);
  }

  private static boolean isToken(@Nullable String key) {
    return key == null || Graph.Hidden.isHidden(key);
  }

  private static boolean isUsable(IndexDefinition index, int[] labelIds) {
    return index.isPublic()
        && (index.labelId() == NameTable.UNKNOWN
            || (labelIds.length == 1 && labelIds[0] == index.labelId()));
  }

  /** The labels that a predicate on the label allows; null if it is none, or not of that form. */
  private static int @Nullable [] labelIds(
      GraphSession session, ElementKind kind, HasContainer container) {
    if (!T.label.getAccessor().equals(container.getKey())) {
      return null;
    }
    Collection<?> labels;
    if (container.getBiPredicate() == Compare.eq) {
      labels = Arrays.asList(container.getValue());
    } else if (container.getBiPredicate() == Contains.within
        && container.getValue() instanceof Collection<?> values) {
      labels = values;
    } else {
      return null;
    }
    int[] ids = new int[labels.size()];
    int count = 0;
    for (Object label : labels) {
      int id =
          label instanceof String name
              ? session.names().find(kind.labelKind(), name, session.view())
              : NameTable.UNKNOWN;
      if (id != NameTable.UNKNOWN && Arrays.stream(ids, 0, count).noneMatch(i -> i == id)) {
        ids[count++] = id;
      }
    }
    return Arrays.copyOf(ids, count);
  }

  private static @Nullable Rank rank(IndexDefinition index, P<?> predicate) {
    if (predicate.getBiPredicate() == Compare.eq) {
      return index.unique() ? Rank.UNIQUE_VALUE : Rank.VALUE;
    }
    return predicate.getBiPredicate() == Contains.within ? Rank.VALUES : Rank.RANGE;
  }

  private static @Nullable IndexQuery query(
      GraphSession session, IndexDefinition index, P<?> predicate) {
    if (predicate instanceof AndP<?> and) {
      return between(session, index, and.getPredicates());
    }
    Object value = predicate.getValue();
    if (predicate.getBiPredicate() == Contains.within && value instanceof Collection<?> values) {
      return values.stream().allMatch(IndexValues::isIndexable)
          ? IndexQuery.equalTo(session, index, List.copyOf(values))
          : null;
    }
    if (!IndexValues.isIndexable(value)) {
      return null;
    }
    if (predicate.getBiPredicate() == Compare.eq) {
      return IndexQuery.equalTo(session, index, List.of(value));
    }
    if (predicate.getBiPredicate() == Text.startingWith && value instanceof String prefix) {
      return IndexQuery.startingWith(session, index, prefix);
    }
    return between(session, index, List.of(predicate));
  }

  /** A range if all of {@code predicates} bound it, at most once from either side. */
  private static @Nullable IndexQuery between(
      GraphSession session, IndexDefinition index, List<? extends P<?>> predicates) {
    IndexQuery.Bound lower = null;
    IndexQuery.Bound upper = null;
    for (P<?> predicate : predicates) {
      Object value = predicate.getValue();
      Object comparison = predicate.getBiPredicate();
      if (!IndexValues.isIndexable(value)) {
        return null;
      }
      if ((comparison == Compare.gt || comparison == Compare.gte) && lower == null) {
        lower = new IndexQuery.Bound(value, comparison == Compare.gte);
      } else if ((comparison == Compare.lt || comparison == Compare.lte) && upper == null) {
        upper = new IndexQuery.Bound(value, comparison == Compare.lte);
      } else {
        return null;
      }
    }
    return lower == null && upper == null ? null : IndexQuery.between(session, index, lower, upper);
  }
}
