package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cursors remember of stretches without a visible key, and that it is never wrong. */
class GapsTest {
  private static final int KEY_COUNT = 300;

  private final LocalStore store = new MemoryStore(StoreOptions.DEFAULT);

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] key(int number) {
    return String.format("k%04d", number).getBytes(StandardCharsets.UTF_8);
  }

  private void put(int... numbers) {
    WriteBatch batch = new WriteBatch();
    for (int number : numbers) {
      batch.put(key(number), key(number));
    }
    store.write(batch, Durability.MEMORY);
  }

  private void delete(int from, int to) {
    WriteBatch batch = new WriteBatch();
    for (int number = from; number < to; number++) {
      batch.delete(key(number));
    }
    store.write(batch, Durability.MEMORY);
  }

  private void putAll() {
    for (int number = 0; number < KEY_COUNT; number++) {
      put(number);
    }
  }

  private static List<String> keys(ReadView view, ScanOptions options) {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = view.scan(KeyRange.prefix(new byte[] {'k'}), options)) {
      while (cursor.next()) {
        found.add(new String(cursor.key().toByteArray(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  private List<String> keys() {
    try (Snapshot snapshot = store.snapshot()) {
      return keys(snapshot, ScanOptions.ASCENDING);
    }
  }

  /** Whether a view of now may jump over {@code number}. */
  private boolean isInGap(int number) {
    try (Snapshot snapshot = store.snapshot()) {
      return store.pipeline().gaps().around(new Slice(key(number)), snapshot.version()) != null;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void passingOverDeletedKeysLeavesAGap(boolean descending) {
    putAll();
    delete(10, 290);
    assertThat(isInGap(150)).isFalse();
    try (Snapshot snapshot = store.snapshot()) {
      ScanOptions options = descending ? ScanOptions.DESCENDING : ScanOptions.ASCENDING;
      assertThat(keys(snapshot, options)).hasSize(20);
      assertThat(isInGap(150)).isTrue();
      assertThat(isInGap(5)).isFalse();
      assertThat(isInGap(290)).isFalse();
      assertThat(keys(snapshot, options)).hasSize(20);
    }
  }

  @Test
  void gapAtTheEndGoesOnToTheEndOfTheRange() {
    putAll();
    delete(10, KEY_COUNT);
    assertThat(keys()).hasSize(10);
    assertThat(isInGap(KEY_COUNT + 1)).isTrue();
    put(KEY_COUNT + 2);
    assertThat(isInGap(KEY_COUNT + 1)).isTrue();
    assertThat(isInGap(KEY_COUNT + 2)).isFalse();
    assertThat(keys()).hasSize(11);
  }

  @Test
  void putCutsTheGapOff() {
    putAll();
    delete(10, 290);
    keys();
    put(200);
    assertThat(isInGap(199)).isTrue();
    assertThat(isInGap(200)).isFalse();
    assertThat(isInGap(250)).isFalse();
    assertThat(keys()).contains("k0200").hasSize(21);
  }

  @Test
  void olderViewStillSeesWhatWasDeletedLater() {
    putAll();
    try (Snapshot before = store.snapshot()) {
      delete(10, 290);
      assertThat(keys()).hasSize(20);
      assertThat(keys(before, ScanOptions.ASCENDING)).hasSize(KEY_COUNT);
      assertThat(keys(before, ScanOptions.DESCENDING)).hasSize(KEY_COUNT);
    }
  }

  @Test
  void viewThatDoesNotKnowOfANewKeyLeavesNoGap() {
    putAll();
    delete(10, 290);
    try (Snapshot before = store.snapshot()) {
      put(150);
      assertThat(keys(before, ScanOptions.ASCENDING)).hasSize(20);
      assertThat(isInGap(140)).isFalse();
      assertThat(keys()).hasSize(21);
    }
  }

  @Test
  void ownPutsInAGapAreSeen() {
    putAll();
    delete(10, 290);
    keys();
    try (Transaction transaction = store.begin()) {
      transaction.put(key(150), key(150));
      assertThat(keys(transaction, ScanOptions.ASCENDING)).contains("k0150").hasSize(21);
      assertThat(keys(transaction, ScanOptions.DESCENDING)).contains("k0150").hasSize(21);
    }
  }

  @Test
  void loadedKeyIsInNoGap() {
    putAll();
    delete(10, 290);
    keys();
    try (var load = store.bulkLoad()) {
      load.put(key(150), key(150));
      load.commit(Durability.MEMORY);
    }
    assertThat(isInGap(150)).isFalse();
    assertThat(isInGap(200)).isFalse();
    assertThat(keys()).contains("k0150").hasSize(21);
  }

  @Test
  void manyGapsAreKeptAndTheRestForgotten() {
    for (int queue = 0; queue < 1_100; queue++) {
      WriteBatch puts = new WriteBatch();
      WriteBatch deletes = new WriteBatch();
      for (int i = 0; i < 80; i++) {
        byte[] key = String.format("q%04d/%02d", queue, i).getBytes(StandardCharsets.UTF_8);
        puts.put(key, key);
        deletes.delete(key);
      }
      store.write(puts, Durability.MEMORY);
      store.write(deletes, Durability.MEMORY);
    }
    int known = 0;
    try (Snapshot snapshot = store.snapshot()) {
      for (int queue = 0; queue < 1_100; queue++) {
        byte[] prefix = String.format("q%04d/", queue).getBytes(StandardCharsets.UTF_8);
        try (Cursor cursor = snapshot.scan(KeyRange.prefix(prefix))) {
          assertThat(cursor.next()).isFalse();
        }
      }
      for (int queue = 0; queue < 1_100; queue++) {
        byte[] key = String.format("q%04d/50", queue).getBytes(StandardCharsets.UTF_8);
        known += store.pipeline().gaps().around(new Slice(key), snapshot.version()) == null ? 0 : 1;
      }
    }
    assertThat(known).isEqualTo(1_024);
  }

  /** Scans of both directions against gets of every key, at one view, while others write. */
  @Test
  void scansAgreeWithGetsWhileOthersWrite() throws Exception {
    putAll();
    delete(0, KEY_COUNT);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Random random = new Random(i);
      writers.add(
          threads.submit(
              () -> {
                for (int n = 0; n < 3_000; n++) {
                  int number = random.nextInt(KEY_COUNT);
                  put(number);
                  Thread.onSpinWait();
                  delete(number, number + 1);
                }
                return true;
              }));
    }
    int gapCount = 0;
    while (!writers.stream().allMatch(Future::isDone)) {
      try (Snapshot snapshot = store.snapshot()) {
        List<String> ascending = keys(snapshot, ScanOptions.ASCENDING);
        List<String> descending = keys(snapshot, ScanOptions.DESCENDING);
        Collections.reverse(descending);
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < KEY_COUNT; number++) {
          if (snapshot.get(key(number)) != null) {
            expected.add(String.format("k%04d", number));
          }
          Slice slice = new Slice(key(number));
          gapCount += store.pipeline().gaps().around(slice, snapshot.version()) == null ? 0 : 1;
        }
        assertThat(ascending).isEqualTo(expected);
        assertThat(descending).isEqualTo(expected);
      }
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    threads.shutdown();
    assertThat(gapCount).as("scans that knew of gaps").isPositive();
  }
}
