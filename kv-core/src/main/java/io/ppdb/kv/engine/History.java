package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.Views.Registration;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far back each range can be read, and the views of the past.
 *
 * <p>The horizon of a range is the least of the open views and of (the version then, the instant)
 * that was {@code history} ago by the policy of the range; the instant only counts where entries
 * expire. It is recorded before anything is forgotten by it, and never goes back: neither when a
 * policy asks for more history, nor when the ranges of policies change. Below the horizon a view of
 * the past gets SNAPSHOT_TOO_OLD; at or above it every entry that a view can see is there.
 *
 * <p>Views of the past are registered under the monitor that horizons are computed under. So a
 * horizon is either recorded before a view registers, and refuses what it has passed; or computed
 * after, and held back. What a view may read is therefore settled when it registers.
 *
 * <p>Thread-safe. The monitor comes before that of the views of the past, and after no other lock.
 */
public final class History {
  private final Publication publication;
  private final Ticks ticks;
  private final Views views;
  private final PolicyMap policies;

  /** Null if the storage cannot read the past: then no policy keeps anything. */
  private volatile @Nullable TimeIndex times;

  private volatile Horizons recorded;

  History(Publication publication, Ticks ticks, Views views, PolicyMap policies) {
    this.publication = publication;
    this.ticks = ticks;
    this.views = views;
    this.policies = policies;
    this.recorded = Horizons.everywhere(new Horizon(publication.published(), Long.MIN_VALUE));
  }

  /** Lets policies keep history, going on from {@code horizons}; before the first commit. */
  synchronized void keep(TimeIndex index, Horizons horizons) {
    times = index;
    recorded = horizons;
  }

  /** Which version was the newest when. */
  TimeIndex times() {
    return index();
  }

  boolean isKept() {
    return times != null;
  }

  /**
   * Advances the horizons as far as policies and open views allow.
   *
   * @return what collectors may go by, now and later
   */
  public synchronized Horizons advance() {
    Horizon open = views.horizon();
    Horizons now = recorded.advancedTo(bounds(open));
    recorded = now;
    TimeIndex index = times;
    if (index != null) {
      index.forgetBefore(now.lowestVersion());
    }
    return now;
  }

  /** Advances now and then, so that the index of times stays small when nobody collects. */
  void tidy() {
    TimeIndex index = times;
    if (index != null && index.hasGrown()) {
      advance();
    }
  }

  private Horizons bounds(Horizon open) {
    TimeIndex index = times;
    if (index == null) {
      return Horizons.everywhere(open);
    }
    PolicyMap.State state = policies.state();
    RangePolicy[] now = state.policies();
    Horizon floor = index.floor();
    long nowMillis = ticks.nextMillis();
    Horizon[] horizons = new Horizon[now.length];
    for (int i = 0; i < now.length; i++) {
      long version = open.version();
      long instantMillis = open.instantMillis();
      long historyMillis = millis(now[i]);
      if (historyMillis > 0) {
        long thenMillis = nowMillis - historyMillis;
        Horizon then =
            thenMillis < floor.instantMillis()
                ? floor // what the index has forgotten cannot be asked for
                : new Horizon(index.versionAt(thenMillis), thenMillis);
        version = Math.min(version, then.version());
        instantMillis = Math.min(instantMillis, then.instantMillis());
      }
      // Where nothing expires an instant has nothing to say: as long as its version is there,
      // everything is.
      boolean expires = now[i].use() == RangePolicy.Use.EXPIRABLE;
      horizons[i] = new Horizon(version, expires ? instantMillis : Long.MIN_VALUE);
    }
    return Horizons.of(state.starts(), horizons);
  }

  /** At most some 300,000 years, so that instants can be computed with it. */
  private static long millis(RangePolicy policy) {
    long maxMillis = Long.MAX_VALUE >>> 10;
    return policy.history().compareTo(Duration.ofMillis(maxMillis)) > 0
        ? maxMillis
        : Math.max(0, policy.history().toMillis());
  }

  /** Says that {@code range} was emptied: nobody may read it below {@code version} any more. */
  synchronized void forget(KeyRange range, long version) {
    recorded = recorded.advanced(range, new Horizon(version, Long.MIN_VALUE));
  }

  /** Opens a view at a published version, and its tick. */
  synchronized Registration register(long version) {
    advance();
    TimeIndex index = index();
    return index.floor().version() <= version
        ? views.register(version, index.timeOf(version))
        : views.forgotten(version, index.floor().instantMillis());
  }

  /** Opens a view at an instant that is not after the store's; what was then is published. */
  synchronized Registration registerAt(long instantMillis) {
    advance();
    TimeIndex index = index();
    return index.floor().instantMillis() <= instantMillis
        ? views.register(
            Math.min(index.versionAt(instantMillis), publication.published()), instantMillis)
        : views.forgotten(index.floor().version(), instantMillis);
  }

  private TimeIndex index() {
    TimeIndex index = times;
    if (index == null) {
      throw new IllegalStateException("this store keeps no history");
    }
    return index;
  }

  /** Fails with SNAPSHOT_TOO_OLD unless {@code view} may read {@code key}. */
  void check(byte[] key, Registration view) {
    if (view.past) {
      Horizon horizon = recorded.of(key);
      if (view.forgotten || !horizon.admits(view.version, view.instantMillis)) {
        throw tooOld("key " + CommitWindow.hex(key), view, horizon);
      }
    }
  }

  /** Fails with SNAPSHOT_TOO_OLD unless {@code view} may read all of {@code range}. */
  void check(KeyRange range, Registration view) {
    if (view.past && !range.isEmpty()) {
      Horizons horizons = recorded;
      Horizon horizon =
          view.forgotten
              ? horizons.of(range.start())
              : horizons.refusing(range, view.version, view.instantMillis);
      if (horizon != null) {
        throw tooOld("range " + range, view, horizon);
      }
    }
  }

  private static PpdbException tooOld(String what, Registration view, Horizon horizon) {
    return new PpdbException(
        ErrorCode.SNAPSHOT_TOO_OLD,
        "a view at version "
            + view.version
            + ", instant "
            + Instant.ofEpochMilli(view.instantMillis)
            + ", cannot read "
            + what
            + ": its history begins at "
            + horizon);
  }
}
