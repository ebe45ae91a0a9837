package io.ppdb.graph.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph as one view or transaction has it: reads and writes by primitive ids.
 *
 * <p>Claims, which make concurrent sessions safe:
 *
 * <ul>
 *   <li>a new edge guards the existence keys of its two vertices; removing a vertex locks its own;
 *   <li>a property changes by a put on its vertex or its outgoing adjacency entry;
 *   <li>counters are merged, so no two sessions ever conflict on one;
 *   <li>every writer requires the schema epoch unchanged: none misses an index made meanwhile.
 * </ul>
 *
 * <p>A change that an index forbids is refused before anything of it is written, so a caller may
 * catch the error and commit the rest.
 *
 * <p>Records are immutable. What was read may be kept until {@link #writeStamp} changes. Once the
 * session or its transaction has ended, reads fail with CLOSED, also those that a cache or a scan
 * begun before could answer. Changes exclude each other, for TinkerPop lets threads share a
 * transaction; whoever reads must be the only one to use the session meanwhile.
 */
public final class GraphSession {
  public static final int OUT = 0;
  public static final int IN = 1;
  public static final int OUT_BIT = 1 << OUT;
  public static final int IN_BIT = 1 << IN;

  /** The record of an edge, or of a property, that has no properties. */
  public static final byte[] NO_PROPERTIES = {};

  private static final byte[] NO_VALUE = {};
  private static final byte[] PLUS_ONE = MergeOperators.encodeLong(1);
  private static final byte[] MINUS_ONE = MergeOperators.encodeLong(-1);
  private static final int CACHE_SLOTS = 1 << 12;
  private static final int MAX_IDLE_SCANS = 4;

  private final GraphStore graph;
  private final ReadView view;
  private final @Nullable Transaction transaction;
  private final GraphKeys keys;
  private final IndexSet indexes;
  private final IndexWriter indexWriter;

  /** Vertices read or written lately, by the low bits of a hash of their ids; allocated late. */
  private long @Nullable [] cachedIds;

  private @Nullable VertexRecord[] cachedRecords = {};

  private final Set<EntryScan> openScans = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<EdgeScan> busyEdgeScans = new HashSet<>();
  private final Deque<EdgeScan> idleEdgeScans = new ArrayDeque<>();
  private long writeStamp;
  private int seenRollbackCount;
  private boolean hasWritten;
  private boolean closed;

  /** A session that reads and writes in {@code transaction}, which it does not end. */
  public GraphSession(GraphStore graph, Transaction transaction) {
    this(graph, transaction, transaction);
  }

  /** A session that only reads. */
  public GraphSession(GraphStore graph, ReadView view) {
    this(graph, view, view instanceof Transaction transaction ? transaction : null);
  }

  private GraphSession(GraphStore graph, ReadView view, @Nullable Transaction transaction) {
    this.graph = graph;
    this.view = view;
    this.transaction = transaction;
    this.keys = new GraphKeys(graph.objectId());
    this.indexes = graph.indexes(view);
    this.indexWriter = new IndexWriter(this);
  }

  public GraphStore graph() {
    return graph;
  }

  public NameTable names() {
    return graph.names();
  }

  public IndexSet indexes() {
    return indexes;
  }

  public ReadView view() {
    return view;
  }

  public @Nullable Transaction transaction() {
    return transaction;
  }

  IndexWriter indexWriter() {
    return indexWriter;
  }

  GraphKeys keys() {
    return keys;
  }

  /** Changes with every write of this session and whenever the transaction took writes back. */
  public long writeStamp() {
    noticeRollback();
    return writeStamp;
  }

  public boolean hasWritten() {
    return hasWritten;
  }

  public boolean isClosed() {
    return closed;
  }

  /** The view, which has not ended. */
  private ReadView reading() {
    noticeRollback();
    return view;
  }

  private boolean hasEnded() {
    return closed || (transaction != null && !transaction.isOpen());
  }

  PpdbException endedException() {
    return new PpdbException(
        ErrorCode.CLOSED, "the transaction in which the graph is read has ended");
  }

  /** Forgets what was read if writes were taken back since, by SQL for instance. */
  private void noticeRollback() {
    if (hasEnded()) {
      throw endedException();
    }
    if (transaction != null && transaction.rewindCount() != seenRollbackCount) {
      seenRollbackCount = transaction.rewindCount();
      writeStamp++;
      cachedIds = null;
    }
  }

  /** Ends all scans. The view or transaction stays as it is. */
  public void close() {
    closed = true;
    for (EntryScan scan : List.copyOf(openScans)) {
      scan.end();
    }
    for (EdgeScan scan : busyEdgeScans) {
      scan.dispose();
    }
    for (EdgeScan scan : idleEdgeScans) {
      scan.dispose();
    }
    busyEdgeScans.clear();
    idleEdgeScans.clear();
  }

  // Vertices

  /** The vertex of {@code id}, or null. */
  public @Nullable VertexRecord vertex(long id) {
    noticeRollback();
    long[] ids = cachedIds;
    int slot = (int) (LongSet.mix(id) & (CACHE_SLOTS - 1));
    if (ids != null && ids[slot] == id && cachedRecords[slot] != null) {
      return cachedRecords[slot];
    }
    byte[] stored = view.get(keys.vertex(id));
    if (stored == null) {
      return null;
    }
    VertexRecord record = new VertexRecord(stored);
    remember(id, record);
    return record;
  }

  /** Loads those of {@code ids} that are not cached, in one call to the store. */
  public void prefetch(long[] ids, int count) {
    noticeRollback();
    List<byte[]> wanted = new ArrayList<>();
    long[] wantedIds = new long[count];
    for (int i = 0; i < count; i++) {
      int slot = (int) (LongSet.mix(ids[i]) & (CACHE_SLOTS - 1));
      if (cachedIds == null || cachedIds[slot] != ids[i] || cachedRecords[slot] == null) {
        wantedIds[wanted.size()] = ids[i];
        wanted.add(keys.vertex(ids[i]));
      }
    }
    List<byte @Nullable []> found = view.getAll(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      byte[] stored = found.get(i);
      if (stored != null) {
        remember(wantedIds[i], new VertexRecord(stored));
      }
    }
  }

  /** Stores a new vertex and returns its id. */
  public synchronized long addVertex(VertexRecord record) {
    Transaction writer = writer();
    long id = graph.nextVertexId();
    indexWriter.checkVertex(id, null, record);
    writer.put(keys.vertex(id), record.bytes());
    writer.put(keys.label(record.labelId(), id), NO_VALUE);
    writer.merge(
        MergeOperators.LONG_ADD, keys.counter(ElementKind.VERTEX, record.labelId()), PLUS_ONE);
    if (!indexes.isEmpty()) {
      indexWriter.vertexChanged(id, null, record);
    }
    remember(id, record);
    return id;
  }

  /** Stores another state of a vertex. */
  public synchronized void updateVertex(long id, VertexRecord before, VertexRecord after) {
    indexWriter.checkVertex(id, before, after);
    writer().put(keys.vertex(id), after.bytes());
    if (!indexes.isEmpty()) {
      indexWriter.vertexChanged(id, before, after);
    }
    remember(id, after);
  }

  /** Removes a vertex and all its edges. */
  public synchronized void removeVertex(long id, VertexRecord record) {
    Transaction writer = writer();
    writer.lockForUpdate(keys.existence(id));
    List<EdgeEnds> edges = new ArrayList<>();
    EdgeScan scan = edges(id, OUT_BIT | IN_BIT, new int[0], false);
    while (scan.next()) {
      boolean out = scan.direction() == OUT;
      // A loop has an entry in either direction.
      if (out || scan.otherId() != id) {
        long otherId = scan.otherId();
        edges.add(
            new EdgeEnds(scan.edgeId(), scan.labelId(), out ? id : otherId, out ? otherId : id));
      }
    }
    for (EdgeEnds edge : edges) {
      removeEdge(edge);
    }
    writer.delete(keys.vertex(id));
    writer.delete(keys.label(record.labelId(), id));
    writer.merge(
        MergeOperators.LONG_ADD, keys.counter(ElementKind.VERTEX, record.labelId()), MINUS_ONE);
    if (!indexes.isEmpty()) {
      indexWriter.vertexChanged(id, record, null);
    }
    forget(id);
  }

  /** All vertices, with their records. */
  public VertexScan vertices() {
    return new VertexScan(
        entries(List.of(keys.vertices()), ScanOptions.ASCENDING), VertexScan.Source.VERTICES, true);
  }

  /** The ids of the vertices with one of {@code labelIds}. */
  public VertexScan verticesOfLabels(int[] labelIds) {
    List<KeyRange> ranges = new ArrayList<>();
    for (int labelId : labelIds) {
      ranges.add(keys.verticesOfLabel(labelId));
    }
    return new VertexScan(
        entries(ranges, ScanOptions.ASCENDING.withKeysOnly(true)), VertexScan.Source.LABEL, true);
  }

  /** The ids of vertices out of an index. */
  public VertexScan vertices(IndexQuery query) {
    boolean unique = query.definition().unique();
    return new VertexScan(
        entries(query.ranges(), ScanOptions.ASCENDING.withKeysOnly(!unique)),
        unique ? VertexScan.Source.UNIQUE_INDEX : VertexScan.Source.INDEX,
        query.single());
  }

  /** Up to {@code limit} vertices from {@code firstId} on: all, or those of a label. */
  VertexScan verticesFrom(int labelId, long firstId, int limit) {
    ScanOptions options = ScanOptions.ASCENDING.withMaxEntries(limit);
    if (labelId == NameTable.UNKNOWN) {
      KeyRange range = KeyRange.of(keys.vertex(firstId), keys.vertices().end());
      return new VertexScan(entries(List.of(range), options), VertexScan.Source.VERTICES, true);
    }
    KeyRange all = keys.verticesOfLabel(labelId);
    KeyRange range = KeyRange.of(keys.label(labelId, firstId), all.end());
    return new VertexScan(
        entries(List.of(range), options.withKeysOnly(true)), VertexScan.Source.LABEL, true);
  }

  // Edges

  /** Stores a new edge between two vertices that this session sees, and returns it. */
  public synchronized EdgeEnds addEdge(long outId, int labelId, long inId, byte[] properties) {
    Transaction writer = writer();
    EdgeEnds edge = new EdgeEnds(graph.nextEdgeId(), labelId, outId, inId);
    indexWriter.checkEdge(edge, null, properties);
    writer.guard(keys.existence(outId));
    if (inId != outId) {
      writer.guard(keys.existence(inId));
    }
    writer.put(keys.adjacency(outId, OUT, labelId, inId, edge.id()), properties);
    writer.put(keys.adjacency(inId, IN, labelId, outId, edge.id()), NO_VALUE);
    writer.put(keys.edge(labelId, edge.id()), edge.encode());
    writer.merge(MergeOperators.LONG_ADD, keys.counter(ElementKind.EDGE, labelId), PLUS_ONE);
    if (!indexes.isEmpty()) {
      indexWriter.edgeChanged(edge, null, properties);
    }
    return edge;
  }

  /** The properties of an edge; null if the edge is not there. */
  public byte @Nullable [] edgeProperties(EdgeEnds edge) {
    return reading().get(keys.adjacency(edge.outId(), OUT, edge.labelId(), edge.inId(), edge.id()));
  }

  /** Stores other properties of an edge. */
  public synchronized void updateEdge(EdgeEnds edge, byte[] before, byte[] after) {
    indexWriter.checkEdge(edge, before, after);
    writer().put(keys.adjacency(edge.outId(), OUT, edge.labelId(), edge.inId(), edge.id()), after);
    if (!indexes.isEmpty()) {
      indexWriter.edgeChanged(edge, before, after);
    }
  }

  /** Removes an edge; does nothing if it is not there. */
  public synchronized void removeEdge(EdgeEnds edge) {
    Transaction writer = writer();
    byte[] outKey = keys.adjacency(edge.outId(), OUT, edge.labelId(), edge.inId(), edge.id());
    byte[] properties = view.get(outKey);
    if (properties == null) {
      return;
    }
    writer.delete(outKey);
    writer.delete(keys.adjacency(edge.inId(), IN, edge.labelId(), edge.outId(), edge.id()));
    writer.delete(keys.edge(edge.labelId(), edge.id()));
    writer.merge(
        MergeOperators.LONG_ADD, keys.counter(ElementKind.EDGE, edge.labelId()), MINUS_ONE);
    if (!indexes.isEmpty()) {
      indexWriter.edgeChanged(edge, properties, null);
    }
  }

  /** The edge of {@code id}, or null. Its label is not known, so every label is asked. */
  public @Nullable EdgeEnds edge(long id) {
    int labelCount = names().maxId(NameKind.EDGE_LABEL);
    List<byte[]> candidates = new ArrayList<>();
    for (int labelId = 1; labelId <= labelCount; labelId++) {
      candidates.add(keys.edge(labelId, id));
    }
    List<byte @Nullable []> found = reading().getAll(candidates);
    for (int i = 0; i < found.size(); i++) {
      byte[] stored = found.get(i);
      if (stored != null) {
        return EdgeEnds.decode(id, i + 1, stored);
      }
    }
    return null;
  }

  /** All edges. */
  public EdgeListScan edges() {
    return new EdgeListScan(
        entries(List.of(keys.edges()), ScanOptions.ASCENDING), EdgeListScan.Source.EDGES);
  }

  public EdgeListScan edgesOfLabels(int[] labelIds) {
    List<KeyRange> ranges = new ArrayList<>();
    for (int labelId : labelIds) {
      ranges.add(keys.edgesOfLabel(labelId));
    }
    return new EdgeListScan(entries(ranges, ScanOptions.ASCENDING), EdgeListScan.Source.EDGES);
  }

  /** Up to {@code limit} edges of a label from {@code firstId} on. */
  EdgeListScan edgesFrom(int labelId, long firstId, int limit) {
    KeyRange range = KeyRange.of(keys.edge(labelId, firstId), keys.edgesOfLabel(labelId).end());
    return new EdgeListScan(
        entries(List.of(range), ScanOptions.ASCENDING.withMaxEntries(limit)),
        EdgeListScan.Source.EDGES);
  }

  public EdgeListScan edges(IndexQuery query) {
    return new EdgeListScan(
        entries(query.ranges(), ScanOptions.ASCENDING),
        query.definition().unique() ? EdgeListScan.Source.UNIQUE_INDEX : EdgeListScan.Source.INDEX);
  }

  /**
   * The edges at a vertex.
   *
   * @param directions bits: {@link #OUT_BIT}, {@link #IN_BIT}
   * @param labelIds the labels wanted; empty for all
   * @param withProperties whether to read the properties of outgoing edges on the way
   */
  public EdgeScan edges(long vertexId, int directions, int[] labelIds, boolean withProperties) {
    noticeRollback();
    EdgeScan scan = idleEdgeScan(withProperties);
    busyEdgeScans.add(scan);
    scan.start(vertexId, directions, labelIds);
    return scan;
  }

  /** The properties that {@code scan} stands on, null if it does not have them. */
  public byte @Nullable [] properties(EdgeScan scan) {
    return scan.withValues() && scan.direction() == OUT ? scan.properties() : null;
  }

  // Counters

  /** How many elements have a label. */
  public long count(ElementKind kind, int labelId) {
    byte[] stored = reading().get(keys.counter(kind, labelId));
    return stored == null ? 0 : MergeOperators.decodeLong(stored);
  }

  /** How many elements there are. */
  public long count(ElementKind kind) {
    long count = 0;
    EntryScan scan = entries(List.of(keys.counters(kind)), ScanOptions.ASCENDING);
    while (scan.next()) {
      count += MergeOperators.decodeLong(scan.value().toByteArray());
    }
    return count;
  }

  // Shared with the scans and the index writer

  /** The transaction, to write to; every call is taken for a write. */
  Transaction writer() {
    if (transaction == null) {
      throw new PpdbException(ErrorCode.READ_ONLY, "the graph is read at a snapshot");
    }
    if (hasEnded()) {
      throw endedException();
    }
    if (!hasWritten) {
      transaction.requireUnchanged(graph.epochKey());
      hasWritten = true;
    }
    writeStamp++;
    return transaction;
  }

  EntryScan entries(List<KeyRange> ranges, ScanOptions options) {
    return new EntryScan(this, reading(), ranges, options);
  }

  void track(EntryScan scan) {
    openScans.add(scan);
  }

  void untrack(EntryScan scan) {
    openScans.remove(scan);
  }

  void release(EdgeScan scan) {
    busyEdgeScans.remove(scan);
    if (hasEnded() || scan.stamp() != writeStamp() || idleEdgeScans.size() == MAX_IDLE_SCANS) {
      scan.dispose();
    } else {
      idleEdgeScans.push(scan);
    }
  }

  private EdgeScan idleEdgeScan(boolean withValues) {
    while (true) {
      EdgeScan scan = idleEdgeScans.peek();
      if (scan == null) {
        return new EdgeScan(this, view, keys, withValues);
      }
      if (scan.stamp() == writeStamp()) {
        break;
      }
      idleEdgeScans.pop().dispose();
    }
    for (EdgeScan scan : idleEdgeScans) {
      if (scan.withValues() == withValues) {
        idleEdgeScans.remove(scan);
        return scan;
      }
    }
    return new EdgeScan(this, view, keys, withValues);
  }

  private void remember(long id, VertexRecord record) {
    if (cachedIds == null) {
      cachedIds = new long[CACHE_SLOTS];
      cachedRecords = new @Nullable VertexRecord[CACHE_SLOTS];
    }
    int slot = (int) (LongSet.mix(id) & (CACHE_SLOTS - 1));
    cachedIds[slot] = id;
    cachedRecords[slot] = record;
  }

  private void forget(long id) {
    if (cachedIds != null) {
      int slot = (int) (LongSet.mix(id) & (CACHE_SLOTS - 1));
      if (cachedIds[slot] == id) {
        cachedRecords[slot] = null;
      }
    }
  }
}
