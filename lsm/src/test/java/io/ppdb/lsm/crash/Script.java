package io.ppdb.lsm.crash;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.crash.Promises.Kind;
import io.ppdb.lsm.crash.Promises.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A seeded sequence of calls against a store: commits of all kinds with either durability, flushes,
 * compactions, reopenings, checkpoints, changes of policies, reads of the past and of the change
 * log. It runs until it is through or something fails, and notes what was promised.
 *
 * <p>Every other seed keeps all history, so that every state that ever was has to be found again;
 * the others keep none, so that compactions have something to drop.
 */
final class Script {
  /** Asked when a call has failed; says whether the script goes on with the next one. */
  interface OnFailure {
    OnFailure STOP = (failure, store, promises) -> false;

    boolean goesOn(PpdbException failure, LsmStore store, Promises promises);
  }

  private static final String PLAIN_PREFIX = "k";
  private static final String COUNTER_PREFIX = "m";

  /** Values have up to so many bytes; half of them are longer than the threshold for blobs. */
  private static final int MAX_PADDING_BYTES = 200;

  private final long seed;
  private final int stepCount;

  Script(long seed, int stepCount) {
    this.seed = seed;
    this.stepCount = stepCount;
  }

  Promises run(LsmOptions options) {
    return run(options, OnFailure.STOP);
  }

  /**
   * Runs until the end, or until a call fails for good; the store is closed in the end if it can.
   */
  Promises run(LsmOptions options, OnFailure onFailure) {
    Promises promises = new Promises();
    promises.keepsHistory = seed % 2 == 0;
    new Run(options, onFailure, promises).run();
    return promises;
  }

  private final class Run {
    private final LsmOptions options;
    private final OnFailure onFailure;
    private final Promises promises;
    private final Random random = new Random(seed);
    private @Nullable LsmStore store;
    private int checkpointCount;

    /** In every other pair of seeds all values of transactions spill. */
    Run(LsmOptions options, OnFailure onFailure, Promises promises) {
      this.options = seed % 4 < 2 ? options.withMaxTransactionBytesInMemory(0) : options;
      this.onFailure = onFailure;
      this.promises = promises;
    }

    void run() {
      try {
        LsmStore opened = LsmStore.open(MemDirectory.PATH, options);
        store = opened;
        while (!promises.hasPolicies) {
          attempt(opened, this::setPolicies);
        }
        for (int i = 0; i < stepCount && promises.wrong == null; i++) {
          step();
        }
        close();
      } catch (PpdbException e) {
        promises.failure = e;
        closeAfter(e);
      }
    }

    private void closeAfter(PpdbException failure) {
      LsmStore open = store;
      if (open != null) {
        try {
          open.close();
        } catch (PpdbException closing) {
          failure.addSuppressed(closing);
        }
      }
    }

    private void close() {
      LsmStore open = open();
      store = null;
      open.close();
      promises.allIsDurable();
    }

    private LsmStore open() {
      LsmStore open = store;
      if (open == null) {
        throw new IllegalStateException("no store is open");
      }
      return open;
    }

    private interface Call {
      void on(LsmStore store);
    }

    private void attempt(LsmStore on, Call call) {
      try {
        call.on(on);
      } catch (PpdbException e) {
        if (!onFailure.goesOn(e, on, promises)) {
          throw e;
        }
      }
    }

    private void step() {
      LsmStore now = open();
      switch (random.nextInt(28)) {
        case 0, 1 -> attempt(now, this::flush);
        case 2, 3 -> attempt(now, this::compact);
        case 4 -> {
          close();
          store = LsmStore.open(MemDirectory.PATH, options);
        }
        case 5 -> attempt(now, this::checkpoint);
        case 6, 9, 10 -> {
          attempt(now, on -> commit(on, Durability.ASYNC)); // so that there is something to sync
          attempt(now, this::readChanges);
        }
        case 7, 11 -> attempt(now, this::readPast);
        case 8 -> attempt(now, this::setBlobThreshold);
        default -> {
          Durability durability = random.nextBoolean() ? Durability.SYNC : Durability.ASYNC;
          attempt(now, on -> commit(on, durability));
        }
      }
    }

    private void flush(LsmStore on) {
      on.flush();
      promises.allIsDurable();
    }

    private void compact(LsmStore on) {
      on.compact();
      promises.allIsDurable();
    }

    private RangePolicy policy() {
      Duration history = promises.keepsHistory ? Duration.ofDays(1) : Duration.ZERO;
      return RangePolicy.DEFAULT.withHistory(history);
    }

    private void setPolicies(LsmStore on) {
      on.setPolicy(KeyRange.all(), policy());
      on.setPolicy(
          KeyRange.prefix(bytes(COUNTER_PREFIX)), policy().withUse(RangePolicy.Use.MERGEABLE));
      promises.hasPolicies = true;
      promises.blobThresholds.add(RangePolicy.STORE_BLOB_THRESHOLD);
    }

    private void setBlobThreshold(LsmStore on) {
      int threshold =
          random.nextBoolean()
              ? RangePolicy.STORE_BLOB_THRESHOLD
              : RangePolicy.MIN_BLOB_THRESHOLD_BYTES;
      promises.blobThresholds.add(threshold);
      on.setPolicy(
          KeyRange.prefix(bytes(PLAIN_PREFIX)), policy().withBlobThresholdBytes(threshold));
      promises.blobThresholds.clear();
      promises.blobThresholds.add(threshold);
    }

    private void checkpoint(LsmStore on) {
      Path directory = MemDirectory.PATH.resolveSibling("copy-" + checkpointCount++);
      promises.unfinishedCheckpoint = directory;
      on.checkpoint(directory);
      promises.unfinishedCheckpoint = null;
      promises.checkpoints.put(directory, promises.acknowledgedCount);
      promises.allIsDurable();
    }

    private void readChanges(LsmStore on) {
      int index = random.nextInt(promises.acknowledgedCount + 1);
      long position = index == 0 ? 0 : promises.issued.get(index - 1).version;
      try (ChangeCursor cursor = on.changes(position)) {
        for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
          if (index == promises.acknowledgedCount
              || commit.version() != promises.issued.get(index).version) {
            promises.wrong = "the feed shows " + commit + " as the commit number " + index;
            return;
          }
          promises.isShown(index++);
        }
      }
      if (index < promises.acknowledgedCount) {
        commit(on, Durability.SYNC); // fails if the store has: then a feed shows what is durable
        promises.wrong = "the feed ends before the commit number " + index;
      }
    }

    private void readPast(LsmStore on) {
      if (promises.acknowledgedCount == 0) {
        return;
      }
      int index = random.nextInt(promises.acknowledgedCount);
      promises.wrong = Survivors.checkPast(on, promises, index);
    }

    private void commit(LsmStore on, Durability durability) {
      int number = promises.issued.size();
      int from = random.nextInt(Promises.SLOT_COUNT);
      int to = random.nextInt(4) == 0 ? from + 1 + random.nextInt(Promises.SLOT_COUNT) : from;
      WriteBatch batch = new WriteBatch();
      List<Write> writes = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int slot = random.nextInt(Promises.SLOT_COUNT);
        if (writes.stream().allMatch(write -> write.slot() != slot)) {
          writes.add(write(batch, slot, number));
        }
      }
      int end = Math.min(to, Promises.SLOT_COUNT);
      boolean isLoad =
          from >= end
              && random.nextBoolean()
              && writes.stream().allMatch(write -> write.kind() != Kind.ADD);
      boolean isTransaction = from < end || (!isLoad && random.nextBoolean());
      Promises.Commit commit = new Promises.Commit(from, end, writes, durability);
      promises.issued.add(commit);
      try {
        commit.version =
            isTransaction
                ? Script.commit(on, KeyRange.of(slot(from), slot(end)), batch, durability)
                : isLoad ? load(on, batch, durability) : on.write(batch, durability);
      } catch (PpdbException e) {
        if (e.code() != ErrorCode.COMMIT_UNKNOWN) {
          promises.issued.remove(number);
        }
        throw e;
      }
      promises.acknowledgedCount++;
      if (durability == Durability.SYNC) {
        promises.allIsDurable();
      }
    }

    private Write write(WriteBatch batch, int slot, int number) {
      if (random.nextInt(5) == 0) {
        batch.delete(slot(slot));
        return new Write(slot, Kind.DELETE, 0);
      }
      if (slot >= Promises.PLAIN_COUNT) {
        int operand = 1 + random.nextInt(100);
        batch.merge(MergeOperators.LONG_ADD, slot(slot), MergeOperators.encodeLong(operand));
        return new Write(slot, Kind.ADD, operand);
      }
      batch.put(slot(slot), value(number, random.nextInt(MAX_PADDING_BYTES)));
      return new Write(slot, Kind.PUT, 0);
    }
  }

  private static long commit(
      LsmStore store, KeyRange deleted, WriteBatch batch, Durability durability) {
    TransactionOptions options = TransactionOptions.DEFAULT.withDurability(durability);
    try (Transaction transaction = store.begin(options)) {
      Savepoint savepoint = transaction.savepoint();
      transaction.put(key(0), value(Integer.MAX_VALUE, MAX_PADDING_BYTES));
      transaction.rollbackTo(savepoint);
      transaction.deleteRange(deleted);
      for (WriteBatch.Write write : batch.writes()) {
        switch (write.kind()) {
          case DELETE -> transaction.delete(write.key());
          case PUT -> transaction.put(write.key(), write.value());
          case MERGE -> transaction.merge(MergeOperators.LONG_ADD, write.key(), write.value());
        }
      }
      return transaction.commit();
    }
  }

  private static long load(LsmStore store, WriteBatch batch, Durability durability) {
    List<WriteBatch.Write> sorted = new ArrayList<>(batch.writes());
    sorted.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    try (BulkLoad load = store.bulkLoad()) {
      for (WriteBatch.Write write : sorted) {
        if (write.kind() == WriteBatch.Kind.DELETE) {
          load.delete(write.key());
        } else {
          load.put(write.key(), write.value());
        }
      }
      return load.commit(durability);
    }
  }

  /** The key of a slot. */
  static byte[] slot(int slot) {
    if (slot < Promises.PLAIN_COUNT) {
      return key(slot);
    }
    return bytes(String.format("%s%03d", COUNTER_PREFIX, slot));
  }

  /** What the value of a slot stands for. */
  static long number(int slot, byte[] value) {
    if (slot >= Promises.PLAIN_COUNT) {
      return MergeOperators.decodeLong(value);
    }
    String text = new String(value, StandardCharsets.US_ASCII);
    return Long.parseLong(text.substring(0, text.indexOf(':')));
  }

  static byte[] key(int number) {
    return bytes(String.format("%s%03d", PLAIN_PREFIX, number));
  }

  /** A value that begins with the number of its commit. */
  static byte[] value(int number, int padding) {
    return bytes(number + ":" + "x".repeat(padding));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
