package io.ppdb.kv.sync;

import java.io.Serial;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks for more keys than there can be locks: each key belongs to one of a fixed number of
 * stripes, and whoever works on the key holds the lock of its stripe.
 *
 * <p><b>Order.</b> Keys that have nothing to do with each other may share a stripe, so a thread
 * that took two of them one after the other could wait for itself or, in a circle, for others.
 * Hence a thread either holds one stripe, by {@link #lock}, or takes all it needs at once, in
 * ascending order, by {@link #lockAll}. {@link #tryLock} never waits, so it may be called with
 * stripes held. Stripes are not reentrant. With {@link Invariants#ENABLED} breaking these rules
 * fails at once instead of hanging once in a while.
 *
 * <p><b>False sharing.</b> The state of a {@link StampedLock} lies in the object itself, so padding
 * the object keeps the states of two stripes 128 bytes apart, wherever the collector moves them.
 * The state of a {@code ReentrantLock} is an object of its own, which may end up next to another.
 *
 * <pre>{@code
 * int stripe = lock.stripeOf(key);
 * lock.lock(stripe);
 * try { … } finally { lock.unlock(stripe); }
 * }</pre>
 */
public final class StripedLock {
  public static final int MAX_STRIPE_COUNT = 1 << 12;

  /** A lock and what only its holder writes. */
  private static final class Stripe extends StampedLock {
    @Serial private static final long serialVersionUID = 1;

    /** What to unlock with. */
    private long stamp;

    /**
     * The holder; null without {@link Invariants#ENABLED}. Others read it racily, for themselves.
     */
    private transient volatile @Nullable Thread holder;

    @SuppressWarnings("unused") // Padding: 128 bytes.
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
  }

  private final Stripe[] stripes;
  private final int shift;

  /** Makes a lock of {@code stripeCount} stripes, which is a power of two. */
  public StripedLock(int stripeCount) {
    if (stripeCount < 1 || stripeCount > MAX_STRIPE_COUNT || Integer.bitCount(stripeCount) != 1) {
      throw new IllegalArgumentException(
          "a striped lock of "
              + stripeCount
              + " stripes; a power of two up to "
              + MAX_STRIPE_COUNT
              + " is expected");
    }
    stripes = new Stripe[stripeCount];
    Arrays.setAll(stripes, index -> new Stripe());
    shift = 32 - Integer.numberOfTrailingZeros(stripeCount);
  }

  public int stripeCount() {
    return stripes.length;
  }

  /** The stripe of {@code key}. */
  public int stripeOf(byte[] key) {
    return stripeOf(Arrays.hashCode(key));
  }

  /** The stripe of a key with the given hash. */
  public int stripeOf(int hash) {
    int mixed = hash * 0x9E3779B9; // all bits of the hash count for the upper ones
    return (int) (Integer.toUnsignedLong(mixed) >>> shift);
  }

  /** The stripes of {@code keys}, each once, as {@link #lockAll} takes them. */
  public int[] stripesOf(Collection<byte[]> keys) {
    return keys.stream().mapToInt(this::stripeOf).sorted().distinct().toArray();
  }

  /** Waits for a stripe; the thread holds no other. */
  public void lock(int stripe) {
    checkHoldsNone();
    lockNext(stripe);
  }

  /** Takes a stripe if nobody holds it. */
  public boolean tryLock(int stripe) {
    Stripe taken = stripes[stripe];
    long stamp = taken.tryWriteLock();
    if (stamp == 0) {
      return false;
    }
    hold(taken, stamp);
    return true;
  }

  public void unlock(int stripe) {
    Stripe held = stripes[stripe];
    if (Invariants.ENABLED) {
      if (held.holder != Thread.currentThread()) {
        throw new IllegalStateException(
            "stripe " + stripe + " is unlocked by a thread that does not hold it");
      }
      held.holder = null;
    }
    held.unlockWrite(held.stamp);
  }

  /** Waits for several stripes, ascending and each once; the thread holds none. */
  public void lockAll(int[] ascending) {
    for (int i = 1; i < ascending.length; i++) {
      if (ascending[i - 1] >= ascending[i]) {
        throw new IllegalArgumentException(
            "stripes are taken in ascending order, each once: " + Arrays.toString(ascending));
      }
    }
    if (ascending.length > 0) {
      Objects.checkIndex(ascending[0], stripes.length);
      Objects.checkIndex(ascending[ascending.length - 1], stripes.length);
    }
    checkHoldsNone();
    for (int stripe : ascending) {
      lockNext(stripe);
    }
  }

  /** Lets go of what {@link #lockAll} took. */
  public void unlockAll(int[] ascending) {
    for (int i = ascending.length - 1; i >= 0; i--) {
      unlock(ascending[i]);
    }
  }

  private void lockNext(int stripe) {
    Stripe taken = stripes[stripe];
    hold(taken, taken.writeLock());
  }

  private static void hold(Stripe stripe, long stamp) {
    stripe.stamp = stamp;
    if (Invariants.ENABLED) {
      stripe.holder = Thread.currentThread();
    }
  }

  private void checkHoldsNone() {
    if (Invariants.ENABLED) {
      for (int i = 0; i < stripes.length; i++) {
        if (stripes[i].holder == Thread.currentThread()) {
          throw new IllegalStateException(
              "the thread holds stripe " + i + " already; several are taken at once, by lockAll");
        }
      }
    }
  }
}
