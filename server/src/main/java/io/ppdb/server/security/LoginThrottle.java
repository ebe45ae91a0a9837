package io.ppdb.server.security;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Failed logins by address: after so many within a minute, the address is refused until the minute
 * is over. Remembers a bounded number of addresses, the latest ones. Thread-safe.
 */
final class LoginThrottle {
  private static final int MAX_ADDRESSES = 10_000;
  private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final int maxFailures;
  private final LongSupplier nanoClock;

  /** Guarded by this object's monitor. */
  private final Map<InetAddress, Failures> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failures> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  private record Failures(long sinceNanos, int count) {}

  LoginThrottle(int maxFailures) {
    this(maxFailures, System::nanoTime);
  }

  LoginThrottle(int maxFailures, LongSupplier nanoClock) {
    this.maxFailures = maxFailures;
    this.nanoClock = nanoClock;
  }

  synchronized boolean isRefused(InetAddress address) {
    Failures known = current(address);
    return known != null && known.count() >= maxFailures;
  }

  synchronized void failed(InetAddress address) {
    Failures known = current(address);
    failures.remove(address);
    failures.put(
        address,
        known == null
            ? new Failures(nanoClock.getAsLong(), 1)
            : new Failures(known.sinceNanos(), known.count() + 1));
  }

  synchronized void succeeded(InetAddress address) {
    failures.remove(address);
  }

  private @Nullable Failures current(InetAddress address) {
    Failures known = failures.get(address);
    return known != null && nanoClock.getAsLong() - known.sinceNanos() < PERIOD_NANOS
        ? known
        : null;
  }
}
