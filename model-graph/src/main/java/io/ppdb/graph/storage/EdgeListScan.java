package io.ppdb.graph.storage;

import io.ppdb.kv.Slice;
import io.ppdb.kv.codec.KeyReader;
import org.jspecify.annotations.Nullable;

/** Edges out of the edge range or an index. Not thread-safe. */
public final class EdgeListScan {
  /** Where the edges come from, and so where their fields stand. */
  enum Source {
    EDGES,
    INDEX,
    UNIQUE_INDEX
  }

  private final EntryScan entries;
  private final Source source;
  private final KeyReader reader = new KeyReader();

  EdgeListScan(EntryScan entries, Source source) {
    this.entries = entries;
    this.source = source;
  }

  /** The next edge; null, and closed, if there is none. */
  public @Nullable EdgeEnds next() {
    if (!entries.next()) {
      return null;
    }
    Slice key = entries.key();
    byte[] value = entries.value().toByteArray();
    if (source == Source.EDGES) {
      reader.reset(key).skip().skip();
      int labelId = (int) reader.readLong();
      return EdgeEnds.decode(reader.readLong(), labelId, value);
    }
    RecordReader in = new RecordReader(value);
    long id =
        source == Source.UNIQUE_INDEX
            ? in.readVarint()
            : reader.reset(key).skip().skip().skip().skip().readLong();
    return new EdgeEnds(id, in.readSize(), in.readVarint(), in.readVarint());
  }

  public void close() {
    entries.close();
  }
}
