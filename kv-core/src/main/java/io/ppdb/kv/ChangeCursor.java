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
   */
  record Commit(
      long version, long timeMillis, CommitOrigin origin, List<WriteBatch.Write> writes) {}

  /** The next commit, or null if there is none yet. */
  @Nullable Commit poll();

  @Override
  void close();
}
