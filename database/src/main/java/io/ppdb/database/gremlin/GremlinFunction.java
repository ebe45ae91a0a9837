package io.ppdb.database.gremlin;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.lang.GremlinColumn;
import io.ppdb.graph.lang.GremlinQuery;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code TABLE(gremlin('g.V()…'))}: the results of a traversal as rows.
 *
 * <p>Columns and their types come from the text and from what the graph's properties have held so
 * far, without running it; so the text has to be a literal. The traversal runs in the transaction
 * or snapshot of the SQL statement. Thread-safe.
 */
public final class GremlinFunction implements TableFunction {
  private static final double ESTIMATED_ROWS = 1000;

  private final KeyValueStore store;
  private final PpdbGraph graph;

  /** The function over {@code graph}, which is stored in {@code store}. */
  public GremlinFunction(KeyValueStore store, PpdbGraph graph) {
    this.store = store;
    this.graph = graph;
  }

  @Override
  public String name() {
    return "gremlin";
  }

  @Override
  public List<ColumnType> parameterTypes() {
    return List.of(ColumnType.TEXT);
  }

  @Override
  public List<OutputColumn> outputColumns(List<@Nullable Object> constants) {
    if (!(constants.get(0) instanceof String text)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "gremlin: the traversal must be a literal text, because its columns depend on it");
    }
    GremlinQuery query = GremlinQuery.parse(text);
    if (query.writes()) {
      // A query may read its function more than once, or not at all.
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "gremlin: a traversal within SQL can only read");
    }
    try (Snapshot snapshot = store.snapshot()) {
      return query.columns(graph.within(snapshot)).stream()
          .map(column -> new OutputColumn(column.name(), columnType(column.type())))
          .toList();
    }
  }

  @Override
  public BatchSource open(List<@Nullable Object> arguments, ExecutionContext context) {
    if (!(arguments.get(0) instanceof String text)) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "gremlin: the traversal is NULL");
    }
    PpdbGraph bound = graph.within(context.view());
    GremlinQuery query = GremlinQuery.parse(text);
    List<String> names = query.columns(bound).stream().map(GremlinColumn::name).toList();
    return new GremlinSource(bound, names, query.rows(bound), context);
  }

  @Override
  public double estimatedRowCount() {
    return ESTIMATED_ROWS;
  }

  private static ColumnType columnType(GremlinColumn.Type type) {
    return switch (type) {
      case BOOLEAN -> ColumnType.BOOLEAN;
      case INTEGER -> ColumnType.INTEGER;
      case BIGINT -> ColumnType.BIGINT;
      case DOUBLE -> ColumnType.DOUBLE;
      case DECIMAL -> ColumnType.NUMERIC;
      case STRING -> ColumnType.TEXT;
      case BYTES -> ColumnType.BYTEA;
      case UUID -> ColumnType.UUID;
      case DATE -> ColumnType.DATE;
      case TIME -> ColumnType.TIME;
      case TIMESTAMP -> ColumnType.TIMESTAMP;
      case TIMESTAMPTZ -> ColumnType.TIMESTAMPTZ;
    };
  }
}
