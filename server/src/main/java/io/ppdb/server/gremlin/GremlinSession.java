package io.ppdb.server.gremlin;

import io.ppdb.database.Database;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinAntlrToJava;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinParserException;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinQueryParser;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.jspecify.annotations.Nullable;

/**
 * Runs traversals in their text form (gremlin-lang, never Groovy) on the graph of a database.
 *
 * <p>Each traversal is a transaction of its own, run again when it conflicts. Thread-safe.
 */
public final class GremlinSession {
  private static final Pattern PARSE_ERROR =
      Pattern.compile("(?s).*at line (\\d+), character position at (\\d+), error message : (.*)");

  private final Database database;

  public GremlinSession(Database database) {
    this.database = database;
  }

  /**
   * Runs one traversal; returns its results as {@link GremlinValues#plain}.
   *
   * @throws PpdbException SYNTAX_ERROR, with the position, if it is none
   */
  public List<@Nullable Object> execute(String gremlin) {
    return within(inTransaction -> evaluate(inTransaction, gremlin));
  }

  /** Runs {@code work}, which may run again, on the demo's graph; commits what it writes. */
  public <T> T build(Function<RouteGraph, T> work) {
    return within(inTransaction -> work.apply(new RouteGraph(inTransaction)));
  }

  /** Lets {@code has(label, key, value)} be a lookup. */
  public void createIndex(String label, String key) {
    database.graph().createIndex(label, key);
  }

  private <T> T within(Function<Graph, T> work) {
    return database.transact(transaction -> work.apply(transaction.graph()));
  }

  private static List<@Nullable Object> evaluate(Graph graph, String gremlin) {
    Object result;
    try {
      result = GremlinQueryParser.parse(gremlin, new GremlinAntlrToJava(graph.traversal()));
    } catch (GremlinParserException e) {
      throw syntaxError(e);
    }
    List<@Nullable Object> results = new ArrayList<>();
    if (result instanceof Iterator<?> iterator) { // a traversal that no step has ended
      iterator.forEachRemaining(each -> results.add(GremlinValues.plain(each)));
    } else if (result instanceof Iterable<?> values) {
      values.forEach(each -> results.add(GremlinValues.plain(each)));
    } else if (result != null) {
      results.add(GremlinValues.plain(result));
    }
    return results;
  }

  private static PpdbException syntaxError(GremlinParserException e) {
    Matcher matcher = PARSE_ERROR.matcher(String.valueOf(e.getMessage()));
    String message =
        matcher.matches()
            ? "line %s, column %d: %s"
                .formatted(
                    matcher.group(1), Integer.parseInt(matcher.group(2)) + 1, matcher.group(3))
            : String.valueOf(e.getMessage());
    return new PpdbException(ErrorCode.SYNTAX_ERROR, message, e);
  }
}
