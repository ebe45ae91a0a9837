package io.ppdb.graph.lang;

import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Results of a traversal as rows of the shape that was found for it. */
final class GremlinRows implements CloseableIterator<@Nullable Object[]> {
  private final ResultShape shape;
  private final CloseableIterator<Object> results;

  GremlinRows(ResultShape shape, CloseableIterator<Object> results) {
    this.shape = shape;
    this.results = results;
  }

  @Override
  public boolean hasNext() {
    return results.hasNext();
  }

  @Override
  public @Nullable Object[] next() {
    return shape.row(results.next());
  }

  @Override
  public void close() {
    results.close();
  }
}
