package io.ppdb.graph.storage;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes and drops indexes while others write.
 *
 * <p>A new index is first {@code BUILDING}: from that epoch on every writer maintains it, and
 * writers that began before fail by conflict and try again. Then the elements that were there are
 * added in small transactions, which conflict with whoever changes the same entry. Last it becomes
 * {@code PUBLIC} and readers may use it.
 */
public final class IndexBuilder {
  private static final int BATCH_SIZE = 1000;
  private static final long FIRST_ID = 0;
  private static final TransactionOptions MAINTENANCE =
      TransactionOptions.DEFAULT.withOrigin(CommitOrigin.MAINTENANCE);

  private final GraphStore graph;
  private final KeyValueStore store;

  public IndexBuilder(GraphStore graph) {
    this.graph = graph;
    this.store = graph.store();
  }

  /**
   * Makes an index and fills it with what is there.
   *
   * @param label the label to restrict it to, null for all elements
   * @throws PpdbException DUPLICATE_OBJECT if the name is taken, UNIQUE_VIOLATION if two elements
   *     have the same value
   */
  public IndexDefinition create(
      String name, ElementKind kind, @Nullable String label, String key, boolean unique) {
    NameTable names = graph.names();
    int labelId = label == null ? NameTable.UNKNOWN : names.intern(kind.labelKind(), label);
    int keyId = names.intern(NameKind.PROPERTY_KEY, key);
    IndexDefinition building =
        new IndexDefinition(
            graph.nextIndexId(),
            name,
            kind,
            labelId,
            keyId,
            unique,
            IndexDefinition.State.BUILDING);
    store.transact(
        transaction -> {
          if (graph.indexes(transaction).find(name) != null) {
            throw new PpdbException(
                ErrorCode.DUPLICATE_OBJECT, "graph index " + name + " already exists");
          }
          graph.changeIndex(transaction, building.id(), building);
          return building;
        });
    try {
      backfill(building);
    } catch (RuntimeException e) {
      drop(building);
      throw e;
    }
    IndexDefinition ready = building.withState(IndexDefinition.State.PUBLIC);
    store.transact(
        transaction -> {
          IndexDefinition current = graph.indexes(transaction).find(name);
          if (current == null || current.id() != ready.id()) {
            throw new PpdbException(
                ErrorCode.UNDEFINED_OBJECT,
                "graph index " + name + " was dropped while it was being built");
          }
          graph.changeIndex(transaction, ready.id(), ready);
          return ready;
        });
    return ready;
  }

  /** Drops an index; UNDEFINED_OBJECT if there is none of that name. */
  public void drop(String name) {
    IndexDefinition index = store.transact(transaction -> graph.indexes(transaction).find(name));
    if (index == null) {
      throw new PpdbException(ErrorCode.UNDEFINED_OBJECT, "graph index " + name + " is not there");
    }
    drop(index);
  }

  private void drop(IndexDefinition index) {
    store.transact(
        transaction -> {
          graph.changeIndex(transaction, index.id(), null);
          return index;
        });
    KeyRange range = new GraphKeys(graph.objectId()).index(index.id()).toPrefixRange();
    while (store.transact(MAINTENANCE, transaction -> deleteSome(transaction, range))) {
      // Each turn is one transaction.
    }
  }

  /** Deletes a batch; false if nothing was left. */
  private static boolean deleteSome(Transaction transaction, KeyRange range) {
    List<byte[]> keys = new ArrayList<>();
    ScanOptions options = ScanOptions.ASCENDING.withKeysOnly(true).withMaxEntries(BATCH_SIZE);
    try (Cursor cursor = transaction.scan(range, options)) {
      while (cursor.next()) {
        keys.add(cursor.key().toByteArray());
      }
    }
    for (byte[] key : keys) {
      transaction.delete(key);
    }
    return !keys.isEmpty();
  }

  private void backfill(IndexDefinition index) {
    if (index.kind() == ElementKind.VERTEX) {
      inBatches(firstId -> backfillVertices(index, firstId));
    } else if (index.labelId() != NameTable.UNKNOWN) {
      inBatches(firstId -> backfillEdges(index, index.labelId(), firstId));
    } else {
      for (int labelId = 1; labelId <= graph.names().maxId(NameKind.EDGE_LABEL); labelId++) {
        int label = labelId;
        inBatches(firstId -> backfillEdges(index, label, firstId));
      }
    }
  }

  /** Calls {@code batch} with the id to begin at, until it returns null for the next one. */
  private static void inBatches(Function<Long, @Nullable Long> batch) {
    Long next = FIRST_ID;
    while (next != null) {
      next = batch.apply(next);
    }
  }

  private @Nullable Long backfillVertices(IndexDefinition index, long firstId) {
    return inSession(
        session -> {
          VertexScan scan = session.verticesFrom(index.labelId(), firstId, BATCH_SIZE);
          int count = 0;
          while (scan.next()) {
            VertexRecord record = scan.record();
            record = record == null ? session.vertex(scan.id()) : record;
            if (record != null) {
              session.indexWriter().backfillVertex(index, scan.id(), record);
            }
            count++;
          }
          return count == BATCH_SIZE ? Long.valueOf(scan.id() + 1) : null;
        });
  }

  private @Nullable Long backfillEdges(IndexDefinition index, int labelId, long firstId) {
    return inSession(
        session -> {
          EdgeListScan scan = session.edgesFrom(labelId, firstId, BATCH_SIZE);
          int count = 0;
          long lastId = firstId;
          for (EdgeEnds edge = scan.next(); edge != null; edge = scan.next()) {
            byte[] properties = session.edgeProperties(edge);
            if (properties != null) {
              session.indexWriter().backfillEdge(index, edge, properties);
            }
            lastId = edge.id();
            count++;
          }
          return count == BATCH_SIZE ? Long.valueOf(lastId + 1) : null;
        });
  }

  private @Nullable Long inSession(Function<GraphSession, @Nullable Long> work) {
    return store.transact(
        MAINTENANCE,
        transaction -> {
          GraphSession session = new GraphSession(graph, transaction);
          try {
            return work.apply(session);
          } finally {
            session.close();
          }
        });
  }
}
