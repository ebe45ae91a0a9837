package io.ppdb.lsm.crash;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.vfs.MemVfs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Opens what a crash left and compares it with what was promised. */
final class Survivors {
  /** So many states of the past are looked at, spread over all. */
  private static final int PAST_COUNT = 4;

  private Survivors() {}

  /**
   * Checks that the store on {@code disk} holds the commits of a prefix of the script that has at
   * least all that were durable, with their past, its policies and checkpoints, that it works on,
   * and is whole. Returns what is wrong, or null.
   */
  static @Nullable String check(MemVfs disk, LsmOptions options, Promises promises) {
    if (promises.wrong != null) {
      return promises.wrong;
    }
    LsmOptions healthy = options.withVfs(disk);
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, healthy)) {
      String wrong = check(store, promises);
      wrong = wrong == null ? checkPolicies(store, promises) : wrong;
      if (wrong == null) {
        store.verify();
        store.write(new WriteBatch().put(Script.key(999), Script.value(0, 1)), Durability.SYNC);
      }
      return wrong == null ? checkCheckpoints(disk, healthy, promises) : wrong;
    } catch (RuntimeException | AssertionError e) {
      return "cannot open or read: " + trace(e);
    }
  }

  /** Where it comes from counts more than the whole of it. */
  static String trace(Throwable e) {
    StringBuilder text = new StringBuilder(e.toString());
    StackTraceElement[] frames = e.getStackTrace();
    for (int i = 0; i < Math.min(6, frames.length); i++) {
      text.append("\n  at ").append(frames[i]);
    }
    return text.toString();
  }

  /**
   * Compares what a store holds, its past and its change log with the promises; what it holds is
   * promised from now on.
   */
  static @Nullable String check(LsmStore store, Promises promises) {
    int count = 0;
    try (ChangeCursor cursor = store.changes(0)) {
      for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
        if (count == promises.issued.size()
            || (promises.issued.get(count).version != commit.version()
                && count < promises.acknowledgedCount)) {
          return "the change log has " + commit + " as number " + count + " of " + promises.issued;
        }
        promises.issued.get(count++).version = commit.version();
      }
    }
    if (count < promises.durableCount) {
      return count + " of " + promises.durableCount + " durable commits of " + promises.issued;
    }
    Map<Integer, Long> seen;
    try (Snapshot snapshot = store.snapshot()) {
      seen = read(snapshot);
    }
    Map<Integer, Long> expected = promises.stateAfter(count);
    if (!seen.equals(expected)) {
      return "found " + seen + ", not " + expected + " after " + count + " of " + promises.issued;
    }
    for (int i = 0; i < PAST_COUNT && count > 0; i++) {
      String wrong = checkPast(store, promises, (count - 1) * i / (PAST_COUNT - 1));
      if (wrong != null) {
        return wrong;
      }
    }
    promises.durableCount = count;
    return null;
  }

  /** Compares the view as of a commit with what was there then. */
  static @Nullable String checkPast(LsmStore store, Promises promises, int index) {
    long version = promises.issued.get(index).version;
    Map<Integer, Long> seen;
    try (Snapshot past = store.snapshotAt(version)) {
      seen = read(past);
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.SNAPSHOT_TOO_OLD) {
        throw e;
      }
      return promises.keepsHistory ? "the past is gone: " + e.getMessage() : null;
    }
    Map<Integer, Long> expected = promises.stateAfter(index + 1);
    return seen.equals(expected)
        ? null
        : "as of version " + version + " found " + seen + ", not " + expected;
  }

  private static @Nullable String checkPolicies(LsmStore store, Promises promises) {
    if (!promises.hasPolicies) {
      return null;
    }
    RangePolicy.Use use = store.policy(Script.slot(Promises.SLOT_COUNT - 1)).use();
    int threshold = store.policy(Script.slot(0)).blobThresholdBytes();
    return use == RangePolicy.Use.MERGEABLE && promises.blobThresholds.contains(threshold)
        ? null
        : "counters are " + use + ", the threshold for blobs is " + threshold;
  }

  private static @Nullable String checkCheckpoints(
      MemVfs disk, LsmOptions options, Promises promises) {
    Map<Path, Integer> copies = new TreeMap<>(promises.checkpoints);
    Path unfinished = promises.unfinishedCheckpoint;
    if (unfinished != null && disk.exists(unfinished.resolve(Manifest.CURRENT))) {
      copies.put(unfinished, promises.acknowledgedCount);
    }
    for (Map.Entry<Path, Integer> copy : copies.entrySet()) {
      try (LsmStore store = LsmStore.open(copy.getKey(), options);
          Snapshot snapshot = store.snapshot()) {
        Map<Integer, Long> seen = read(snapshot);
        Map<Integer, Long> expected = promises.stateAfter(copy.getValue());
        if (!seen.equals(expected)) {
          return copy.getKey() + " has " + seen + ", not " + expected;
        }
        store.verify();
      }
    }
    return null;
  }

  /** What a view shows, read forwards, backwards and key by key, as {@link Promises} writes it. */
  static Map<Integer, Long> read(Snapshot view) {
    Map<Integer, Long> seen = new TreeMap<>();
    Map<Integer, Long> backwards = new TreeMap<>();
    scan(view, false, seen);
    scan(view, true, backwards);
    if (!seen.equals(backwards)) {
      throw new AssertionError("forwards " + seen + ", backwards " + backwards);
    }
    for (int slot = 0; slot < Promises.SLOT_COUNT; slot++) {
      byte[] value = view.get(Script.slot(slot));
      Long number = value == null ? null : Script.number(slot, value);
      if (number == null ? seen.containsKey(slot) : !number.equals(seen.get(slot))) {
        throw new AssertionError("a scan finds " + seen + ", but slot " + slot + " has " + number);
      }
    }
    return seen;
  }

  private static void scan(Snapshot view, boolean descending, Map<Integer, Long> seen) {
    try (Cursor cursor =
        view.scan(KeyRange.all(), ScanOptions.ASCENDING.withDescending(descending))) {
      while (cursor.next()) {
        String key = new String(cursor.key().toByteArray(), StandardCharsets.US_ASCII);
        int slot = Integer.parseInt(key.substring(1));
        seen.put(slot, Script.number(slot, cursor.value().toByteArray()));
      }
    }
  }
}
