package io.ppdb.lsm.manifest;

import io.ppdb.lsm.wal.KeptSegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of the log that the manifest names, oldest first. Immutable.
 *
 * @param changesFrom all commits after this version are in the segments; -1 if that is not known
 * @param kept those that recovery needs no more
 * @param needed those that it needs; nothing has been written to the last one yet, perhaps
 */
public record LogFiles(long changesFrom, List<KeptSegment> kept, List<Long> needed) {
  private static final long NONE = -1;

  /** The version of the last commit that is in tables; -1 if that is not known. */
  public long flushedThrough() {
    return kept.isEmpty() ? changesFrom : kept.get(kept.size() - 1).lastVersion();
  }

  /** The first segment in which a commit after {@code version} may be; -1 if there is none. */
  public long segmentFor(long version) {
    for (KeptSegment segment : kept) {
      if (segment.lastVersion() > version) {
        return segment.number();
      }
    }
    return needed.isEmpty() ? NONE : needed.get(0);
  }

  /** The segment after {@code number}; -1 if there is none. */
  public long segmentAfter(long number) {
    for (KeptSegment segment : kept) {
      if (segment.number() > number) {
        return segment.number();
      }
    }
    for (long candidate : needed) {
      if (candidate > number) {
        return candidate;
      }
    }
    return NONE;
  }

  /** Whether {@code number} is one of the segments. */
  public boolean names(long number) {
    return kept(number) != null || needed.contains(number);
  }

  /** Segment {@code number} if it is one of those kept. */
  public @Nullable KeptSegment kept(long number) {
    for (KeptSegment segment : kept) {
      if (segment.number() == number) {
        return segment;
      }
    }
    return null;
  }
}
