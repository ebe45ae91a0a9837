package io.ppdb.graph.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One graph of a store: what all its sessions share. Ids, names and the newest schema are cached
 * here; elements are not.
 *
 * <p>Thread-safe.
 */
public final class GraphStore {
  /** Sequences of {@link GraphKeys#SCHEMA_SEQUENCE}. */
  private static final int VERTEX_SEQUENCE = 0;

  private static final int EDGE_SEQUENCE = 1;
  private static final int INDEX_SEQUENCE = 2;

  /** The first of three: a name space each. */
  static final int FIRST_NAME_SEQUENCE = 3;

  private static final int FORMAT_VERSION = 1;
  private static final String FORMAT_NAME = "ppdb-graph";

  private final KeyValueStore store;
  private final long objectId;
  private final NameTable names;
  private final IdSequence vertexIds;
  private final IdSequence edgeIds;
  private final IdSequence indexIds;
  private final byte[] epochKey;

  /** The newest seen; sessions of older views load their own. */
  private volatile IndexSet newestIndexes = IndexSet.EMPTY;

  /** Opens the graph that is object {@code objectId} of {@code store}, creating it if need be. */
  public GraphStore(KeyValueStore store, long objectId) {
    this.store = store;
    this.objectId = objectId;
    GraphKeys keys = new GraphKeys(objectId);
    this.epochKey = keys.schema(GraphKeys.SCHEMA_EPOCH).toByteArray();
    createOrCheck(keys);
    this.names = new NameTable(store, objectId);
    this.vertexIds = new IdSequence(store, sequenceKey(keys, VERTEX_SEQUENCE));
    this.edgeIds = new IdSequence(store, sequenceKey(keys, EDGE_SEQUENCE));
    this.indexIds = new IdSequence(store, sequenceKey(keys, INDEX_SEQUENCE), 1);
  }

  public KeyValueStore store() {
    return store;
  }

  public long objectId() {
    return objectId;
  }

  public NameTable names() {
    return names;
  }

  long nextVertexId() {
    return vertexIds.next();
  }

  long nextEdgeId() {
    return edgeIds.next();
  }

  int nextIndexId() {
    return Math.toIntExact(indexIds.next());
  }

  /** The key that every change of the schema writes. */
  byte[] epochKey() {
    return epochKey;
  }

  /** The newest indexes that this process knows of; for showing, not for reading by. */
  public IndexSet newestIndexes() {
    return newestIndexes;
  }

  /** The indexes as {@code view} has them. */
  IndexSet indexes(ReadView view) {
    byte[] stored = view.get(epochKey);
    long epoch = stored == null ? 0 : MergeOperators.decodeLong(stored);
    IndexSet newest = newestIndexes;
    if (epoch == newest.epoch()) {
      return newest;
    }
    IndexSet loaded = new IndexSet(epoch, loadIndexes(view));
    synchronized (this) {
      if (epoch > newestIndexes.epoch()) {
        newestIndexes = loaded;
      }
    }
    return loaded;
  }

  /** Stores an index, or removes it if {@code definition} is null, and begins a new epoch. */
  void changeIndex(Transaction transaction, int indexId, @Nullable IndexDefinition definition) {
    byte[] key = indexKey(indexId);
    if (definition == null) {
      transaction.delete(key);
    } else {
      transaction.put(key, definition.encode());
    }
    byte[] stored = transaction.get(epochKey);
    long epoch = stored == null ? 0 : MergeOperators.decodeLong(stored);
    transaction.put(epochKey, MergeOperators.encodeLong(epoch + 1));
  }

  private List<IndexDefinition> loadIndexes(ReadView view) {
    List<IndexDefinition> definitions = new ArrayList<>();
    KeyRange range = new GraphKeys(objectId).schema(GraphKeys.SCHEMA_INDEX).toPrefixRange();
    KeyReader reader = new KeyReader();
    try (Cursor cursor = view.scan(range)) {
      while (cursor.next()) {
        int id = (int) reader.reset(cursor.key()).skip().skip().skip().readLong();
        definitions.add(IndexDefinition.decode(id, cursor.value().toByteArray()));
      }
    }
    return definitions;
  }

  private void createOrCheck(GraphKeys keys) {
    byte[] formatKey = keys.schema(GraphKeys.SCHEMA_FORMAT).toByteArray();
    KeyRange counters = keys.counters();
    byte[] stored = store.transact(transaction -> transaction.get(formatKey));
    if (stored == null) {
      store.setPolicy(counters, store.policy(counters.start()).withUse(RangePolicy.Use.MERGEABLE));
      // Many guard the vertices of their edges at a time, and require the schema.
      for (KeyRange shared : List.of(keys.existences(), keys.wholeSchema())) {
        RangePolicy policy = store.policy(shared.start());
        store.setPolicy(shared, policy.withClaims(RangePolicy.Claims.SHARED));
      }
      byte[] format =
          new RecordWriter().writeString(FORMAT_NAME).writeVarint(FORMAT_VERSION).toByteArray();
      store.transact(transaction -> transaction.putIfAbsent(formatKey, format));
      return;
    }
    RecordReader in = new RecordReader(stored);
    String name = in.readString();
    long version = in.readVarint();
    if (!name.equals(FORMAT_NAME) || version != FORMAT_VERSION) {
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "object "
              + objectId
              + " is of format "
              + name
              + " "
              + version
              + ", expected "
              + FORMAT_NAME
              + " "
              + FORMAT_VERSION);
    }
  }

  private byte[] indexKey(int indexId) {
    KeyWriter key = new GraphKeys(objectId).schema(GraphKeys.SCHEMA_INDEX);
    return key.addLong(indexId).toByteArray();
  }

  private static byte[] sequenceKey(GraphKeys keys, int sequence) {
    return keys.schema(GraphKeys.SCHEMA_SEQUENCE).addLong(sequence).toByteArray();
  }
}
