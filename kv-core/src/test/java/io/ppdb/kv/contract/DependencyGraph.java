package io.ppdb.kv.contract;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which transaction must come before which other (A. Adya, "Weak consistency", 1999): because the
 * other overwrote or read what it wrote (a dependency), or overwrote what it read (an
 * anti-dependency). A history is serializable if there is no cycle.
 */
final class DependencyGraph {
  private record Edge(int from, int to) {}

  private final Map<Integer, Set<Integer>> dependencies = new HashMap<>();
  private final Set<Edge> antiDependencies = new HashSet<>();

  /** {@code to} overwrote or read what {@code from} wrote. */
  void dependency(int from, int to) {
    if (from != to) {
      dependencies.computeIfAbsent(from, node -> new HashSet<>()).add(to);
    }
  }

  /** {@code to} overwrote what {@code from} read. */
  void antiDependency(int from, int to) {
    if (from != to) {
      antiDependencies.add(new Edge(from, to));
    }
  }

  /** A cycle that snapshot isolation forbids (G0, G1c, G-single), or null. */
  @Nullable List<Integer> cycleWithAtMostOneAntiDependency() {
    List<Integer> cycle = cycleIn(dependencies);
    if (cycle != null) {
      return cycle;
    }
    Map<Integer, BitSet> reachable = new HashMap<>();
    List<Integer> order = inOrder(dependencies);
    for (int i = order.size() - 1; i >= 0; i--) {
      BitSet nodes = new BitSet();
      for (int to : dependencies.getOrDefault(order.get(i), Set.of())) {
        nodes.set(to);
        nodes.or(reachable.getOrDefault(to, new BitSet()));
      }
      reachable.put(order.get(i), nodes);
    }
    for (Edge edge : antiDependencies) {
      if (reachable.getOrDefault(edge.to, new BitSet()).get(edge.from)) {
        return path(dependencies, edge.to, edge.from);
      }
    }
    return null;
  }

  /** Any cycle, or null. */
  @Nullable List<Integer> cycle() {
    Map<Integer, Set<Integer>> all = new HashMap<>();
    dependencies.forEach((from, to) -> all.put(from, new HashSet<>(to)));
    for (Edge edge : antiDependencies) {
      all.computeIfAbsent(edge.from, node -> new HashSet<>()).add(edge.to);
    }
    return cycleIn(all);
  }

  private static @Nullable List<Integer> cycleIn(Map<Integer, Set<Integer>> edges) {
    Set<Integer> left = new HashSet<>(edges.keySet());
    left.removeAll(new HashSet<>(inOrder(edges)));
    for (int node : left) {
      for (int to : edges.getOrDefault(node, Set.of())) {
        List<Integer> back = path(edges, to, node);
        if (back != null) {
          return back;
        }
      }
    }
    return null;
  }

  /** The nodes, each after all that lead to it; without those that a cycle leads to. */
  private static List<Integer> inOrder(Map<Integer, Set<Integer>> edges) {
    Map<Integer, Integer> incoming = new HashMap<>();
    edges.forEach(
        (from, targets) -> {
          incoming.putIfAbsent(from, 0);
          targets.forEach(to -> incoming.merge(to, 1, Integer::sum));
        });
    List<Integer> order = new ArrayList<>();
    incoming.forEach(
        (node, count) -> {
          if (count == 0) {
            order.add(node);
          }
        });
    for (int i = 0; i < order.size(); i++) {
      for (int to : edges.getOrDefault(order.get(i), Set.of())) {
        if (incoming.merge(to, -1, Integer::sum) == 0) {
          order.add(to);
        }
      }
    }
    return order;
  }

  /** The nodes of a shortest path, both ends included, or null. */
  private static @Nullable List<Integer> path(
      Map<Integer, Set<Integer>> edges, int from, int target) {
    Map<Integer, Integer> cameFrom = new HashMap<>();
    cameFrom.put(from, from);
    ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(from));
    for (Integer node = queue.poll(); node != null; node = queue.poll()) {
      if (node == target) {
        List<Integer> path = new ArrayList<>(List.of(node));
        while (node != from) {
          node = cameFrom.getOrDefault(node, from);
          path.add(0, node);
        }
        return path;
      }
      for (int to : edges.getOrDefault(node, Set.of())) {
        if (cameFrom.putIfAbsent(to, node) == null) {
          queue.add(to);
        }
      }
    }
    return null;
  }
}
