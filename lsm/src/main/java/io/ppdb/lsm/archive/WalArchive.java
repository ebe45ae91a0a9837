package io.ppdb.lsm.archive;

import java.io.IOException;

/** Takes copies of the segments of a log. */
public interface WalArchive {
  /**
   * Takes a segment, and does not return before the copy is durable: from then on the store may
   * give the segment up. Called by one thread at a time, in the order of versions. The same segment
   * may be offered again after the store was opened again.
   *
   * @throws IOException the segment is kept, and offered again later
   */
  void archive(SealedSegment segment) throws IOException;
}
