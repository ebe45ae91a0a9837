package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.kv.engine.Views.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ViewsTest {
  private final ManualClock clock = new ManualClock();
  private final Ticks ticks = new Ticks(clock, 0);
  private final Publication publication = new Publication(0);
  private final Views views = new Views(publication, ticks);

  /** Publishes the next version, as the pipeline does. */
  private void publish() {
    Claims none = new Claims(new byte[0][], new byte[0], Claims.NO_RANGES, Claims.NO_KEYS);
    Commit commit = new Commit(new Entry[0], none, CommitOrigin.USER, Durability.ASYNC);
    commit.assign(publication.published() + 1, ticks.nextMillis());
    publication.announce(commit);
    publication.settle(commit);
  }

  @Test
  void horizonIsTheOldestViewOfAnyThread() throws Exception {
    assertThat(views.horizon()).isEqualTo(new Horizon(0, clock.millis()));
    long start = clock.millis();
    List<Registration> open = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Thread thread = new Thread(() -> open.add(views.register()));
      thread.start();
      thread.join();
      publish();
      clock.advance(1);
    }
    assertThat(views.openCount()).isEqualTo(40);
    for (int i = 0; i < 40; i++) {
      assertThat(views.horizon()).isEqualTo(new Horizon(i, start + i));
      assertThat(views.oldestVersion()).isEqualTo(i);
      views.release(open.get(i));
      views.release(open.get(i));
    }
    assertThat(views.openCount()).isZero();
    assertThat(views.horizon()).isEqualTo(new Horizon(40, start + 40));
  }

  @Test
  void viewsOfThePastBoundTheHorizonButNotTheWindow() {
    for (int i = 0; i < 10; i++) {
      publish();
    }
    Registration seven = views.register(7, 107);
    Registration five = views.register(5, 105);
    Registration fiveAgain = views.register(5, 106);
    assertThat(views.horizon()).isEqualTo(new Horizon(5, 105));
    assertThat(views.oldestVersion()).isEqualTo(10);
    views.release(five);
    views.release(five);
    assertThat(views.horizon()).isEqualTo(new Horizon(5, 106));
    views.release(fiveAgain);
    assertThat(views.horizon()).isEqualTo(new Horizon(7, 107));
    views.release(views.forgotten(1, 1));
    views.release(seven);
    assertThat(views.horizon()).isEqualTo(new Horizon(10, clock.millis()));
  }

  @Test
  void viewThatReadsNoMoreBoundsTheWindowButNotTheHorizon() {
    publish();
    Registration one = views.register();
    publish();
    Registration two = views.register();
    publish();
    views.readNoMore(two);
    views.readNoMore(two);
    assertThat(views.horizon().version()).isEqualTo(1);
    views.readNoMore(one);
    assertThat(views.horizon().version()).isEqualTo(3);
    assertThat(views.oldestVersion()).isEqualTo(1);
    views.release(one);
    views.release(one);
    assertThat(views.oldestVersion()).isEqualTo(2);
    views.release(two);
    assertThat(views.oldestVersion()).isEqualTo(3);
    assertThat(views.openCount()).isZero();
  }

  @Test
  void closingInAnyOrderKeepsTheOldest() {
    long seed = Long.getLong("ppdb.seed", 1L);
    Random random = new Random(seed);
    List<Registration> open = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      publish();
      clock.advance(random.nextInt(2));
      if (open.isEmpty() || random.nextInt(2) == 0) {
        open.add(views.register());
      } else {
        views.release(open.remove(random.nextInt(open.size())));
      }
      long version = open.stream().mapToLong(view -> view.version).min().orElse(i + 1L);
      long instant =
          open.stream().mapToLong(view -> view.instantMillis).min().orElse(clock.millis());
      assertThat(views.horizon()).as("seed " + seed).isEqualTo(new Horizon(version, instant));
    }
  }

  /** A clock that is interrupted, while a view is being opened, by whoever computes a horizon. */
  private final class InterruptedClock implements InstantSource {
    private boolean isArmed;
    private Horizon computed = new Horizon(0, 0);
    private Views interrupted = views;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
      long before = clock.millis();
      if (isArmed) {
        isArmed = false;
        for (int i = 0; i < 5; i++) {
          publish();
        }
        clock.advance(5);
        computed = interrupted.horizon();
      }
      return before;
    }
  }

  @Test
  void horizonComputedWhileAViewOpensDoesNotPassIt() {
    InterruptedClock interruptedClock = new InterruptedClock();
    Views interrupted = new Views(publication, new Ticks(interruptedClock, 0));
    interruptedClock.interrupted = interrupted;
    for (int openCount = 0; openCount < 2; openCount++) {
      interruptedClock.isArmed = true;
      Registration view = interrupted.register();
      Horizon horizon = interruptedClock.computed;
      assertThat(interruptedClock.isArmed).isFalse();
      assertThat(view.version).isGreaterThanOrEqualTo(horizon.version());
      assertThat(view.instantMillis).isGreaterThanOrEqualTo(horizon.instantMillis());
    }
  }

  /**
   * A horizon that was computed binds for ever: no view that opens later, or is open, may be below
   * it.
   */
  @Test
  @Timeout(60)
  void noViewIsEverBelowAHorizonComputedBeforeItWasClosed() throws Exception {
    AtomicLong passedVersion = new AtomicLong();
    AtomicLong passedMillis = new AtomicLong();
    AtomicReference<String> broken = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      boolean holding = t % 2 == 0;
      threads.add(
          new Thread(
              () -> {
                ArrayDeque<Registration> open = new ArrayDeque<>();
                Random random = new Random();
                while (!done.get()) {
                  open.add(views.register());
                  int kept = holding ? random.nextInt(4) : 0;
                  while (open.size() > kept) {
                    Registration view = open.size() > 2 ? open.removeLast() : open.removeFirst();
                    long version = passedVersion.get();
                    long millis = passedMillis.get();
                    if (view.version < version || view.instantMillis < millis) {
                      broken.compareAndSet(
                          null,
                          "view "
                              + view.version
                              + " at "
                              + view.instantMillis
                              + ", horizon "
                              + version
                              + " at "
                              + millis);
                    }
                    views.release(view);
                  }
                }
                open.forEach(views::release);
              }));
    }
    threads.add(
        new Thread(
            () -> {
              while (!done.get()) {
                Horizon horizon = views.horizon();
                passedVersion.accumulateAndGet(horizon.version(), Math::max);
                passedMillis.accumulateAndGet(horizon.instantMillis(), Math::max);
              }
            }));
    threads.forEach(Thread::start);
    for (int i = 0; i < 400_000; i++) {
      publish();
      if (i % 3 == 0) {
        clock.advance(1);
      }
    }
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(broken.get()).isNull();
    assertThat(views.horizon()).isEqualTo(new Horizon(400_000, clock.millis()));
    assertThat(passedVersion.get()).isPositive();
  }
}
