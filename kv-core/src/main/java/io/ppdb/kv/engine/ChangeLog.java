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
 * floor -> page -> page -> … -> newest page         a list; a cursor holds the page that it reads
 *          |||||   |||||        |||                 a page: some commits in a row
 * </pre>
 *
 * <p>A commit here points to the entries it has anyway; nothing is copied. When the log is over its
 * budget the oldest pages are forgotten, each as a whole, so that no commit is looked at again for
 * that: the page before one of them then leads to {@link #FORGOTTEN}, so a cursor that stands there
 * neither reads on nor keeps the rest in memory. A page takes a {@value #BUDGET_PART}th of the
 * budget or one commit. The newest page stays, however large its commit is, unless the budget is 0:
 * then the log is off, and keeps none.
 *
 * <p>Appending is done by one thread at a time, before the commit is published (see {@link
 * Publication}). Reading takes no lock.
 *
 * <pre>
 * field                       | read mode | write mode  | guard
 * Page.next, floor            | volatile  | volatile    | the appender only
 * Page.commits                | volatile  | volatile    | the appender only
 * Page.count                  | volatile  | volatile    | the appender only
 * elements of Page.commits    | plain     | plain, once | written before the count
 * Page.lastVersion            | plain     | plain       | the appender only; read of the floor
 * newest, bytes               | plain     | plain       | the appender only
 * </pre>
 */
final class ChangeLog {
  /** What a commit costs besides its entries: commit, logged commit, arrays. */
  private static final int COMMIT_OVERHEAD_BYTES = 160;

  private static final int BUDGET_PART = 16;
  private static final int PAGE_LENGTH = 128;

  private static final Page FORGOTTEN = Page.forgotten(Long.MAX_VALUE);

  /** A commit and what it wrote. */
  record Logged(
      long version,
      long timeMillis,
      CommitOrigin origin,
      KeyRange[] deletedRanges,
      Entry[] entries) {}

  /** Commits in a row, at least one. */
  private static final class Page {
    final long firstVersion;

    /** Null when they have been forgotten. */
    private volatile Logged @Nullable [] commits;

    private volatile int count;
    private volatile @Nullable Page next;

    /** Of the last commit; for the appender, and for all when the page is the floor. */
    private long lastVersion;

    /** For the appender. */
    private long sizeInBytes;

    private Page(long firstVersion, Logged @Nullable [] commits) {
      this.firstVersion = firstVersion;
      this.commits = commits;
    }

    private static Page forgotten(long version) {
      Page page = new Page(version, null);
      page.lastVersion = version;
      return page;
    }

    /** Whether there is room for a commit more; for the appender. */
    private boolean takes(long size, long maxSize) {
      return commits != null && count < PAGE_LENGTH && sizeInBytes + size <= maxSize;
    }

    private void add(Logged commit, long size) {
      int index = count;
      Objects.requireNonNull(commits)[index] = commit;
      lastVersion = commit.version;
      sizeInBytes += size;
      count = index + 1;
    }
  }

  /** Between two commits of the log. Not thread-safe. */
  static final class Place {
    private Page page;

    /** Of the next commit in the page; if that has no more, it is the first of the next page. */
    private int index;

    private Place(Page page, int index) {
      this.page = page;
      this.index = index;
    }
  }

  private final Publication publication;
  private final long maxBytes;

  /** The page that was forgotten last. */
  private volatile Page floor;

  private Page newest;
  private long bytes;

  /** A log that begins after {@code initialVersion}. */
  ChangeLog(Publication publication, long initialVersion, long maxBytes) {
    this.publication = publication;
    this.maxBytes = maxBytes;
    this.floor = Page.forgotten(initialVersion);
    this.newest = floor;
  }

  /** Takes the next commit; what it wrote is in the store already. */
  void append(Commit commit) {
    Logged logged =
        new Logged(
            commit.version(),
            commit.timeMillis(),
            commit.origin(),
            commit.deletedRanges(),
            commit.entries());
    long size = commit.sizeInBytes() + COMMIT_OVERHEAD_BYTES;
    bytes += size;
    if (newest.takes(size, maxBytes / BUDGET_PART)) {
      newest.add(logged, size);
    } else {
      Page page = new Page(logged.version, new Logged[PAGE_LENGTH]);
      page.add(logged, size);
      newest.next = page;
      newest = page;
    }
    while (bytes > maxBytes && (floor.next != newest || maxBytes == 0)) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    Page before = floor;
    Page oldest = Objects.requireNonNull(before.next);
    bytes -= oldest.sizeInBytes;
    // The floor first: whoever meets FORGOTTEN finds where the log begins now.
    floor = oldest;
    before.next = FORGOTTEN;
    oldest.commits = null;
  }

  /** Where a cursor begins that has seen all commits up to {@code version}, which is published. */
  Place after(long version) {
    while (true) {
      Page page = floor;
      if (version < page.lastVersion) {
        throw tooOld(version);
      }
      int index = page.count;
      Page next = page.next;
      while (next != null && next.firstVersion <= version) {
        page = next;
        next = page.next;
        index = countThrough(page, version);
      }
      if (next != FORGOTTEN && index >= 0) {
        return new Place(page, index);
      }
      // The log has moved on meanwhile: once more, from its new floor.
    }
  }

  /** How many commits of a page are not after {@code version}; -1 if it has been forgotten. */
  private static int countThrough(Page page, long version) {
    int count = page.count;
    Logged[] commits = page.commits;
    if (commits == null) {
      return -1;
    }
    while (count > 0 && commits[count - 1].version > version) {
      count--;
    }
    return count;
  }

  /**
   * Goes over the next commit, if it is published, and gives it; null if there is none yet.
   *
   * @param position what is named if that commit is forgotten
   */
  @Nullable Logged next(Place place, long position) {
    Page page = place.page;
    int index = place.index;
    Page next = page.next; // before the count: a page that has a next one does not grow
    if (index == page.count) {
      if (next == null) {
        return null;
      }
      page = next;
      index = 0;
    }
    Logged[] commits = page.commits;
    if (commits == null) {
      throw tooOld(position);
    }
    Logged commit = commits[index];
    if (commit.version > publication.published()) {
      return null;
    }
    place.page = page;
    place.index = index + 1;
    return commit;
  }

  private PpdbException tooOld(long position) {
    return new PpdbException(
        ErrorCode.SNAPSHOT_TOO_OLD,
        "the change log no longer has the commits after version "
            + position
            + ": the oldest position it can be read from is "
            + floor.lastVersion
            + " (it keeps "
            + maxBytes
            + " bytes)");
  }
}
