package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.skiplist.KeyIndex;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The claims of recent commits, for the validation of those that began before them.
 *
 * <p>Two structures. A list of commits, newest first, answers exactly; its tail is cut where no
 * open transaction can ask any more, or where it outgrows its budget. A hash table of the last
 * versions per bucket answers in one step that a key was <em>not</em> claimed; it is never pruned,
 * so what it says holds for any version.
 *
 * <p><b>Floor.</b> Commits at or below the floor are forgotten: whoever began below it cannot be
 * validated and gets CONFLICT. The floor never exceeds the published version, so a transaction that
 * begins now is always above it.
 *
 * <pre>
 * field           | read mode       | write mode      | guard
 * newest          | volatile        | volatile        | commit lock (writes)
 * node.older      | volatile        | volatile        | commit lock (writes)
 * node.newer      | plain           | plain           | commit lock
 * oldest, bytes,  | plain           | plain           | commit lock
 * addedCount      |                 |                 |
 * floor           | volatile        | volatile        | commit lock (writes)
 * last            | acquire         | release         | commit lock (writes)
 * </pre>
 */
class CommitWindow {
  private static final int BUCKET_BITS = 14;

  /** To find out what nobody needs any more costs about as much as to enter a commit. */
  static final int COMMITS_PER_PRUNING = 16;

  /** In a bucket: any claim. */
  private static final int CLAIM = 0;

  /** In a bucket: an exclusive claim. */
  private static final int EXCLUSIVE = 1;

  /** In a bucket: any claim but a guard, so a write or a lock. */
  private static final int CHANGE = 2;

  /** In a bucket: an exclusive claim that changed nothing. */
  private static final int LOCK = 3;

  private static final int BUCKET_LENGTH = 4;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  /** One commit in the list. */
  private static final class Node {
    final long version;
    final Claims claims;
    final long sizeInBytes;
    volatile @Nullable Node older;
    @Nullable Node newer;

    Node(long version, Claims claims, @Nullable Node older) {
      this.version = version;
      this.claims = claims;
      this.sizeInBytes = claims.sizeInBytes();
      this.older = older;
    }
  }

  /** How far a transaction that began at {@code since} has been validated. */
  record Validated(long since, long throughVersion) {}

  private final long initialVersion;
  private final long maxBytes;

  /** Versions, {@link #BUCKET_LENGTH} a bucket: the last one of each of the kinds below. */
  private final long[] last = new long[BUCKET_LENGTH << BUCKET_BITS];

  private volatile @Nullable Node newest;
  private @Nullable Node oldest;
  private long bytes;

  /** Commits entered since the last pruning; guarded by the commit lock. */
  private int addedCount;

  private volatile long floor;

  /**
   * The last commit that claims keys which are in no bucket: a range of them, or those of files.
   */
  private volatile long lastRangeVersion;

  /** The last version with which keys changed though no commit said so. */
  private volatile long lastOutsideVersion;

  CommitWindow(long initialVersion, long maxBytes) {
    this.initialVersion = initialVersion;
    this.floor = initialVersion;
    this.maxBytes = maxBytes;
  }

  /**
   * Validates against all commits entered so far; needs no lock.
   *
   * @param reads what a SERIALIZABLE transaction has read, null for others
   * @param since the version of the transaction's snapshot
   * @throws PpdbException CONFLICT
   */
  Validated validate(Claims claims, @Nullable ReadSet reads, long since) {
    Node from = newest;
    Validated start = new Validated(since, since);
    if ((reads != null && !reads.isEmpty()) || mayConflict(claims, since)) {
      walk(claims, reads, start, from);
    }
    checkFloor(start);
    return through(from, start);
  }

  /**
   * Validates against the commits entered since: under the commit lock against all that there will
   * be before the next one.
   *
   * @throws PpdbException CONFLICT, also if some of them have been forgotten meanwhile
   */
  Validated validateFurther(Claims claims, @Nullable ReadSet reads, Validated validated) {
    Node from = newest;
    walk(claims, reads, validated, from);
    checkFloor(validated);
    return through(from, validated);
  }

  /**
   * Validates what a transaction that began at {@code since} has claimed so far; needs no lock.
   *
   * @param claims a key or range that it and an earlier commit cannot both have
   * @throws PpdbException CONFLICT
   */
  void validateFrom(long since, Function<Claims, @Nullable Object> claims) {
    for (Node node = newest; node != null && node.version > since; node = node.older) {
      Object common = claims.apply(node.claims);
      if (common != null) {
        throw claimed(common, node, since);
      }
    }
    checkFloor(new Validated(since, since));
  }

  private static Validated through(@Nullable Node newest, Validated validated) {
    return newest == null || newest.version <= validated.throughVersion
        ? validated
        : new Validated(validated.since, newest.version);
  }

  private static void walk(
      Claims claims, @Nullable ReadSet reads, Validated validated, @Nullable Node from) {
    long since = validated.since;
    for (Node node = from;
        node != null && node.version > validated.throughVersion;
        node = node.older) {
      Object common = claims.conflictWith(node.claims);
      if (common != null) {
        throw claimed(common, node, since);
      }
      Object changed = reads == null ? null : reads.changedBy(node.claims);
      if (changed != null) {
        throw conflict(
            changed,
            "was changed at version " + node.version + ", after this transaction read it at",
            since);
      }
    }
  }

  private boolean mayConflict(Claims claims, long since) {
    if (claims.ranges().length > 0 || claims.files() != null || lastRangeVersion > since) {
      return true;
    }
    byte[][] keys = claims.keys();
    byte[] modes = claims.modes();
    for (int i = 0; i < keys.length; i++) {
      int kind = (modes[i] & Claims.EXCLUSIVE) != 0 ? CLAIM : EXCLUSIVE;
      if (last(kind, keys[i]) > since) {
        return true;
      }
    }
    for (byte[] key : claims.requiredKeys()) {
      if (last(CHANGE, key) > since) {
        return true;
      }
    }
    return false;
  }

  /** Comes after the walk: the floor is raised before the tail is cut. */
  void checkFloor(Validated validated) {
    if (validated.throughVersion < floor) {
      throw new PpdbException(
          ErrorCode.CONFLICT,
          "the transaction began at version "
              + validated.since
              + ", but only commits after "
              + floor
              + " are remembered for validation (limit "
              + maxBytes
              + " bytes of claims)");
    }
  }

  /** What the window can say about a key that must be unchanged since some version. */
  enum Answer {
    UNCHANGED,
    CHANGED,
    /** Only the stored entries can tell; it was not locked since, while the store was open. */
    ASK_ENTRIES
  }

  /**
   * Whether {@code key} was changed or locked after {@code since}, which may be arbitrarily long
   * ago; below the floor any range delete since counts as a change. Without the commit lock the
   * answer holds for the commits entered when it was asked.
   */
  Answer changedSince(byte[] key, long since) {
    if (isUnchangedSince(key, since)) {
      return Answer.UNCHANGED;
    }
    for (Node node = newest; node != null && node.version > since; node = node.older) {
      if (node.claims.changesOrLocks(key)) {
        return Answer.CHANGED;
      }
    }
    if (since >= floor) {
      return Answer.UNCHANGED;
    }
    return last(LOCK, key) > since || lastRangeVersion > since
        ? Answer.CHANGED
        : Answer.ASK_ENTRIES;
  }

  /** Whether {@code key} surely was not changed after {@code since}; costs next to nothing. */
  boolean isUnchangedSince(byte[] key, long since) {
    // Of commits before the store was opened nothing was ever entered.
    return since >= initialVersion && last(CHANGE, key) <= since && lastRangeVersion <= since;
  }

  /**
   * Whether a commit entered so far may have changed a key of {@code range} after {@code since}.
   *
   * @param maxNodes of more commits nothing is said
   */
  boolean mayHaveChangedIn(KeyRange range, long since, int maxNodes) {
    int count = 0;
    for (Node node = newest; node != null && node.version > since; node = node.older) {
      if (++count > maxNodes || node.claims.mayChangeIn(range)) {
        return true;
      }
    }
    return since < floor || lastOutsideVersion > since;
  }

  /** Any key may change with {@code version}, though no commit says so; under the commit lock. */
  void changedOutside(long version) {
    lastRangeVersion = version;
    lastOutsideVersion = version;
  }

  /** Enters a commit; requires the commit lock, and versions to rise. */
  void add(long version, Claims claims) {
    byte[][] keys = claims.keys();
    byte[] modes = claims.modes();
    for (int i = 0; i < keys.length; i++) {
      int bucket = bucket(keys[i]);
      LONGS.setRelease(last, bucket + CLAIM, version);
      if ((modes[i] & Claims.EXCLUSIVE) != 0) {
        LONGS.setRelease(last, bucket + EXCLUSIVE, version);
      }
      if (modes[i] != Claims.GUARD) {
        LONGS.setRelease(last, bucket + CHANGE, version);
      }
      if (modes[i] == Claims.LOCK) {
        LONGS.setRelease(last, bucket + LOCK, version);
      }
    }
    if (claims.ranges().length > 0 || claims.files() != null) {
      lastRangeVersion = version;
    }
    Node previous = newest;
    Node node = new Node(version, claims, previous);
    if (previous == null) {
      oldest = node;
    } else {
      previous.newer = node;
    }
    bytes += node.sizeInBytes;
    addedCount++;
    newest = node;
  }

  /** Whether it is time to {@link #prune}: now and then. Requires the commit lock. */
  boolean isPruningDue() {
    return addedCount >= COMMITS_PER_PRUNING || bytes > maxBytes;
  }

  /**
   * Forgets commits that nobody can ask for, and the oldest ones while the list is over its budget;
   * never unpublished ones. Requires the commit lock.
   *
   * @param oldestView no open view is older than this
   */
  void prune(long oldestView, long published) {
    addedCount = 0;
    Node node = oldest;
    while (node != null
        && node.version <= published
        && (node.version <= oldestView || bytes > maxBytes)) {
      floor = node.version;
      bytes -= node.sizeInBytes;
      Node next = node.newer;
      // A forgotten node that the collector has moved to the old space would keep all newer ones.
      node.newer = null;
      node = next;
      if (node != null) {
        node.older = null;
      }
    }
    oldest = node;
    if (node == null) {
      newest = null;
    }
  }

  long floor() {
    return floor;
  }

  private long last(int kind, byte[] key) {
    return (long) LONGS.getAcquire(last, bucket(key) + kind);
  }

  /** Where the bucket of {@code key} begins. */
  static int bucket(byte[] key) {
    return (KeyIndex.hash(key) >>> (Integer.SIZE - BUCKET_BITS)) * BUCKET_LENGTH;
  }

  private static PpdbException claimed(Object common, Node node, long since) {
    return conflict(
        common, "was claimed at version " + node.version + ", after this transaction's", since);
  }

  private static PpdbException conflict(Object common, String how, long since) {
    String what = common instanceof byte[] key ? "key " + hex(key) : "range " + ((KeyRange) common);
    return new PpdbException(ErrorCode.CONFLICT, what + " " + how + " " + since);
  }

  /** A key as error messages show it. */
  static String hex(byte[] key) {
    int shown = Math.min(key.length, 64);
    String text = HexFormat.of().formatHex(key, 0, shown);
    return shown < key.length ? text + "… (" + key.length + " bytes)" : text;
  }
}
