package io.ppdb.kv.engine;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The recent commits that wrote something, in version order, within a budget of bytes.
 *
 * <pre>
 * floor -> commit -> commit -> … -> newest          a list; cursors hold the node they have read
 * </pre>
 *
 * <p>A commit is one node that points to the entries it has anyway; nothing is copied. When the log
 * is over its budget the oldest commits are forgotten: the node before one of them then leads to
 * {@link #FORGOTTEN}, so a cursor that stands there neither reads on nor keeps the rest in memory.
 * The newest commit stays, however large it is, unless the budget is 0: then the log is off, and
 * keeps none.
 *
 * <p>Appending is done by one thread at a time, under the publication's monitor, just before the
 * commit is published. Reading takes no lock.
 *
 * <pre>
 * field                | read mode | write mode  | guard
 * Node.next, floor     | volatile  | volatile    | the appender only
 * Node.entries         | volatile  | volatile    | the appender only
 * newest, bytes        | plain     | plain       | the appender only
 * </pre>
 */
final class ChangeLog {
  /** What a commit costs besides its entries: commit, node, arrays. */
  private static final int COMMIT_OVERHEAD_BYTES = 160;

  private static final Node FORGOTTEN = Node.empty(Long.MAX_VALUE);

  /** A commit in the list. */
  static final class Node {
    final long version;
    final long timeMillis;
    final CommitOrigin origin;
    final KeyRange[] deletedRanges;
    private final long sizeInBytes;

    /** Null when it has been forgotten. */
    private volatile Entry @Nullable [] entries;

    private volatile @Nullable Node next;

    private Node(
        long version,
        long timeMillis,
        CommitOrigin origin,
        KeyRange[] deletedRanges,
        Entry @Nullable [] entries,
        long sizeInBytes) {
      this.version = version;
      this.timeMillis = timeMillis;
      this.origin = origin;
      this.deletedRanges = deletedRanges;
      this.entries = entries;
      this.sizeInBytes = sizeInBytes;
    }

    private static Node empty(long version) {
      return new Node(version, 0, CommitOrigin.USER, Claims.NO_RANGES, null, 0);
    }
  }

  private final Publication publication;
  private final long maxBytes;
  private volatile Node floor;
  private Node newest;
  private long bytes;

  /** A log that begins after {@code initialVersion}. */
  ChangeLog(Publication publication, long initialVersion, long maxBytes) {
    this.publication = publication;
    this.maxBytes = maxBytes;
    this.floor = Node.empty(initialVersion);
    this.newest = floor;
  }

  /** Takes the next commit; what it wrote is in the store already. */
  void append(Commit commit) {
    Node node =
        new Node(
            commit.version(),
            commit.timeMillis(),
            commit.origin(),
            commit.deletedRanges(),
            commit.entries(),
            commit.sizeInBytes() + COMMIT_OVERHEAD_BYTES);
    bytes += node.sizeInBytes;
    newest.next = node;
    newest = node;
    while (bytes > maxBytes && (floor.next != node || maxBytes == 0)) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    Node before = floor;
    Node oldest = Objects.requireNonNull(before.next);
    bytes -= oldest.sizeInBytes;
    // The floor first: whoever meets FORGOTTEN finds where the log begins now.
    floor = oldest;
    before.next = FORGOTTEN;
    oldest.entries = null;
  }

  /** Where a cursor begins that has seen all commits up to {@code version}, which is published. */
  Node after(long version) {
    while (true) {
      Node node = floor;
      if (version < node.version) {
        throw tooOld(version);
      }
      Node next = node.next;
      while (next != null && next.version <= version) {
        node = next;
        next = node.next;
      }
      if (next != FORGOTTEN) {
        return node;
      }
      // The log has moved on meanwhile: once more, from its new floor.
    }
  }

  /**
   * The node after {@code node}, if its commit is published; null if there is none yet.
   *
   * @param position what is named if that commit is forgotten
   */
  @Nullable Node next(Node node, long position) {
    Node next = node.next;
    if (next == FORGOTTEN) {
      throw tooOld(position);
    }
    return next == null || next.version > publication.published() ? null : next;
  }

  /** What the commit of a node that {@link #next} gave has written. */
  Entry[] entries(Node node, long position) {
    Entry[] entries = node.entries;
    if (entries == null) {
      throw tooOld(position);
    }
    return entries;
  }

  private PpdbException tooOld(long position) {
    return new PpdbException(
        ErrorCode.SNAPSHOT_TOO_OLD,
        "the change log no longer has the commits after version "
            + position
            + ": the oldest position it can be read from is "
            + floor.version
            + " (it keeps "
            + maxBytes
            + " bytes)");
  }
}
