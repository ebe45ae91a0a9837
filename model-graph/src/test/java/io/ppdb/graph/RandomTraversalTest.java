package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.tinkerpop.gremlin.process.traversal.P;
import org.apache.tinkerpop.gremlin.process.traversal.TextP;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversal;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.tinkergraph.structure.TinkerGraph;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The same random changes on a PPDB graph and on a TinkerGraph, and the same random traversals over
 * both. Elements are known by a property of their own, because ids differ.
 */
class RandomTraversalTest {
  private static final int ROUNDS = 40;
  private static final int CHANGES_PER_ROUND = 25;
  private static final int TRAVERSALS_PER_ROUND = 25;
  private static final String NAME = "name";
  private static final String[] LABELS = {"a", "b", "c"};
  private static final String[] EDGE_LABELS = {"x", "y"};

  private final long seed = Long.getLong("ppdb.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
  private final PpdbGraph graph = PpdbGraph.open(store);
  private final TinkerGraph model = TinkerGraph.open();
  private int nextName;

  @Test
  void traversalsGiveWhatTinkerGraphGives() {
    for (int round = 0; round < ROUNDS; round++) {
      if (round == ROUNDS / 4) {
        graph.createIndex(null, "num");
        graph.createIndex("a", "text");
      } else if (round == ROUNDS / 2) {
        graph.createIndex(GraphIndex.vertices(null, NAME).unique());
        graph.createIndex(GraphIndex.edges(null, "num"));
      }
      for (int i = 0; i < CHANGES_PER_ROUND; i++) {
        change();
      }
      for (int i = 0; i < TRAVERSALS_PER_ROUND; i++) {
        compare(random.nextLong(), round);
      }
      graph.tx().commit();
      compare(random.nextLong(), round);
    }
    graph.close();
    store.close();
  }

  private void change() {
    long choice = random.nextLong();
    apply(graph, new SplittableRandom(choice));
    apply(model, new SplittableRandom(choice));
    nextName++;
  }

  /** One change that depends on {@code choices} and the state of the graph only. */
  private void apply(Graph target, SplittableRandom choices) {
    int kind = choices.nextInt(10);
    if (kind < 3) {
      target.addVertex(
          T.label,
          LABELS[choices.nextInt(LABELS.length)],
          NAME,
          "v" + nextName,
          "num",
          number(choices),
          "text",
          text(choices));
      return;
    }
    String first = "v" + choices.nextInt(nextName + 1);
    String second = "v" + choices.nextInt(nextName + 1);
    Vertex from = find(target, first);
    if (from == null) {
      return;
    }
    switch (kind) {
      case 3, 4, 5, 6 -> {
        Vertex to = find(target, second);
        if (to != null) {
          String label = EDGE_LABELS[choices.nextInt(EDGE_LABELS.length)];
          from.addEdge(label, to, NAME, "e" + nextName, "num", number(choices));
        }
      }
      case 7 -> {
        // Only strings under "text": TinkerPop's prefix predicates fail on anything else.
        if (choices.nextBoolean()) {
          from.property("num", value(choices));
        } else {
          from.property("text", text(choices));
        }
      }
      case 8 -> from.property("num").remove();
      default -> {
        if (choices.nextInt(3) == 0) {
          from.remove();
        } else {
          Iterator<Edge> edges = target.edges();
          String wanted = "e" + choices.nextInt(nextName + 1);
          while (edges.hasNext()) {
            Edge edge = edges.next();
            if (edge.value(NAME).equals(wanted)) {
              edge.remove();
              break;
            }
          }
        }
      }
    }
  }

  private void compare(long choice, int round) {
    GraphTraversal<?, ?> ours = traversal(graph.traversal(), new SplittableRandom(choice));
    GraphTraversal<?, ?> expected = traversal(model.traversal(), new SplittableRandom(choice));
    String description = ours.toString();
    assertThat(results(ours))
        .as("seed %d, round %d, traversal %s", seed, round, description)
        .containsExactlyInAnyOrderElementsOf(results(expected));
  }

  private GraphTraversal<?, ?> traversal(GraphTraversalSource g, SplittableRandom choices) {
    boolean vertices = choices.nextInt(4) > 0;
    GraphTraversal<?, ?> traversal = vertices ? g.V() : g.E();
    int steps = choices.nextInt(4);
    for (int i = 0; i < steps; i++) {
      switch (choices.nextInt(vertices ? 7 : 5)) {
        case 0 -> traversal = traversal.has("num", predicate(choices));
        case 1 -> traversal = traversal.has("text", TextP.startingWith(prefix(choices)));
        case 2 ->
            traversal =
                vertices
                    ? traversal.hasLabel(LABELS[choices.nextInt(LABELS.length)])
                    : traversal.hasLabel(EDGE_LABELS[choices.nextInt(EDGE_LABELS.length)]);
        case 3 -> traversal = traversal.has(NAME, P.within("v1", "v5", "v9", "e3", "e8"));
        case 4 -> {
          if (vertices) {
            traversal = edgesOf(traversal, choices);
          } else {
            traversal = choices.nextBoolean() ? traversal.inV() : traversal.bothV();
          }
          vertices = !vertices;
        }
        case 5 -> traversal = traversal.out();
        default -> traversal = traversal.both(EDGE_LABELS[choices.nextInt(EDGE_LABELS.length)]);
      }
    }
    return switch (choices.nextInt(4)) {
      case 0 -> traversal.count();
      case 1 -> traversal.dedup().count();
      case 2 -> traversal.values("num");
      default -> traversal.values(NAME);
    };
  }

  private static GraphTraversal<?, ?> edgesOf(
      GraphTraversal<?, ?> traversal, SplittableRandom choices) {
    return switch (choices.nextInt(3)) {
      case 0 -> traversal.outE();
      case 1 -> traversal.inE("x", "none");
      default -> traversal.bothE("y");
    };
  }

  private static P<?> predicate(SplittableRandom choices) {
    Object bound = number(choices);
    return switch (choices.nextInt(6)) {
      case 0 -> P.eq(bound);
      case 1 -> P.gt(bound);
      case 2 -> P.lte(bound);
      case 3 -> P.between(2, 8);
      case 4 -> P.within(bound, 3, 4.5);
      default -> P.neq(bound);
    };
  }

  private static List<Object> results(GraphTraversal<?, ?> traversal) {
    List<Object> results = new ArrayList<>();
    traversal.forEachRemaining(results::add);
    return results;
  }

  private static Object value(SplittableRandom choices) {
    return choices.nextBoolean() ? number(choices) : text(choices);
  }

  private static Object number(SplittableRandom choices) {
    int value = choices.nextInt(12);
    return switch (choices.nextInt(4)) {
      case 0 -> value;
      case 1 -> (long) value;
      case 2 -> (double) value;
      default -> value + 0.5;
    };
  }

  private static String text(SplittableRandom choices) {
    return prefix(choices) + choices.nextInt(5);
  }

  private static String prefix(SplittableRandom choices) {
    return "p".repeat(1 + choices.nextInt(3));
  }

  private static @Nullable Vertex find(Graph target, String name) {
    Iterator<Vertex> found = target.traversal().V().has(NAME, name);
    return found.hasNext() ? found.next() : null;
  }
}
