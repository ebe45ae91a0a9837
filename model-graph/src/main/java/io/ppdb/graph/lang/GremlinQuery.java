package io.ppdb.graph.lang;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinAntlrToJava;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinParser;
import org.apache.tinkerpop.gremlin.language.grammar.TraversalRootVisitor;
import org.apache.tinkerpop.gremlin.language.grammar.VariableResolver;
import org.apache.tinkerpop.gremlin.process.traversal.Step;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;
import org.apache.tinkerpop.gremlin.process.traversal.step.Mutating;
import org.apache.tinkerpop.gremlin.process.traversal.step.ReadWriting;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.CallStep;
import org.apache.tinkerpop.gremlin.process.traversal.util.TraversalHelper;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.apache.tinkerpop.gremlin.structure.util.empty.EmptyGraph;
import org.jspecify.annotations.Nullable;

/**
 * A Gremlin text that has been parsed; {@code g} is the traversal source.
 *
 * <p>Immutable: one query may be run many times, on different graphs.
 */
public final class GremlinQuery {
  private final String text;
  private final GremlinParser.QueryListContext tree;

  private GremlinQuery(String text, GremlinParser.QueryListContext tree) {
    this.text = text;
    this.tree = tree;
  }

  /** Parses {@code text}; SYNTAX_ERROR with line and column if it is not Gremlin. */
  public static GremlinQuery parse(String text) {
    if (text.isBlank()) {
      throw new PpdbException(ErrorCode.SYNTAX_ERROR, "Gremlin, line 1, column 1: text is empty");
    }
    return new GremlinQuery(text, GremlinParsing.parse(text));
  }

  public String text() {
    return text;
  }

  /**
   * The columns of the results, found out without running anything: the keys of {@code project},
   * {@code select}, {@code elementMap} or {@code valueMap}, else one. Types are those that the
   * values in {@code graph} have had so far; what is not known is a string.
   */
  public List<GremlinColumn> columns(PpdbGraph graph) {
    return shape(graph).columns();
  }

  private ResultShape shape(PpdbGraph graph) {
    List<@Nullable Traversal<?, ?>> traversals = traversals();
    Traversal<?, ?> last = traversals.isEmpty() ? null : traversals.get(traversals.size() - 1);
    return last != null
        ? new ColumnAnalysis(graph).shape(last.asAdmin())
        : ResultShape.ofValue(new GremlinColumn("result", GremlinColumn.Type.STRING));
  }

  /** Whether this adds, changes or removes elements, reads or writes files, or calls a service. */
  public boolean writes() {
    for (Traversal<?, ?> traversal : traversals()) {
      if (traversal != null
          && TraversalHelper.anyStepRecursively(GremlinQuery::writes, traversal.asAdmin())) {
        return true;
      }
    }
    return false;
  }

  private static boolean writes(Step<?, ?> step) {
    return step instanceof Mutating || step instanceof ReadWriting || step instanceof CallStep;
  }

  /** What each of the queries traverses, null for one that is not a traversal; nothing is run. */
  private List<@Nullable Traversal<?, ?>> traversals() {
    WithoutTerminalStep visitor = new WithoutTerminalStep();
    Object unused = GremlinParsing.visit(tree, visitor);
    return visitor.traversals;
  }

  /** Runs this on a traversal source of {@code graph}. */
  public CloseableIterator<Object> run(PpdbGraph graph) {
    return run(graph.traversal(), Map.of());
  }

  /** Runs this on {@code source}; names that are not quoted stand for {@code parameters}. */
  public CloseableIterator<Object> run(
      GraphTraversalSource source, Map<String, Object> parameters) {
    GremlinAntlrToJava visitor =
        new GremlinAntlrToJava(
            source, new VariableResolver.DefaultVariableResolver(Map.copyOf(parameters)));
    return new Results(iterator(GremlinParsing.visit(tree, visitor)));
  }

  /**
   * Runs this on {@code graph}. A row has in each place what the traversal gave, or null: types of
   * columns are what values had when they were looked up, so whoever needs one type converts.
   */
  public CloseableIterator<@Nullable Object[]> rows(PpdbGraph graph) {
    return new GremlinRows(shape(graph), run(graph));
  }

  private static Iterator<?> iterator(@Nullable Object result) {
    if (result == null) {
      return Collections.emptyIterator();
    }
    if (result instanceof Iterator<?> iterator) {
      return iterator;
    }
    if (result instanceof Iterable<?> iterable) {
      return iterable.iterator();
    }
    if (result instanceof Optional<?> optional) {
      return optional.stream().iterator();
    }
    return List.of(result).iterator();
  }

  /** Builds the traversals of all queries but runs no {@code next()} or {@code toList()}. */
  private static final class WithoutTerminalStep extends GremlinAntlrToJava {
    final List<@Nullable Traversal<?, ?>> traversals = new ArrayList<>();

    WithoutTerminalStep() {
      super(EmptyGraph.instance(), VariableResolver.NullVariableResolver.instance());
    }

    @Override
    public @Nullable Object visitQuery(GremlinParser.QueryContext context) {
      traversals.add(
          context.getChild(0) instanceof GremlinParser.RootTraversalContext traversal
              ? new TraversalRootVisitor<Traversal<?, ?>>(this).visitRootTraversal(traversal)
              : null);
      return null;
    }
  }

  /** Results whose errors are ours. */
  private static final class Results implements CloseableIterator<Object> {
    private final Iterator<?> results;

    Results(Iterator<?> results) {
      this.results = results;
    }

    @Override
    public boolean hasNext() {
      try {
        return results.hasNext();
      } catch (PpdbException e) {
        throw e;
      } catch (IllegalArgumentException
          | IllegalStateException
          | ClassCastException
          | ArithmeticException
          | UnsupportedOperationException e) {
        throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "Gremlin: " + e.getMessage(), e);
      }
    }

    @Override
    public Object next() {
      return results.next();
    }

    @Override
    public void close() {
      CloseableIterator.closeIterator(results);
    }
  }
}
