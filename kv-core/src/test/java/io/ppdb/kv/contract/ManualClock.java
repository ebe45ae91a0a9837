package io.ppdb.kv.contract;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it, and while somebody has its monitor. */
public final class ManualClock implements InstantSource {
  private final AtomicLong millis = new AtomicLong(1_000_000);

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public long millis() {
    return millis.get();
  }

  public synchronized void advance(long byMillis) {
    millis.addAndGet(byMillis);
  }

  public synchronized void set(long newMillis) {
    millis.set(newMillis);
  }
}
