package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
  private static final int VALUE_BYTES = 1000;

  private final Publication publication = new Publication(10);
  private long version = 10;

  private ChangeLog log(long maxBytes) {
    ChangeLog log = new ChangeLog(publication, 10, maxBytes);
    publication.record(log);
    return log;
  }

  private Entry commit() {
    Entry entry = Entry.put(new byte[] {1}, new byte[VALUE_BYTES], Limits.NO_EXPIRY);
    Claims none = new Claims(new byte[0][], new byte[0], Claims.NO_RANGES, Claims.NO_KEYS);
    Commit commit = new Commit(new Entry[] {entry}, none, CommitOrigin.USER, Durability.ASYNC);
    commit.assign(++version, version);
    commit.applied = true;
    publication.announce(commit);
    publication.settle(commit);
    return entry;
  }

  private static ErrorCode codeOf(Runnable call) {
    PpdbException failure = catchThrowableOfType(PpdbException.class, call::run);
    assertThat(failure).isNotNull();
    return failure.code();
  }

  private static int length(ChangeLog log, long from) {
    int count = 0;
    ChangeLog.Place place = log.after(from);
    while (log.next(place, from) != null) {
      count++;
    }
    return count;
  }

  @Test
  void logKeepsTheNewestCommitsWithinItsBudget() {
    ChangeLog log = log(20 * VALUE_BYTES);
    for (int i = 0; i < 100; i++) {
      commit();
    }
    assertThat(length(log, version - 10)).isEqualTo(10);
    assertThat(codeOf(() -> log.after(version - 20))).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
  }

  @Test
  void cursorGoesFromPageToPageFromWhereverItBegins() {
    ChangeLog log = log(1000L * 2 * VALUE_BYTES);
    for (int i = 0; i < 1000; i++) {
      commit();
    }
    for (long from = 10; from <= version; from++) {
      ChangeLog.Place place = log.after(from);
      for (long expected = from + 1; expected <= version; expected++) {
        ChangeLog.Logged next = log.next(place, expected - 1);
        assertThat(next).isNotNull().returns(expected, ChangeLog.Logged::version);
      }
      assertThat(log.next(place, version)).isNull();
    }
  }

  @Test
  void cursorAtTheEndSeesWhatComesNext() {
    ChangeLog log = log(1000L * 2 * VALUE_BYTES);
    ChangeLog.Place place = log.after(10);
    for (int i = 0; i < 300; i++) {
      assertThat(log.next(place, version)).isNull();
      commit();
      assertThat(log.next(place, version)).isNotNull();
    }
  }

  @Test
  void logOfNoBytesKeepsNothingAndIsReadAtItsEnd() {
    ChangeLog log = log(0);
    commit();
    assertThat(codeOf(() -> log.after(10))).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
    assertThat(length(log, 11)).isZero();
  }

  @Test
  void cursorThatFallsBehindKeepsNothingInMemory() {
    ChangeLog log = log(5 * VALUE_BYTES);
    ChangeLog.Place slow = log.after(10);
    WeakReference<Entry> first = new WeakReference<>(commit());
    for (int i = 0; i < 20; i++) {
      commit();
    }
    for (int i = 0; i < 100 && first.get() != null; i++) {
      System.gc();
    }
    assertThat(first.get()).as("held by the log or its cursor").isNull();
    assertThat(codeOf(() -> log.next(slow, 10))).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
  }

  @Test
  void readerBesideTheAppenderMissesNothingOrIsToldSo() throws Exception {
    ChangeLog log = log(50 * VALUE_BYTES);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    ChangeLog.Place start = log.after(10);
    int count = 50_000;
    Thread reader =
        new Thread(
            () -> {
              try {
                long seen = 10;
                ChangeLog.Place place = start;
                while (seen < 10 + count) {
                  try {
                    ChangeLog.Logged next = log.next(place, seen);
                    if (next != null) {
                      assertThat(next.version()).isEqualTo(seen + 1);
                      assertThat(next.entries()).hasSize(1);
                      seen++;
                    }
                  } catch (PpdbException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
                    seen = publication.published();
                    try {
                      place = log.after(seen);
                    } catch (PpdbException behindAgain) {
                      assertThat(behindAgain.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
                    }
                  }
                }
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    reader.start();
    for (int i = 0; i < count; i++) {
      commit();
    }
    reader.join();
    assertThat(failure.get()).isNull();
  }
}
