package io.ppdb.graph;

import io.ppdb.graph.storage.EdgeEnds;
import io.ppdb.graph.storage.EdgeListScan;
import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.GraphStore;
import io.ppdb.graph.storage.IndexBuilder;
import io.ppdb.graph.storage.IndexDefinition;
import io.ppdb.graph.storage.IndexQuery;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.NameTable;
import io.ppdb.graph.storage.PropertyTypes;
import io.ppdb.graph.storage.VertexRecord;
import io.ppdb.graph.storage.VertexScan;
import io.ppdb.graph.strategy.CountFolding;
import io.ppdb.graph.strategy.GraphStepFolding;
import io.ppdb.graph.strategy.PropertyPrefetching;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.StoreOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.commons.configuration2.Configuration;
import org.apache.tinkerpop.gremlin.process.computer.GraphComputer;
import org.apache.tinkerpop.gremlin.process.traversal.TraversalStrategies;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.apache.tinkerpop.gremlin.structure.Transaction;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.apache.tinkerpop.gremlin.structure.util.ElementHelper;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;
import org.jspecify.annotations.Nullable;

/**
 * A graph that is one object of a key-value store.
 *
 * <p>Opened graphs have one transaction for each thread ({@link #tx}). {@link #within} gives a
 * graph over the same elements that reads and writes in a transaction of the caller's: so a
 * traversal takes part in a transaction over several models. Isolation is snapshot isolation;
 * whoever commits second after an overlapping write gets a {@link PpdbException} of code CONFLICT
 * and may try again.
 *
 * <p>Thread-safe, except for graphs of {@link #within}, which are used as their transaction is.
 */
@Graph.OptIn(Graph.OptIn.SUITE_STRUCTURE_STANDARD)
@Graph.OptIn(Graph.OptIn.SUITE_PROCESS_EMBEDDED_STANDARD)
public final class PpdbGraph implements Graph {
  /** The object id of the graph that every database has. */
  public static final long DEFAULT_OBJECT_ID = 2;

  /** Configuration: the name of the engine to open; {@code memory} if it is not given. */
  public static final String ENGINE_KEY = "ppdb.graph.engine";

  /** Configuration: where the store is, for engines that ask: a directory, or a cluster. */
  public static final String DIRECTORY_KEY = "ppdb.graph.directory";

  /**
   * Configuration: the cardinality of vertex properties set without one; {@code single} if it is
   * not given. It belongs to the graph object, not to the stored graph.
   */
  public static final String CARDINALITY_KEY = "ppdb.graph.cardinality";

  static {
    TraversalStrategies.GlobalCache.registerStrategies(
        PpdbGraph.class,
        TraversalStrategies.GlobalCache.getStrategies(Graph.class)
            .clone()
            .addStrategies(
                GraphStepFolding.instance(),
                CountFolding.instance(),
                PropertyPrefetching.instance()));
  }

  private final GraphStore store;
  private final Configuration configuration;
  private final boolean ownsStore;
  private final PpdbFeatures features;
  private final Transaction transaction;
  private final SessionSource sessions;

  private PpdbGraph(
      GraphStore store,
      Configuration configuration,
      boolean ownsStore,
      Sessions kind,
      @Nullable ReadView view) {
    this.store = store;
    this.configuration = configuration;
    this.ownsStore = ownsStore;
    this.features =
        new PpdbFeatures(
            store.store().properties().durable(),
            VertexProperty.Cardinality.valueOf(configuration.getString(CARDINALITY_KEY, "single")));
    switch (kind) {
      case THREAD_LOCAL -> {
        ThreadLocalTransaction local = new ThreadLocalTransaction(this, store);
        transaction = local;
        sessions = local;
      }
      case THREADED -> {
        ThreadedTransaction threaded = new ThreadedTransaction(this, store);
        transaction = threaded;
        sessions = threaded;
      }
      case BOUND -> {
        if (view == null) {
          throw new IllegalArgumentException("a bound graph needs a view");
        }
        BoundTransaction bound = new BoundTransaction(this, new GraphSession(store, view));
        transaction = bound;
        sessions = bound;
      }
      default -> throw new AssertionError(kind);
    }
  }

  private enum Sessions {
    THREAD_LOCAL,
    THREADED,
    BOUND
  }

  /**
   * The default graph of {@code store}, created if it is not there; the store stays the caller's.
   */
  public static PpdbGraph open(KeyValueStore store) {
    return open(store, DEFAULT_OBJECT_ID);
  }

  /** The graph that is object {@code objectId}, created if it is not there. */
  public static PpdbGraph open(KeyValueStore store, long objectId) {
    return new PpdbGraph(
        new GraphStore(store, objectId),
        new BaseConfiguration(),
        false,
        Sessions.THREAD_LOCAL,
        null);
  }

  /** What TinkerPop's GraphFactory calls: opens a store of its own, closed with the graph. */
  public static PpdbGraph open(Configuration configuration) {
    String engineName = configuration.getString(ENGINE_KEY, "memory");
    String directory = configuration.getString(DIRECTORY_KEY, "");
    for (KeyValueEngine engine : ServiceLoader.load(KeyValueEngine.class)) {
      if (engine.name().equals(engineName)) {
        KeyValueStore store = engine.open(directory, StoreOptions.DEFAULT);
        GraphStore graph = new GraphStore(store, DEFAULT_OBJECT_ID);
        return new PpdbGraph(graph, configuration, true, Sessions.THREAD_LOCAL, null);
      }
    }
    throw new PpdbException(
        ErrorCode.INVALID_ARGUMENT,
        ENGINE_KEY + " names the engine " + engineName + ", which is not on the class path");
  }

  /**
   * This graph as {@code view} has it: a snapshot to read, or a transaction to read and write. Its
   * {@link #tx} can neither commit nor roll back; closing it leaves the view open.
   */
  public PpdbGraph within(ReadView view) {
    return new PpdbGraph(store, configuration, false, Sessions.BOUND, view);
  }

  /** A graph with a transaction of its own, not bound to a thread. */
  PpdbGraph threaded() {
    return new PpdbGraph(store, configuration, false, Sessions.THREADED, null);
  }

  public GraphStore store() {
    return store;
  }

  /** Where the calling thread reads and writes now. */
  public GraphSession session() {
    return sessions.session();
  }

  // Indexes

  /**
   * Makes an index and fills it with what is there. Runs in transactions of its own; the calling
   * thread must not have written anything that is not committed.
   *
   * @throws PpdbException DUPLICATE_OBJECT if the name is taken, UNIQUE_VIOLATION if a unique index
   *     finds two elements with the same value, ACTIVE_TRANSACTION if the thread has written
   */
  public void createIndex(GraphIndex index) {
    endReading("create an index");
    new IndexBuilder(store)
        .create(index.name(), index.kind(), index.label(), index.key(), index.isUnique());
  }

  /** Makes an index over the vertices of a label, or over all if {@code label} is null. */
  public void createIndex(@Nullable String label, String key) {
    createIndex(GraphIndex.vertices(label, key));
  }

  /** Drops an index; UNDEFINED_OBJECT if there is none of that name. */
  public void dropIndex(String name) {
    endReading("drop an index");
    new IndexBuilder(store).drop(name);
  }

  /** The indexes that readers use. */
  public List<GraphIndex> indexes() {
    List<GraphIndex> found = new ArrayList<>();
    NameTable names = store.names();
    for (IndexDefinition index : session().indexes().all()) {
      if (index.isPublic()) {
        boolean hasLabel = index.labelId() != NameTable.UNKNOWN;
        found.add(
            new GraphIndex(
                index.name(),
                index.kind(),
                hasLabel ? names.name(index.kind().labelKind(), index.labelId()) : null,
                names.name(NameKind.PROPERTY_KEY, index.keyId()),
                index.unique()));
      }
    }
    return found;
  }

  private void endReading(String what) {
    if (!(sessions instanceof ThreadLocalTransaction)) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "cannot " + what + " within a transaction");
    }
    if (transaction.isOpen()) {
      if (session().hasWritten()) {
        throw new PpdbException(
            ErrorCode.ACTIVE_TRANSACTION,
            "cannot " + what + " while the transaction of this thread has uncommitted writes");
      }
      transaction.rollback();
    }
  }

  // Elements

  @Override
  public Vertex addVertex(Object... keyValues) {
    ElementHelper.legalPropertyKeyValueArray(keyValues);
    if (ElementHelper.getIdValue(keyValues).isPresent()) {
      throw Vertex.Exceptions.userSuppliedIdsNotSupported();
    }
    String label = ElementHelper.getLabelValue(keyValues).orElse(Vertex.DEFAULT_LABEL);
    GraphSession session = session();
    int labelId = session.names().intern(NameKind.VERTEX_LABEL, label);
    VertexRecord.Builder record = new VertexRecord.Builder(labelId);
    for (int i = 0; i < keyValues.length; i += 2) {
      Object value = keyValues[i + 1];
      if (keyValues[i] instanceof String key) {
        ElementHelper.validateProperty(key, value);
        if (value != null) {
          record.add(checkProperty(ElementKind.VERTEX, labelId, key, value), value);
        }
      }
    }
    VertexRecord built = record.build();
    return new PpdbVertex(this, session.addVertex(built), session, built);
  }

  @Override
  public Iterator<Vertex> vertices(@Nullable Object... vertexIds) {
    GraphSession session = session();
    if (vertexIds.length == 0) {
      return ElementIterators.vertices(this, session, session.vertices());
    }
    List<Vertex> found = new ArrayList<>(vertexIds.length);
    for (Object vertexId : vertexIds) {
      Long id = toId(Vertex.class, vertexId);
      VertexRecord record = id == null ? null : session.vertex(id);
      if (id != null && record != null) {
        found.add(new PpdbVertex(this, id, session, record));
      }
    }
    return found.iterator();
  }

  @Override
  public Iterator<Edge> edges(@Nullable Object... edgeIds) {
    GraphSession session = session();
    if (edgeIds.length == 0) {
      return ElementIterators.edges(this, session.edges());
    }
    List<Edge> found = new ArrayList<>(edgeIds.length);
    for (Object edgeId : edgeIds) {
      Long id = toId(Edge.class, edgeId);
      EdgeEnds ends = id == null ? null : session.edge(id);
      if (ends != null) {
        found.add(new PpdbEdge(this, ends));
      }
    }
    return found.iterator();
  }

  /** The vertices of an index, else of some labels, else (if there are none) all. */
  public Iterator<Vertex> vertices(@Nullable IndexQuery query, int[] labelIds) {
    GraphSession session = session();
    VertexScan scan;
    if (query != null) {
      scan = session.vertices(query);
    } else {
      scan = labelIds.length > 0 ? session.verticesOfLabels(labelIds) : session.vertices();
    }
    return ElementIterators.vertices(this, session, scan);
  }

  /** The edges of an index, else of some labels, else (if there are none) all. */
  public Iterator<Edge> edges(@Nullable IndexQuery query, int[] labelIds) {
    GraphSession session = session();
    EdgeListScan scan;
    if (query != null) {
      scan = session.edges(query);
    } else {
      scan = labelIds.length > 0 ? session.edgesOfLabels(labelIds) : session.edges();
    }
    return ElementIterators.edges(this, scan);
  }

  /** The vertices next to a vertex, read in batches. */
  public Iterator<Vertex> neighboursWithRecords(
      PpdbVertex vertex, Direction direction, int[] labelIds) {
    GraphSession session = session();
    return ElementIterators.neighboursInBatches(
        this, session, session.edges(vertex.id, directionBits(direction), labelIds, false));
  }

  /** The edges at a vertex; {@code labelIds} null for none, empty for all. */
  Iterator<Edge> edgesOf(PpdbVertex vertex, Direction direction, int @Nullable [] labelIds) {
    if (labelIds == null) {
      return Collections.emptyIterator();
    }
    GraphSession session = session();
    boolean withProperties = direction != Direction.IN;
    return ElementIterators.edges(
        this,
        session,
        vertex.id,
        session.edges(vertex.id, directionBits(direction), labelIds, withProperties));
  }

  /** The vertices next to a vertex; {@code labelIds} null for none, empty for all. */
  Iterator<Vertex> neighboursOf(PpdbVertex vertex, Direction direction, int @Nullable [] labelIds) {
    if (labelIds == null) {
      return Collections.emptyIterator();
    }
    GraphSession session = session();
    return ElementIterators.neighbours(
        this, session.edges(vertex.id, directionBits(direction), labelIds, false));
  }

  /** A direction as {@link GraphSession#edges} takes it. */
  public static int directionBits(Direction direction) {
    return switch (direction) {
      case OUT -> GraphSession.OUT_BIT;
      case IN -> GraphSession.IN_BIT;
      case BOTH -> GraphSession.OUT_BIT | GraphSession.IN_BIT;
    };
  }

  /**
   * The ids of edge labels as {@link GraphSession#edges} takes them; null if labels are asked for
   * that no edge ever had.
   */
  public int @Nullable [] edgeLabelIds(@Nullable String... labels) {
    int[] ids = new int[labels.length];
    int count = 0;
    for (String label : labels) {
      int labelId = store.names().find(NameKind.EDGE_LABEL, label, session().view());
      if (labelId != NameTable.UNKNOWN
          && Arrays.stream(ids, 0, count).noneMatch(i -> i == labelId)) {
        ids[count++] = labelId;
      }
    }
    return labels.length > 0 && count == 0 ? null : Arrays.copyOf(ids, count);
  }

  int findKey(@Nullable String key) {
    return store.names().find(NameKind.PROPERTY_KEY, key, session().view());
  }

  /** The id of {@code key}, after checking that elements of the label may have the value. */
  int checkProperty(ElementKind kind, int labelId, String key, Object value) {
    ElementHelper.validateProperty(key, value);
    if (!PropertyTypes.isStorable(value)) {
      throw Property.Exceptions.dataTypeOfPropertyValueNotSupported(value);
    }
    return PropertyTypes.note(store.names(), kind, labelId, key, value);
  }

  int checkMetaProperty(String key, Object value) {
    ElementHelper.validateProperty(key, value);
    if (!PropertyTypes.isStorable(value)) {
      throw Property.Exceptions.dataTypeOfPropertyValueNotSupported(value);
    }
    return store.names().intern(NameKind.PROPERTY_KEY, key);
  }

  long vertexId(Vertex vertex) {
    Long id = toId(Vertex.class, vertex);
    if (id == null) {
      throw new IllegalArgumentException("vertex " + vertex.id() + " is not of this graph");
    }
    return id;
  }

  /**
   * What is given as the id of a vertex or edge as one of ours: a number, its text, or such an
   * element; null if it is none of them.
   */
  public static @Nullable Long toId(Class<? extends Element> kind, @Nullable Object given) {
    Object id = kind.isInstance(given) ? kind.cast(given).id() : given;
    if (id instanceof Long || id instanceof Integer || id instanceof Short || id instanceof Byte) {
      return ((Number) id).longValue();
    }
    if (id instanceof Number number) {
      long integral = number.longValue();
      return integral == number.doubleValue() ? Long.valueOf(integral) : null;
    }
    if (id instanceof String text) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return null;
  }

  // The rest of Graph

  @Override
  public <C extends GraphComputer> C compute(Class<C> graphComputerClass) {
    throw Graph.Exceptions.graphComputerNotSupported();
  }

  @Override
  public GraphComputer compute() {
    throw Graph.Exceptions.graphComputerNotSupported();
  }

  @Override
  public Transaction tx() {
    return transaction;
  }

  @Override
  public Variables variables() {
    throw Graph.Exceptions.variablesNotSupported();
  }

  @Override
  public Configuration configuration() {
    return configuration;
  }

  @Override
  public Features features() {
    return features;
  }

  /** Rolls back what is open, on any thread; closes the store if the graph opened it. */
  @Override
  public void close() {
    sessions.closeAll();
    if (ownsStore) {
      store.store().close();
    }
  }

  @Override
  public String toString() {
    return StringFactory.graphString(this, "object:" + store.objectId());
  }
}
