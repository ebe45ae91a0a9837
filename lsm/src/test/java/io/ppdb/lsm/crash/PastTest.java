package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The past across flushes, compactions, clean ends and power losses, with a clock that also goes
 * back: random histories, compared with a list of everything that was ever committed.
 *
 * <p>What may be read is exact; what is refused is older than the history of its range.
 */
class PastTest {
  private static final long FIRST_SEED = Long.getLong("ppdb.seed", 1);
  private static final int HISTORY_COUNT =
      Long.getLong("ppdb.seed") == null ? 60 * Integer.getInteger("ppdb.effort", 1) : 1;
  private static final int STEP_COUNT = 400;

  /** The first letter of a key says its policy: history in milliseconds, and use. */
  private static final Map<String, RangePolicy> POLICIES =
      Map.of(
          "a/", policy(0, RangePolicy.Use.PLAIN),
          "b/", policy(200, RangePolicy.Use.PLAIN),
          "c/", policy(1000, RangePolicy.Use.MERGEABLE),
          "d/", policy(1000, RangePolicy.Use.PLAIN),
          "e/", policy(300, RangePolicy.Use.EXPIRABLE));

  private static final long CHANGE_LOG_BYTES = 500;

  /** Written by every commit, so that it can be told what survived. */
  private static final String MARKER = "d/marker";

  private static RangePolicy policy(long historyMillis, RangePolicy.Use use) {
    return RangePolicy.DEFAULT.withHistory(Duration.ofMillis(historyMillis)).withUse(use);
  }

  @Test
  void whatIsWithinTheHistoryIsReadExactly() {
    for (int i = 0; i < HISTORY_COUNT; i++) {
      new Run(FIRST_SEED + i).run();
    }
    if (HISTORY_COUNT > 1) {
      assertThat(LOG_ENDS).as("positions that were too old").hasPositiveValue();
    }
  }

  /** How often the change log no longer reached back as far as was asked. */
  private static final AtomicInteger LOG_ENDS = new AtomicInteger();

  private record Value(String text, long expiryMillis) {}

  private record Version(long version, long millis, Map<String, Value> state, boolean isCommit) {
    @Nullable String marker() {
      Value value = state.get(MARKER);
      return value == null ? null : value.text;
    }

    Version withState(Map<String, Value> newState) {
      return new Version(version, millis, newState, false);
    }
  }

  private static final class Run {
    private final long seed;
    private final Random random;
    private final ManualClock clock = new ManualClock();

    /** All versions that survived, oldest first, and what was there; the first is empty. */
    private final List<Version> versions = new ArrayList<>();

    /** How many of {@link #versions}, from the first, survive power loss. */
    private int durableCount;

    /** How many of {@link #versions} the manifest knows the time of. */
    private int flushedCount = 1;

    private int commitCount;

    /** At or above every tick that the store may have used. */
    private long highestMillis;

    private int exactCount;
    private int refusedCount;
    private int changeCount;
    private int tooOldCount;
    private int openCount;
    private MemVfs disk = MemDirectory.fresh();
    private LsmStore store;

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.store = open();
      POLICIES.forEach((prefix, policy) -> store.setPolicy(KeyRange.prefix(bytes(prefix)), policy));
      try (Snapshot snapshot = store.snapshot()) {
        versions.add(new Version(snapshot.version(), snapshot.instantMillis(), Map.of(), false));
      }
      durableCount = 1;
      highestMillis = clock.millis();
    }

    /** Each life has another shape: leveled, tiered by 2, by 3. */
    private LsmStore open() {
      LsmOptions options =
          CrashTest.TINY
              .withStore(
                  CrashTest.TINY.store().withClock(clock).withChangeLogBytes(CHANGE_LOG_BYTES))
              .withVfs(disk)
              .withCompaction(CrashTest.TINY.compaction().withRunsPerLevel(1 + openCount++ % 3));
      return LsmStore.open(MemDirectory.PATH, options);
    }

    void run() {
      for (int i = 0; i < STEP_COUNT; i++) {
        switch (random.nextInt(40)) {
          case 0 -> {
            store.flush();
            allIsInTables();
          }
          case 1 -> {
            store.compact();
            allIsInTables();
          }
          case 2 -> reopen();
          case 3 -> crash();
          case 4 -> lock();
          case 21, 22 -> readChanges();
          case 5, 6, 7, 8, 9, 10, 11, 12 -> readByVersion();
          case 13, 14, 15, 16, 17, 18, 19, 20 -> readByInstant();
          default -> commit();
        }
        clock.advance(random.nextInt(3) * (long) random.nextInt(20));
        highestMillis = Math.max(highestMillis, clock.millis());
      }
      store.close();
      assertThat(exactCount).as(replay()).isGreaterThan(20 * refusedCount / 100);
      assertThat(changeCount).as(replay()).isPositive();
      LOG_ENDS.addAndGet(tooOldCount);
    }

    private void allIsInTables() {
      durableCount = versions.size();
      flushedCount = durableCount;
    }

    private void reopen() {
      store.close();
      allIsInTables();
      turnBackClock();
      store = open();
      opened();
    }

    private void crash() {
      if (random.nextInt(3) == 0) {
        store.flush(); // as may happen in the background at any time: the model is not told
      }
      disk = disk.crashed(random);
      store.close();
      turnBackClock();
      store = open();
      String marker = read(MARKER);
      // ASYNC commits may be gone: what is left is the state after one of the last.
      int count = versions.size();
      while (count > durableCount && !Objects.equals(versions.get(count - 1).marker(), marker)) {
        count--;
      }
      Version survivor = versions.get(count - 1);
      List<Version> lost = versions.subList(count, versions.size());
      lost.replaceAll(version -> version.withState(survivor.state));
      // Of commits that were lost, or that had no entries, the log has nothing; but if a memtable
      // was flushed after them, the manifest has their times, and they count for horizons.
      lost.removeIf(this::isForgotten);
      versions.subList(flushedCount, count).removeIf(this::isForgotten);
      durableCount = versions.size();
      flushedCount = durableCount;
      assertThat(versions.get(durableCount - 1).marker()).as(replay()).isEqualTo(marker);
      opened();
    }

    private boolean isForgotten(Version version) {
      if (version.isCommit) {
        return false;
      }
      try (Snapshot past = store.snapshotAt(version.version)) {
        return past.instantMillis() != version.millis;
      }
    }

    /** After a crash versions go on above a ceiling: one more that shows what the last one does. */
    private void opened() {
      try (Snapshot snapshot = store.snapshot()) {
        Version last = versions.get(versions.size() - 1);
        if (snapshot.version() > last.version) {
          try (Snapshot past = store.snapshotAt(snapshot.version())) {
            versions.add(new Version(past.version(), past.instantMillis(), last.state, false));
          }
          allIsInTables();
        }
      }
    }

    private void turnBackClock() {
      if (random.nextBoolean()) {
        clock.set(clock.millis() - random.nextInt(300));
      }
    }

    private void commit() {
      Version last = versions.get(versions.size() - 1);
      Map<String, Value> state = new TreeMap<>(last.state);
      WriteBatch batch = new WriteBatch();
      for (int i = random.nextInt(3); i >= 0; i--) {
        String kind = List.of("a/", "b/", "c/", "d/", "e/").get(random.nextInt(5));
        String key = kind + random.nextInt(4);
        String text = "v" + versions.size() + "x".repeat(random.nextInt(60));
        if (kind.equals("c/")) {
          long before = state.containsKey(key) ? Long.parseLong(state.get(key).text) : 0;
          int add = random.nextInt(100);
          batch.merge(MergeOperators.LONG_ADD, bytes(key), MergeOperators.encodeLong(add));
          state.put(key, new Value("" + (before + add), Limits.NO_EXPIRY));
        } else if (random.nextInt(4) == 0) {
          batch.delete(bytes(key));
          state.remove(key);
        } else if (kind.equals("e/")) {
          long expiry = clock.millis() + random.nextInt(500);
          batch.put(bytes(key), bytes(text), expiry);
          state.put(key, new Value(text, expiry));
        } else {
          batch.put(bytes(key), bytes(text));
          state.put(key, new Value(text, Limits.NO_EXPIRY));
        }
      }
      String number = "" + commitCount++;
      batch.put(bytes(MARKER), bytes(number));
      state.put(MARKER, new Value(number, Limits.NO_EXPIRY));
      boolean sync = random.nextInt(3) == 0;
      add(store.write(batch, sync ? Durability.SYNC : Durability.ASYNC), state, true);
      if (sync) {
        durableCount = versions.size();
      }
    }

    /** A commit without entries has a version and a tick all the same. */
    private void lock() {
      try (Transaction transaction = store.begin()) {
        transaction.lockForUpdate(bytes("d/0"));
        long version = transaction.commit();
        add(version, versions.get(versions.size() - 1).state, false);
      }
    }

    private void add(long version, Map<String, Value> state, boolean isCommit) {
      try (Snapshot past = store.snapshotAt(version)) {
        versions.add(new Version(version, past.instantMillis(), state, isCommit));
      }
    }

    private @Nullable String read(String key) {
      try (Snapshot snapshot = store.snapshot()) {
        return text("d/", snapshot.get(bytes(key)));
      }
    }

    private void readByVersion() {
      Version version = versions.get(random.nextInt(versions.size()));
      try (Snapshot past = store.snapshotAt(version.version)) {
        check(past, version, -1);
      }
    }

    private void readByInstant() {
      long lastMillis = versions.get(versions.size() - 1).millis;
      long millis = lastMillis - random.nextInt(1500);
      try (Snapshot past = store.snapshotAt(Instant.ofEpochMilli(millis))) {
        Version version = versionAt(millis);
        if (version != null) {
          check(past, version, millis);
        }
      }
    }

    /**
     * From some position on the log has all commits; and who was told of one will find it again.
     */
    private void readChanges() {
      int from = random.nextInt(versions.size());
      long position = versions.get(from).version;
      List<String> seen = new ArrayList<>();
      try (ChangeCursor cursor = store.changes(position)) {
        for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
          @Nullable String marker = null;
          for (WriteBatch.Write write : commit.writes()) {
            marker = MARKER.equals(text("d/", write.key())) ? text("d/", write.value()) : marker;
          }
          seen.add(commit.version() + " at " + commit.timeMillis() + ": " + marker);
        }
      } catch (PpdbException e) {
        assertThat(e.code()).as(replay()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
        assertThat(seen).as(replay()).isEmpty();
        tooOldCount++;
        return;
      }
      List<String> expected = new ArrayList<>();
      for (Version version : versions.subList(from + 1, versions.size())) {
        if (version.isCommit) {
          expected.add(version.version + " at " + version.millis + ": " + version.marker());
        }
      }
      assertThat(seen).as("%s, changes from %d", replay(), position).isEqualTo(expected);
      changeCount += seen.size();
      if (!seen.isEmpty()) {
        durableCount = versions.size();
      }
    }

    private @Nullable Version versionAt(long millis) {
      @Nullable Version found = null;
      for (Version version : versions) {
        found = version.millis <= millis ? version : found;
      }
      return found;
    }

    private void check(Snapshot past, Version version, long askedMillis) {
      String kind = List.of("a/", "b/", "c/", "d/", "e/").get(random.nextInt(5));
      String key = kind + random.nextInt(4);
      String what =
          String.format(
              "%s of %s as of version %d, tick %d, instant asked for %d",
              replay(), key, version.version, version.millis, askedMillis);
      byte @Nullable [] found;
      try {
        found = past.get(bytes(key));
      } catch (PpdbException e) {
        assertThat(e.code()).as(what).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
        refusedCount++;
        long horizonMillis =
            highestMillis - Objects.requireNonNull(POLICIES.get(kind)).history().toMillis();
        Version horizon = versionAt(horizonMillis);
        boolean isOld = horizon == null || version.version < horizon.version;
        boolean isExpired = kind.equals("e/") && past.instantMillis() < horizonMillis;
        assertThat(isOld || isExpired).as(what + ": " + e.getMessage()).isTrue();
        return;
      }
      if (askedMillis < 0) {
        assertThat(past.instantMillis()).as(what).isEqualTo(version.millis);
      } else {
        // Versions that show nothing new, locks' and those that did not survive, may be between.
        int next = versions.indexOf(version) + 1;
        long end = next < versions.size() ? versions.get(next).version : Long.MAX_VALUE;
        assertThat(past.version()).as(what).isBetween(version.version, end - 1);
      }
      Value value = version.state.get(key);
      String expected =
          value != null && value.expiryMillis > past.instantMillis() ? value.text : null;
      assertThat(text(kind, found)).as(what).isEqualTo(expected);
      exactCount++;
    }

    private String replay() {
      return "replay with -Dppdb.seed=" + seed;
    }

    private static @Nullable String text(String kind, byte @Nullable [] value) {
      if (value == null) {
        return null;
      }
      return kind.equals("c/")
          ? "" + MergeOperators.decodeLong(value)
          : new String(value, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }
}
