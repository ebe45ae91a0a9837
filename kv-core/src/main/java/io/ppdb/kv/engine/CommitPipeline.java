package io.ppdb.kv.engine;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives commits their versions and brings them into the store.
 *
 * <ol>
 *   <li>Outside of any lock: validate against the window, write the files of a transaction that
 *       spilled, encode ({@link Storage#prepare}).
 *   <li>Under the commit lock, short: validate against what was entered since, take version and
 *       tick, queue the log record and assign the memtable ({@link Storage#enqueue}), enter the
 *       claims into the window, announce the commit to publication.
 *   <li>Outside again: wait for durability, insert into the memtable, in parallel with others.
 *   <li>Publish in version order, wait until it is this commit's turn.
 * </ol>
 *
 * A commit that does not become durable is void: its version stays unused, its claims stay in the
 * window (where they can only cause a needless conflict), publication passes over it.
 */
class CommitPipeline {
  /** Budget for the claims of recent commits. */
  private static final long MAX_WINDOW_BYTES = 32 << 20;

  private final EngineContext context;
  private final Storage storage;
  private final Publication publication;
  private final CommitWindow window;
  private final Gaps gaps;
  private final ReentrantLock commitLock;

  /** Guarded by {@link #commitLock}. */
  private long lastVersion;

  /** Guarded by {@link #commitLock}. */
  private boolean closed;

  CommitPipeline(EngineContext context, Storage storage) {
    this(context, storage, new CommitWindow(context.initialVersion(), MAX_WINDOW_BYTES));
  }

  /** Lets a test put a faulty window in. */
  CommitPipeline(EngineContext context, Storage storage, CommitWindow window) {
    this.context = context;
    this.storage = storage;
    this.publication = context.publication();
    this.commitLock = context.commitLock();
    this.lastVersion = context.initialVersion();
    this.window = window;
    this.gaps = new Gaps(window);
  }

  Gaps gaps() {
    return gaps;
  }

  /**
   * Commits a transaction.
   *
   * @param since the version of its snapshot, which is registered
   * @param reads what it has read if it is SERIALIZABLE, null otherwise
   * @return the version of the commit, which is published
   */
  long commit(Commit commit, long since, @Nullable ReadSet reads) {
    context.checkWritable();
    try {
      return commitValidated(commit, since, reads);
    } catch (PpdbException e) {
      if (e.code() == ErrorCode.CONFLICT && commit.origin() == CommitOrigin.USER) {
        awaitPublished(); // or who tries again would not see what was in the way
      }
      throw e;
    }
  }

  private long commitValidated(Commit commit, long since, @Nullable ReadSet reads) {
    CommitWindow.Validated validated = window.validate(commit.claims(), reads, since);
    commit.writeLoad();
    storage.prepare(commit);
    boolean entered = false;
    try {
      long readExpiryMillis = reads == null ? Limits.NO_EXPIRY : reads.firstExpiryMillis();
      while (true) {
        // Preparing may have taken long; what came meanwhile need not be walked under the lock.
        validated = window.validateFurther(commit.claims(), reads, validated);
        lock();
        try {
          window.validateFurther(commit.claims(), reads, validated);
          entered = enter(commit, readExpiryMillis);
        } finally {
          commitLock.unlock();
        }
        if (entered) {
          break;
        }
        storage.makeRoom();
      }
    } finally {
      if (!entered) {
        storage.abandoned(commit);
      }
    }
    finish(commit);
    return commit.version();
  }

  /**
   * Validates claims against all commits entered after {@code since}.
   *
   * @param claims a key or range that they and an earlier commit cannot both have
   * @throws PpdbException CONFLICT, when what is in the way is published
   */
  void validateFrom(long since, Function<Claims, @Nullable Object> claims) {
    try {
      window.validateFrom(since, claims);
    } catch (PpdbException e) {
      awaitPublished();
      throw e;
    }
  }

  /**
   * Whether a commit after {@code since} is known to have changed or locked {@code key}; if so, it
   * is published.
   */
  boolean isOutdated(byte[] key, long since) {
    boolean isOutdated = window.changedSince(key, since) == CommitWindow.Answer.CHANGED;
    if (isOutdated) {
      awaitPublished();
    }
    return isOutdated;
  }

  /** Waits until what is entered is published. */
  private void awaitPublished() {
    publication.await(publication.lastThrough(Long.MAX_VALUE));
  }

  /** Takes the commit lock, which is held for less than it takes to park. */
  private void lock() {
    for (int i = 0; i < Publication.SPIN_COUNT; i++) {
      if (commitLock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    commitLock.lock();
  }

  /** Commits a blind batch, which is validated against nothing but its requirements. */
  long commitBlind(Commit commit, List<Requirement> requirements) {
    context.checkWritable();
    storage.prepare(commit);
    boolean entered = false;
    try {
      while (!entered) {
        entered =
            switch (tryEnter(commit, unchanged(requirements))) {
              case ENTERED -> true;
              case ASK_AGAIN -> false;
              case NO_ROOM -> {
                storage.makeRoom();
                yield false;
              }
            };
      }
    } finally {
      if (!entered) {
        storage.abandoned(commit);
      }
    }
    finish(commit);
    return commit.version();
  }

  /** What came of trying to enter a commit. */
  private enum Entering {
    ENTERED,
    /** The window has forgotten what came since the requirements were looked up. */
    ASK_AGAIN,
    /** The storage could not take it. */
    NO_ROOM
  }

  /** Enters the commit unless a requirement cannot be judged by the window alone. */
  private Entering tryEnter(Commit commit, List<Requirement> requirements) {
    lock();
    try {
      for (Requirement requirement : requirements) {
        byte[] key = requirement.key();
        switch (window.changedSince(key, requirement.sinceVersion())) {
          case UNCHANGED -> {}
          case CHANGED -> throw changed(requirement);
          case ASK_ENTRIES -> {
            return Entering.ASK_AGAIN;
          }
        }
      }
      return enter(commit, Limits.NO_EXPIRY) ? Entering.ENTERED : Entering.NO_ROOM;
    } finally {
      commitLock.unlock();
    }
  }

  /**
   * Judges requirements up to now, reading entries where the window does not reach back: outside of
   * the commit lock, because that may be I/O.
   *
   * @return the same requirements, since versions that are recent enough for the window
   */
  private List<Requirement> unchanged(List<Requirement> requirements) {
    if (requirements.isEmpty()) {
      return requirements;
    }
    List<Requirement> recent = new ArrayList<>(requirements.size());
    for (Requirement requirement : requirements) {
      byte[] key = requirement.key();
      long since = requirement.sinceVersion();
      long published = publication.published();
      CommitWindow.Answer answer = window.changedSince(key, since);
      if (answer == CommitWindow.Answer.CHANGED) {
        throw changed(requirement);
      }
      if (answer == CommitWindow.Answer.ASK_ENTRIES) {
        PointLookup lookup = new PointLookup(context.operators(), 0);
        storage.find(key, Long.MAX_VALUE, lookup);
        // A tombstone that was collected leaves nothing: no entry means the key may have changed.
        long newest = lookup.newestVersion();
        if (newest == 0 || newest > since) {
          throw changed(requirement);
        }
        since = Math.max(since, published);
      }
      recent.add(new Requirement(key, since));
    }
    return recent;
  }

  /**
   * Gives the commit its version and its place in every order; requires the commit lock.
   *
   * @param readExpiryMillis when the first of the entries that it depends on expires
   * @return false if the storage has to make room first; then nothing has happened
   */
  boolean enter(Commit commit, long readExpiryMillis) {
    if (closed) {
      throw LocalStore.closed();
    }
    long version = lastVersion + 1;
    long timeMillis = context.ticks().nextMillis();
    if (readExpiryMillis <= timeMillis) {
      throw new PpdbException(
          ErrorCode.CONFLICT,
          "an entry that this transaction read expired at "
              + readExpiryMillis
              + ", before its commit at "
              + timeMillis);
    }
    commit.assign(version, timeMillis);
    if (!commit.isEmpty()) {
      CommitTarget target = storage.enqueue(commit);
      if (target == null) {
        return false;
      }
      target.reserve(commit.storedBytes());
      commit.target = target;
    } else {
      storage.useVersion(version);
    }
    lastVersion = version;
    window.add(version, commit.claimsOfOthers());
    publication.announce(commit);
    if (window.isPruningDue()) {
      window.prune(context.views().oldestVersion(), publication.published());
    }
    return true;
  }

  /** Whether no commit entered so far has changed {@code key} after {@code version}, surely. */
  boolean isUnchangedSince(byte[] key, long version) {
    return window.isUnchangedSince(key, version);
  }

  /**
   * Publishes a version that writes nothing itself, for what changes without a commit; all older
   * ones are of before.
   */
  long changeOutside() {
    Commit nothing = Commit.ofNothing();
    lock();
    try {
      enter(nothing, Limits.NO_EXPIRY);
      window.changedOutside(nothing.version());
    } finally {
      commitLock.unlock();
    }
    finish(nothing);
    return nothing.version();
  }

  private void finish(Commit commit) {
    try {
      gaps.beforePublished(commit);
      CommitTarget target = commit.target;
      if (target != null) {
        try {
          storage.awaitDurable(commit);
          for (KeyRange range : commit.deletedRanges()) {
            target.deleteRange(range, commit.version());
          }
          for (Entry entry : commit.storedEntries()) {
            target.insert(entry.withVersion(commit.version()));
          }
          commit.applied = true;
        } finally {
          target.applied(commit.storedBytes());
        }
      }
    } finally {
      publication.settle(commit);
    }
    publication.await(commit);
    storage.published(commit);
    context.history().tidy();
  }

  private static PpdbException changed(Requirement requirement) {
    return new PpdbException(
        ErrorCode.CONFLICT,
        "key "
            + CommitWindow.hex(requirement.key())
            + " was changed or locked after version "
            + requirement.sinceVersion()
            + ", which this batch requires it not to be");
  }

  /** Refuses further commits and waits for those under way. */
  void close() {
    commitLock.lock();
    try {
      closed = true;
    } finally {
      commitLock.unlock();
    }
    awaitPublished();
  }

  /**
   * Waits until every commit whose tick is at most {@code millis} is published; ticks are past it.
   */
  void awaitPublished(long millis) {
    long last;
    // Who took such a tick did so under the commit lock, and announced its commit before it left.
    commitLock.lock();
    try {
      last = publication.lastThrough(millis);
    } finally {
      commitLock.unlock();
    }
    publication.await(last);
  }

  /** The lowest version that a transaction may have begun at to be validated. */
  long windowFloor() {
    return window.floor();
  }
}
