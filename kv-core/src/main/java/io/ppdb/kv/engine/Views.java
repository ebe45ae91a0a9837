package io.ppdb.kv.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The open views of a store, and with them how far entries may be forgotten. Thread-safe.
 *
 * <p><b>Views of now.</b> Every thread has a stripe, so opening and closing a view is O(1) and
 * rarely meets another thread. Versions and instants never go back, so the list of a stripe is
 * sorted by both and its head bounds all. {@link #horizon} takes no lock: it reads the bound of
 * each stripe. It never passes a view that is about to read, because
 *
 * <ul>
 *   <li>a view first announces in its stripe what is published, and only then takes its version and
 *       its instant;
 *   <li>the horizon first takes what is published and the tick, and only then reads the stripes.
 * </ul>
 *
 * If it misses an announcement, the view takes its version after the horizon did, and is not below
 * it. All of that is volatile, so there is one order of it. Bounds are raised, and taken away, by
 * release: who still sees the old ones keeps too much for a moment.
 *
 * <p><b>Views that read no more</b> are those of transactions that wait for memory in their commit.
 * They hold no entry, but are still validated: no commit after them may be forgotten ({@link
 * #oldestVersion}). Such a view is noted there before it leaves its stripe, and who looks reads the
 * stripes first; so it is never missed.
 *
 * <p><b>Views of the past</b> are few, and registered by {@link History}, which alone computes
 * horizons in a store that has them. No commit is validated against them: they only read.
 */
final class Views {
  private static final int STRIPE_COUNT =
      Integer.highestOneBit(4 * Math.min(16, Runtime.getRuntime().availableProcessors()));

  private static final long NONE = Long.MAX_VALUE;

  /** An open view: what it shows. */
  static final class Registration implements StoreView {
    final long version;
    final long instantMillis;

    /** Whether it is a view of the past, for which entries may be missing. */
    final boolean past;

    /** Whether nothing is known of that time any more, so that nothing may be read. */
    final boolean forgotten;

    private final @Nullable Stripe stripe;
    private @Nullable Registration previous;
    private @Nullable Registration next;
    private boolean open;

    /** Set, and read, by the thread that uses the view. */
    private boolean readsNoMore;

    private Registration(
        long version, long instantMillis, @Nullable Stripe stripe, boolean forgotten) {
      this.version = version;
      this.instantMillis = instantMillis;
      this.past = stripe == null;
      this.forgotten = forgotten;
      this.stripe = stripe;
      this.open = !forgotten;
    }

    @Override
    public long version() {
      return version;
    }

    @Override
    public long instantMillis() {
      return instantMillis;
    }
  }

  /** Keeps what is written often off the cache lines of its neighbours. */
  @SuppressWarnings("unused")
  private abstract static class Padding {
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14;
  }

  private static final VarHandle VERSION;
  private static final VarHandle INSTANT_MILLIS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VERSION = lookup.findVarHandle(Stripe.class, "version", long.class);
      INSTANT_MILLIS = lookup.findVarHandle(Stripe.class, "instantMillis", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Views opened by some of the threads, oldest first; the list is guarded by the monitor. */
  private static final class Stripe extends Padding {
    /** At most the versions of the open views; {@link #NONE} if there are none. */
    volatile long version = NONE;

    /** At most the instants of the open views; meaningless if there are none. */
    volatile long instantMillis = Long.MIN_VALUE;

    private @Nullable Registration newest;
    private int openCount;

    synchronized Registration open(Publication publication, Ticks ticks) {
      Registration before = newest;
      if (before == null) {
        INSTANT_MILLIS.setRelease(this, ticks.lastMillis());
        version = publication.published();
      }
      Registration view =
          new Registration(publication.published(), ticks.nextMillis(), this, false);
      if (before == null) {
        bound(view);
      } else {
        view.previous = before;
        before.next = view;
      }
      newest = view;
      openCount++;
      return view;
    }

    synchronized void close(Registration view) {
      if (!view.open) {
        return;
      }
      view.open = false;
      openCount--;
      Registration before = view.previous;
      Registration after = view.next;
      if (after == null) {
        newest = before;
      } else {
        after.previous = before;
      }
      if (before != null) {
        before.next = after;
      } else if (after != null) {
        bound(after);
      } else {
        VERSION.setRelease(this, NONE);
      }
      // In the old space of the collector it would keep all newer ones alive.
      view.previous = null;
      view.next = null;
    }

    /** Says that {@code head} is the oldest view. */
    private void bound(Registration head) {
      INSTANT_MILLIS.setRelease(this, head.instantMillis);
      VERSION.setRelease(this, head.version);
    }

    synchronized int openCount() {
      return openCount;
    }
  }

  private final Publication publication;
  private final Ticks ticks;
  private final Stripe[] stripes = new Stripe[STRIPE_COUNT];

  /** How many views of the past there are at a version; also the monitor of both maps. */
  private final TreeMap<Long, Integer> pastVersions = new TreeMap<>();

  private final TreeMap<Long, Integer> pastInstants = new TreeMap<>();

  /** How many views that read no more there are at a version; also the monitor. */
  private final TreeMap<Long, Integer> validatedVersions = new TreeMap<>();

  /** The least of them, {@link #NONE} if there are none; written with the monitor held. */
  private volatile long oldestValidated = NONE;

  Views(Publication publication, Ticks ticks) {
    this.publication = publication;
    this.ticks = ticks;
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** Opens a view of everything published, now. */
  Registration register() {
    long thread = Thread.currentThread().getId();
    return stripes[(int) thread & (STRIPE_COUNT - 1)].open(publication, ticks);
  }

  /** Opens a view of the past; whether it may read is for the caller to find out, afterwards. */
  Registration register(long version, long instantMillis) {
    Registration view = new Registration(version, instantMillis, null, false);
    synchronized (pastVersions) {
      pastVersions.merge(version, 1, Integer::sum);
      pastInstants.merge(instantMillis, 1, Integer::sum);
    }
    return view;
  }

  /** A view of a time so long ago that nothing is known of it; it holds nothing back. */
  Registration forgotten(long version, long instantMillis) {
    return new Registration(version, instantMillis, null, true);
  }

  /** Lets go of the entries that a view of now holds; by the thread that uses it. */
  void readNoMore(Registration view) {
    Stripe stripe = view.stripe;
    if (stripe == null || view.readsNoMore) {
      return;
    }
    synchronized (validatedVersions) {
      validatedVersions.merge(view.version, 1, Integer::sum);
      oldestValidated = validatedVersions.firstKey();
    }
    view.readsNoMore = true;
    stripe.close(view);
  }

  /** Closes a view; does nothing if it is closed. */
  void release(Registration view) {
    if (view.readsNoMore) {
      view.readsNoMore = false;
      synchronized (validatedVersions) {
        removeOne(validatedVersions, view.version);
        oldestValidated = validatedVersions.isEmpty() ? NONE : validatedVersions.firstKey();
      }
      return;
    }
    Stripe stripe = view.stripe;
    if (stripe != null) {
      stripe.close(view);
      return;
    }
    synchronized (pastVersions) {
      if (view.open) {
        view.open = false;
        removeOne(pastVersions, view.version);
        removeOne(pastInstants, view.instantMillis);
      }
    }
  }

  private static void removeOne(Map<Long, Integer> counts, long value) {
    counts.computeIfPresent(value, (v, count) -> count == 1 ? null : count - 1);
  }

  /** The least of the open views and of the view that would be opened now. */
  Horizon horizon() {
    long version = publication.published();
    long instantMillis = ticks.nextMillis();
    for (Stripe stripe : stripes) {
      long oldest = stripe.version;
      if (oldest != NONE) {
        version = Math.min(version, oldest);
        instantMillis = Math.min(instantMillis, stripe.instantMillis);
      }
    }
    synchronized (pastVersions) {
      if (!pastVersions.isEmpty()) {
        version = Math.min(version, pastVersions.firstKey());
        instantMillis = Math.min(instantMillis, pastInstants.firstKey());
      }
    }
    return new Horizon(version, instantMillis);
  }

  /** The least version at which a transaction is open or commits, or would be opened now. */
  long oldestVersion() {
    long version = publication.published();
    for (Stripe stripe : stripes) {
      version = Math.min(version, stripe.version);
    }
    return Math.min(version, oldestValidated);
  }

  int openCount() {
    int count = 0;
    for (Stripe stripe : stripes) {
      count += stripe.openCount();
    }
    synchronized (pastVersions) {
      for (int past : pastVersions.values()) {
        count += past;
      }
    }
    return count;
  }
}
