package io.ppdb.lsm.crash;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A seeded sequence of commits, flushes, compactions and reopenings, run against a store until it
 * is through or something fails; it remembers what was acknowledged.
 *
 * <p>Each commit writes a few keys with its own number as value, so that a commit which survived in
 * part shows.
 */
final class Script {
  private static final int KEY_COUNT = 12;

  /**
   * One commit: the keys it puts or deletes (number ≥ 0), after it has deleted those from one
   * number up to another, if that is greater.
   */
  record Step(
      int deletedFrom,
      int deletedTo,
      List<Integer> puts,
      List<Integer> deletes,
      Durability durability) {}

  /** How far the script came. */
  static final class Progress {
    /**
     * Commits in the order they were issued, but for one that failed in a way that says it
     * certainly did not happen; the last may not be acknowledged.
     */
    final List<Step> issued = new ArrayList<>();

    int acknowledgedCount;

    /** How many commits, from the first, are known to be durable. */
    int durableCount;

    @SuppressWarnings("NullAway.Init")
    PpdbException failure;
  }

  private final long seed;
  private final int stepCount;

  Script(long seed, int stepCount) {
    this.seed = seed;
    this.stepCount = stepCount;
  }

  /** Runs until the end, or until an operation fails; the store is closed in the end if it can. */
  Progress run(LsmOptions options) {
    Progress progress = new Progress();
    Random random = new Random(seed);
    LsmStore store = null;
    try {
      store = LsmStore.open(MemDirectory.PATH, options);
      for (int i = 0; i < stepCount; i++) {
        switch (random.nextInt(12)) {
          case 0 -> store.flush();
          case 1 -> store.compact();
          case 2 -> {
            store.close();
            progress.durableCount = progress.acknowledgedCount;
            store = LsmStore.open(MemDirectory.PATH, options);
          }
          default -> commit(store, random, progress);
        }
      }
      store.close();
      progress.durableCount = progress.acknowledgedCount;
    } catch (PpdbException e) {
      progress.failure = e;
      if (store != null) {
        try {
          store.close();
        } catch (PpdbException closing) {
          e.addSuppressed(closing);
        }
      }
    }
    return progress;
  }

  private static void commit(LsmStore store, Random random, Progress progress) {
    int number = progress.issued.size();
    int from = random.nextInt(KEY_COUNT);
    int to = random.nextInt(4) == 0 ? from + 1 + random.nextInt(KEY_COUNT) : from;
    WriteBatch batch = new WriteBatch();
    List<Integer> puts = new ArrayList<>();
    List<Integer> deletes = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int key = random.nextInt(KEY_COUNT);
      if (puts.contains(key) || deletes.contains(key)) {
        continue;
      }
      if (random.nextInt(5) == 0) {
        batch.delete(key(key));
        deletes.add(key);
      } else {
        batch.put(key(key), value(number, random.nextInt(200)));
        puts.add(key);
      }
    }
    Durability durability = random.nextBoolean() ? Durability.SYNC : Durability.ASYNC;
    progress.issued.add(new Step(from, to, puts, deletes, durability));
    try {
      if (from < to) {
        commit(store, KeyRange.of(key(from), key(to)), batch, durability);
      } else {
        store.write(batch, durability);
      }
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.COMMIT_UNKNOWN) {
        progress.issued.remove(number);
      }
      throw e;
    }
    progress.acknowledgedCount++;
    if (durability == Durability.SYNC) {
      progress.durableCount = progress.acknowledgedCount;
    }
  }

  private static void commit(
      LsmStore store, KeyRange deleted, WriteBatch batch, Durability durability) {
    TransactionOptions options = TransactionOptions.DEFAULT.withDurability(durability);
    try (Transaction transaction = store.begin(options)) {
      transaction.deleteRange(deleted);
      for (WriteBatch.Write write : batch.writes()) {
        if (write.kind() == WriteBatch.Kind.DELETE) {
          transaction.delete(write.key());
        } else {
          transaction.put(write.key(), write.value());
        }
      }
      transaction.commit();
    }
  }

  /** What a store holds after the first {@code count} commits: for each key its commit's number. */
  static Map<Integer, Integer> stateAfter(List<Step> steps, int count) {
    Map<Integer, Integer> state = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      for (int key = steps.get(i).deletedFrom; key < steps.get(i).deletedTo; key++) {
        state.remove(key);
      }
      for (int key : steps.get(i).puts) {
        state.put(key, i);
      }
      for (int key : steps.get(i).deletes) {
        state.remove(key);
      }
    }
    return state;
  }

  static byte[] key(int number) {
    return String.format("k%03d", number).getBytes(StandardCharsets.US_ASCII);
  }

  /** A value that begins with the number of its commit. */
  static byte[] value(int number, int padding) {
    return (number + ":" + "x".repeat(padding)).getBytes(StandardCharsets.US_ASCII);
  }
}
