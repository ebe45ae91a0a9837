package io.ppdb.graph.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.kv.codec.KeyReader;

/**
 * Reads adjacency entries: of one vertex after another, through one cursor over all of them.
 *
 * <p>Opening a cursor merges the levels of an engine anew, a seek does not; so a session keeps idle
 * scans and hands them out again as long as it has written nothing in between. Not thread-safe.
 */
public final class EdgeScan {
  private final GraphSession session;
  private final GraphKeys keys;
  private final Cursor cursor;
  private final boolean withValues;
  private final long writeStamp;
  private final KeyReader reader = new KeyReader();

  private byte[][] prefixes = {};
  private int prefixIndex;
  private final int objectAndKindLength;
  private boolean positioned;
  private boolean inUse;

  /** Whether the session ended before this scan did. */
  private boolean ended;

  private int direction;
  private int labelId;
  private long otherId;
  private long edgeId;

  EdgeScan(GraphSession session, ReadView view, GraphKeys keys, boolean withValues) {
    this.session = session;
    this.keys = keys;
    this.withValues = withValues;
    this.writeStamp = session.writeStamp();
    this.cursor = view.scan(keys.adjacencies(), ScanOptions.ASCENDING.withKeysOnly(!withValues));
    this.objectAndKindLength = keys.adjacencies().start().length;
  }

  boolean withValues() {
    return withValues;
  }

  long stamp() {
    return writeStamp;
  }

  /**
   * Places this scan before the entries of a vertex.
   *
   * @param directions bits: {@link GraphSession#OUT_BIT}, {@link GraphSession#IN_BIT}
   * @param labelIds the edge labels wanted; empty for all
   */
  void start(long vertexId, int directions, int[] labelIds) {
    inUse = true;
    positioned = false;
    prefixIndex = 0;
    boolean out = (directions & GraphSession.OUT_BIT) != 0;
    boolean in = (directions & GraphSession.IN_BIT) != 0;
    if (labelIds.length == 0) {
      prefixes =
          new byte[][] {
            out && in
                ? keys.adjacencyPrefix(vertexId)
                : keys.adjacencyPrefix(vertexId, out ? GraphSession.OUT : GraphSession.IN)
          };
      return;
    }
    prefixes = new byte[labelIds.length * (out && in ? 2 : 1)][];
    int count = 0;
    for (int d = GraphSession.OUT; d <= GraphSession.IN; d++) {
      if ((directions & (1 << d)) != 0) {
        for (int label : labelIds) {
          prefixes[count++] = keys.adjacencyPrefix(vertexId, d, label);
        }
      }
    }
  }

  /** Moves to the next entry; false, and handed back to the session, if there is none. */
  public boolean next() {
    if (!advance()) {
      return false;
    }
    decode();
    return true;
  }

  /** Counts the entries that are left, up to {@code limit}, and closes. */
  public long count(long limit) {
    long count = 0;
    while (count < limit && advance()) {
      count++;
    }
    close();
    return count;
  }

  /** {@link GraphSession#OUT} or {@link GraphSession#IN}. */
  public int direction() {
    return direction;
  }

  public int labelId() {
    return labelId;
  }

  /** The vertex at the other end. */
  public long otherId() {
    return otherId;
  }

  public long edgeId() {
    return edgeId;
  }

  /** The properties of the edge; only of outgoing entries, and only if values are read. */
  byte[] properties() {
    Slice value = cursor.value();
    return value.length() == 0 ? GraphSession.NO_PROPERTIES : value.toByteArray();
  }

  /** Hands this scan back to its session. May be called again. */
  public void close() {
    if (inUse) {
      inUse = false;
      session.release(this);
    }
  }

  /** Ends the cursor for good. */
  void dispose() {
    ended = inUse;
    inUse = false;
    cursor.close();
  }

  private boolean advance() {
    if (!inUse) {
      if (ended) {
        throw session.endedException();
      }
      return false;
    }
    while (prefixIndex < prefixes.length) {
      byte[] prefix = prefixes[prefixIndex];
      boolean found = positioned ? cursor.next() : cursor.seek(prefix);
      positioned = true;
      if (found && cursor.key().startsWith(prefix)) {
        return true;
      }
      positioned = false;
      prefixIndex++;
    }
    close();
    return false;
  }

  private void decode() {
    Slice key = cursor.key();
    reader.reset(
        key.array(), key.offset() + objectAndKindLength, key.length() - objectAndKindLength);
    reader.skip();
    direction = (int) reader.readLong();
    labelId = (int) reader.readLong();
    otherId = reader.readLong();
    edgeId = reader.readLong();
  }
}
