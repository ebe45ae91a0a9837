package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the range tombstones of several sources hide from a view: of each key, everything older than
 * the newest tombstone over it that the view sees.
 *
 * <p>Remembers the fragment that it was asked for last, so that neighbouring keys cost two
 * comparisons. Not thread-safe.
 */
final class RangeCover {
  private static final byte[] FIRST_KEY = {};

  private final List<RangeTombstones> sources;
  private final long version;

  private boolean located;
  private byte[] start = FIRST_KEY;
  private byte @Nullable [] end;
  private long newest;

  RangeCover(List<RangeTombstones> sources, long version) {
    this.sources = sources;
    this.version = version;
  }

  /** What covers the entries of {@code cursor} for a view at {@code version}; null if nothing. */
  static @Nullable RangeCover of(EntryCursor cursor, long version) {
    List<RangeTombstones> sources = new ArrayList<>(0);
    cursor.addTombstones(sources);
    return sources.isEmpty() ? null : new RangeCover(sources, version);
  }

  /** The newest version that deleted a range with {@code key}, 0 if there is none. */
  long at(Slice key) {
    byte[] bound = end;
    if (!located || key.compareTo(start) < 0 || (bound != null && key.compareTo(bound) >= 0)) {
      locate(key);
    }
    return newest;
  }

  private void locate(Slice key) {
    located = true;
    start = FIRST_KEY;
    end = null;
    newest = 0;
    for (RangeTombstones source : sources) {
      int index = source.indexOf(key);
      byte[] from = source.start(index);
      if (Arrays.compareUnsigned(from, start) > 0) {
        start = from;
      }
      byte[] to = source.end(index);
      byte[] known = end;
      if (to != null && (known == null || Arrays.compareUnsigned(to, known) < 0)) {
        end = to;
      }
      newest = Math.max(newest, RangeTombstones.newest(source.versions(index), version));
    }
  }

  /** The first key for which the answer given last holds. */
  byte[] start() {
    return start;
  }

  /** The first key behind those for which the answer given last holds; null if there is none. */
  byte @Nullable [] end() {
    return end;
  }
}
