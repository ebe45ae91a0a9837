package io.ppdb.graph.storage;

import io.ppdb.kv.codec.KeyReader;
import org.jspecify.annotations.Nullable;

/**
 * Vertices out of the vertex range, a label's range or an index. Not thread-safe.
 *
 * <p>A vertex with several values under an indexed key has several entries there; it comes once.
 */
public final class VertexScan {
  /** Where the vertices come from, and so where their ids stand. */
  enum Source {
    VERTICES,
    LABEL,
    INDEX,
    UNIQUE_INDEX
  }

  private final EntryScan entries;
  private final Source source;
  private final @Nullable LongSet seen;
  private final KeyReader reader = new KeyReader();

  private long id;
  private @Nullable VertexRecord record;

  VertexScan(EntryScan entries, Source source, boolean distinct) {
    this.entries = entries;
    this.source = source;
    this.seen = distinct ? null : new LongSet();
  }

  /** Moves to the next vertex; false, and closed, if there is none. */
  public boolean next() {
    while (entries.next()) {
      switch (source) {
        case VERTICES -> {
          id = reader.reset(entries.key()).skip().skip().readLong();
          record = new VertexRecord(entries.value().toByteArray());
        }
        case LABEL -> id = reader.reset(entries.key()).skip().skip().skip().readLong();
        case INDEX -> id = reader.reset(entries.key()).skip().skip().skip().skip().readLong();
        case UNIQUE_INDEX -> id = new RecordReader(entries.value().toByteArray()).readVarint();
      }
      if (seen == null || seen.add(id)) {
        return true;
      }
    }
    return false;
  }

  public long id() {
    return id;
  }

  /** The vertex itself, if the scan went over it; null if only its id is known. */
  public @Nullable VertexRecord record() {
    return record;
  }

  public void close() {
    entries.close();
  }
}
