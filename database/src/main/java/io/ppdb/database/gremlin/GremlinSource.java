package io.ppdb.database.gremlin;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Pulls rows out of a running traversal, a batch at a time, and closes the graph it runs on, whose
 * scans would otherwise stay open as long as the transaction. Used by one thread.
 */
final class GremlinSource implements BatchSource {
  private final PpdbGraph graph;
  private final List<String> columnNames;
  private final CloseableIterator<@Nullable Object[]> rows;
  private final ExecutionContext context;

  GremlinSource(
      PpdbGraph graph,
      List<String> columnNames,
      CloseableIterator<@Nullable Object[]> rows,
      ExecutionContext context) {
    this.graph = graph;
    this.columnNames = columnNames;
    this.rows = rows;
    this.context = context;
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    Vector[] columns = batch.columns();
    int count = 0;
    while (count < rowCount && rows.hasNext()) {
      context.checkCancelled();
      @Nullable Object[] row = rows.next();
      checkWidth(row.length, columns.length);
      for (int i = 0; i < columns.length; i++) {
        Vector column = columns[i];
        column.setObject(count, ValueConversion.convert(row[i], column.type(), columnNames.get(i)));
      }
      count++;
    }
    batch.setRowCount(count);
    return count == rowCount;
  }

  private static void checkWidth(int seen, int expected) {
    // The keys of elementMap() are those of the graph, which may have grown since planning.
    if (seen != expected) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "gremlin: the traversal has "
              + seen
              + " columns now, "
              + expected
              + " when the statement was prepared; prepare it again");
    }
  }

  @Override
  public void close() {
    try {
      rows.close();
    } finally {
      graph.close();
    }
  }
}
