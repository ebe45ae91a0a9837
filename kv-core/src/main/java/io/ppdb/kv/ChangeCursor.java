package io.ppdb.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commits in version order, each with its writes. Not thread-safe. */
public interface ChangeCursor extends AutoCloseable {
  /**
   * One commit.
   *
   * @param version its version, the position to resume after
   * @param timeMillis its tick, in epoch milliseconds
   * @param deletedRanges ranges of which every key was deleted, in key order and apart from each
   *     other; before the writes are made
   * @param writes one a key, in key order, as they were folded. The arrays are the caller's, also
   *     those of the ranges. Those of a commit that is large are read while the list is walked: it
   *     answers CLOSED after the next {@link #poll}
   */
  record Commit(
      long version,
      long timeMillis,
      CommitOrigin origin,
      List<KeyRange> deletedRanges,
      List<WriteBatch.Write> writes) {}

  /**
   * The next commit, or null if there is none yet.
   *
   * @throws PpdbException SNAPSHOT_TOO_OLD, naming the oldest position, if the log no longer has
   *     it: the cursor fell too far behind
   */
  @Nullable Commit poll();

  @Override
  void close();
}
