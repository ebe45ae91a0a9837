package io.ppdb.graph.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import java.util.List;

/**
 * The entries of several ranges, one after the other. Its session closes it if nobody else does.
 *
 * <p>Not thread-safe.
 */
final class EntryScan {
  private final GraphSession session;
  private final Cursor[] cursors;

  private int current;
  private boolean closed;

  /** Whether the session ended before this scan did. */
  private boolean ended;

  EntryScan(GraphSession session, ReadView view, List<KeyRange> ranges, ScanOptions options) {
    this.session = session;
    this.cursors = new Cursor[ranges.size()];
    // All at once: no cursor may see what is written while an earlier one is being read.
    for (int i = 0; i < cursors.length; i++) {
      cursors[i] = view.scan(ranges.get(i), options);
    }
    session.track(this);
  }

  boolean next() {
    if (ended) {
      throw session.endedException();
    }
    while (current < cursors.length) {
      if (cursors[current].next()) {
        return true;
      }
      current++;
    }
    close();
    return false;
  }

  Slice key() {
    return cursors[current].key();
  }

  Slice value() {
    return cursors[current].value();
  }

  /** Closes with the session: there may have been more. */
  void end() {
    ended = !closed;
    close();
  }

  /** May be called again. */
  void close() {
    if (!closed) {
      closed = true;
      current = cursors.length;
      for (Cursor cursor : cursors) {
        cursor.close();
      }
      session.untrack(this);
    }
  }
}
