package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtableTest {
  private static final OperatorRegistry OPERATORS = new OperatorRegistry(MergeOperators.builtIn());

  private final Memtable memtable = new Memtable();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void put(String key, long version, long expiryMillis) {
    insert(Entry.put(bytes(key), MergeOperators.encodeLong(version), expiryMillis), version);
  }

  private void put(String key, long version) {
    put(key, version, Limits.NO_EXPIRY);
  }

  private void delete(String key, long version) {
    insert(Entry.delete(bytes(key)), version);
  }

  private void add(String key, long version, long amount) {
    insert(Entry.merge(bytes(key), MergeOperators.encodeLong(amount), 1), version);
  }

  private void insert(Entry entry, long version) {
    memtable.reserve(Memtable.sizeOf(entry));
    memtable.insert(entry.withVersion(version));
    memtable.applied(Memtable.sizeOf(entry));
  }

  private @Nullable Long find(String key, long version, long instantMillis) {
    PointLookup lookup = new PointLookup(OPERATORS, instantMillis);
    memtable.find(bytes(key), version, lookup);
    byte[] value = lookup.value();
    return value == null ? null : MergeOperators.decodeLong(value);
  }

  @Test
  void entriesMayArriveInAnyVersionOrder() {
    for (long version : new long[] {5, 1, 9, 3, 7}) {
      put("a", version);
    }
    for (long version = 1; version <= 9; version++) {
      assertThat(find("a", version, 0)).isEqualTo(version % 2 == 1 ? version : version - 1);
    }
    assertThat(find("a", 0, 0)).isNull();
  }

  @Test
  void versionsOfALongChainMayArriveInAnyOrder() {
    List<Long> versions = new ArrayList<>();
    for (long version = 1; version <= 300; version++) {
      versions.add(version);
    }
    long seed = Long.getLong("ppdb.seed", System.nanoTime());
    Collections.shuffle(versions, new Random(seed));
    for (long version : versions) {
      put("a", version);
    }
    for (long version = 1; version <= 300; version++) {
      assertThat(find("a", version, 0)).as("-Dppdb.seed=%d", seed).isEqualTo(version);
    }
  }

  @Test
  void anOldViewFindsItsEntryAmongManyNewerOnes() {
    for (long version = 1; version <= 1000; version++) {
      put("a", version);
    }
    for (long version = 1; version <= 1000; version++) {
      assertThat(find("a", version, 0)).isEqualTo(version);
    }
  }

  @Test
  void backwardCursorKeepsTheChainItArrivedAt() {
    put("a", 1);
    delete("a", 2);
    put("b", 3);
    try (EntryCursor cursor = memtable.cursor()) {
      assertThat(cursor.seekBefore(bytes("b"))).isTrue();
      assertThat(cursor.version()).isEqualTo(1);
      put("a", 4);
      assertThat(cursor.previous()).isTrue();
      assertThat(cursor.kind()).isEqualTo(EntryKind.DELETE);
      assertThat(cursor.previous()).isFalse();
    }
  }

  @Test
  void everyShapeOfEntryIsReadAsItWasWritten() {
    put("long", 1, 99);
    add("sum", 2, 5);
    delete("gone", 3);
    byte[] large = new byte[1 << 20];
    large[large.length - 1] = 7;
    insert(Entry.put(bytes("large"), large, Limits.NO_EXPIRY), 4);
    insert(Entry.put(bytes(""), new byte[0], Limits.NO_EXPIRY), 5);
    StringBuilder seen = new StringBuilder();
    try (EntryCursor cursor = memtable.cursor()) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        seen.append(new String(cursor.key().toByteArray(), StandardCharsets.UTF_8))
            .append(' ')
            .append(cursor.kind())
            .append(' ')
            .append(cursor.version())
            .append(' ')
            .append(cursor.operatorId())
            .append(' ')
            .append(cursor.expiryMillis() == Limits.NO_EXPIRY ? "never" : cursor.expiryMillis())
            .append(' ')
            .append(cursor.value().length())
            .append('\n');
      }
    }
    assertThat(seen.toString())
        .isEqualTo(
            """
             PUT 5 0 never 0
            gone DELETE 3 0 never 0
            large PUT 4 0 never 1048576
            long PUT 1 0 99 8
            sum MERGE 2 1 never 8
            """);
  }

  @Test
  void announcedBytesCountUntilTheyAreApplied() {
    long empty = memtable.sizeInBytes();
    memtable.reserve(1000);
    assertThat(memtable.sizeInBytes()).isEqualTo(empty + 1000);
    Entry entry = Entry.put(bytes("abc"), bytes("12345678"), Limits.NO_EXPIRY).withVersion(1);
    memtable.insert(entry);
    memtable.applied(1000);
    assertThat(memtable.sizeInBytes() - empty).isBetween(3L + 8, Memtable.sizeOf(entry));
    assertThat(memtable.entryCount()).isEqualTo(1);
  }

  /** The prefix is a hint: keys that do not begin with it are found as well, in their order. */
  @Test
  void aMemtableThatExpectsAPrefixTakesKeysWithoutIt() {
    put("table-1/a", 1);
    put("table-1/b", 2);
    Memtable next = memtable.next().next();
    String[] keys = {"a", "table-", "table-1/", "table-1/c", "table-2", "z"};
    for (int i = keys.length - 1; i >= 0; i--) {
      next.insert(Entry.delete(bytes(keys[i])).withVersion(i + 1));
    }
    try (EntryCursor cursor = next.cursor()) {
      boolean valid = cursor.seekToFirst();
      for (int i = 0; i < keys.length; i++, valid = cursor.next()) {
        assertThat(valid).isTrue();
        assertThat(cursor.key().toByteArray()).isEqualTo(bytes(keys[i]));
        assertThat(cursor.version()).isEqualTo(i + 1);
      }
      assertThat(valid).isFalse();
      assertThat(cursor.seek(bytes("table-1/b"), Long.MAX_VALUE)).isTrue();
      assertThat(cursor.key().toByteArray()).isEqualTo(bytes("table-1/c"));
    }
  }

  /** Keys of others may be missing from a cursor, but none that was there before it was opened. */
  @Test
  void cursorHasEveryKeyThatWasInsertedBeforeItWasOpened() throws InterruptedException {
    int keysPerThread = 40_000;
    AtomicInteger running = new AtomicInteger(3);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      int number = thread;
      Thread writer =
          new Thread(
              () -> {
                try {
                  insertAndLook(number, keysPerThread);
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                } finally {
                  running.decrementAndGet();
                }
              });
      threads.add(writer);
      writer.start();
    }
    long seen = 0;
    while (running.get() > 0) {
      long before = memtable.entryCount();
      seen = countKeys();
      assertThat(seen).isGreaterThanOrEqualTo(before);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(countKeys()).isEqualTo(3L * keysPerThread).isGreaterThanOrEqualTo(seen);
  }

  private void insertAndLook(int thread, int count) {
    Random random = new Random(thread);
    for (int i = 0; i < count; i++) {
      byte[] key = MergeOperators.encodeLong((long) i * 3 + thread);
      scramble(key);
      memtable.insert(Entry.delete(key).withVersion(1));
      if (random.nextInt(400) == 0) {
        try (EntryCursor cursor = memtable.cursor()) {
          assertThat(cursor.seek(key, Long.MAX_VALUE)).isTrue();
          assertThat(cursor.key().toByteArray()).isEqualTo(key);
        }
      }
    }
  }

  /** Far apart in key order what was near, one to one. */
  private static void scramble(byte[] key) {
    for (int i = 0; i < key.length / 2; i++) {
      byte swapped = key[i];
      key[i] = key[key.length - 1 - i];
      key[key.length - 1 - i] = swapped;
    }
  }

  private long countKeys() {
    long count = 0;
    byte[] last = null;
    try (EntryCursor cursor = memtable.cursor()) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.nextKey()) {
        byte[] key = cursor.key().toByteArray();
        assertThat(last == null || Arrays.compareUnsigned(last, key) < 0).isTrue();
        last = key;
        count++;
      }
    }
    return count;
  }
}
