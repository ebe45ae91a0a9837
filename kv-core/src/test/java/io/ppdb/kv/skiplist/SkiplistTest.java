package io.ppdb.kv.skiplist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkiplistTest {
  private final LongArena longs = new LongArena();
  private final ByteArena bytes = new ByteArena();

  private static final class Keys {
    final Skiplist list;
    final ByteArena bytes;
    final KeyIndex index;

    Keys(LongArena longs, ByteArena bytes, byte[] sharedPrefix) {
      this.list = new Skiplist(longs, bytes, sharedPrefix);
      this.bytes = bytes;
      this.index = new KeyIndex(list);
    }

    /** Inserts, and returns whether this call did. */
    boolean insert(byte[] key, int payload) {
      Skiplist.Place place = new Skiplist.Place();
      int found = list.find(key, place);
      if (found != Skiplist.NONE) {
        return false;
      }
      int reference = write(key);
      int node = list.insert(key, place, reference, payload);
      index.add(KeyIndex.hash(key), node);
      return list.keyReference(node) == reference;
    }

    int write(byte[] key) {
      int reference = bytes.allocate(Skiplist.keySize(key));
      Skiplist.writeKey(key, bytes.array(reference), ByteArena.offset(reference));
      return reference;
    }
  }

  /** Few distinct bytes, so that keys are prefixes of each other and agree in their first eight. */
  private static byte[] randomKey(Random random, byte[] sharedPrefix) {
    byte[] key = new byte[random.nextInt(14)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) new int[] {0, 1, 0x7F, 0x80, 0xFF}[random.nextInt(5)];
    }
    if (random.nextInt(4) == 0) {
      return key;
    }
    byte[] whole = Arrays.copyOf(sharedPrefix, sharedPrefix.length + key.length);
    System.arraycopy(key, 0, whole, sharedPrefix.length, key.length);
    return whole;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 9})
  void agreesWithASortedMap(int sharedLength) {
    byte[] shared = new byte[sharedLength];
    Arrays.fill(shared, (byte) 0x7F);
    Keys keys = new Keys(longs, bytes, shared);
    TreeMap<byte[], Integer> expected = new TreeMap<>(Arrays::compareUnsigned);
    Random random = new Random(sharedLength);
    for (int i = 1; i <= 5000; i++) {
      byte[] key = randomKey(random, shared);
      assertThat(keys.insert(key, i)).isEqualTo(expected.putIfAbsent(key, i) == null);
      byte[] probe = randomKey(random, shared);
      assertNode(keys.list, keys.list.ceiling(probe), expected.ceilingEntry(probe));
      assertNode(keys.list, keys.list.lower(probe), expected.lowerEntry(probe));
      Integer payload = expected.get(probe);
      int found = keys.list.find(probe);
      assertThat(found == Skiplist.NONE ? null : keys.list.payload(found)).isEqualTo(payload);
      assertThat(keys.index.find(probe, KeyIndex.hash(probe))).isEqualTo(found);
    }
    assertNode(keys.list, keys.list.first(), expected.firstEntry());
    assertNode(keys.list, keys.list.last(), expected.lastEntry());
    int node = Skiplist.NONE;
    for (Map.Entry<byte[], Integer> entry : expected.entrySet()) {
      node = keys.list.next(node);
      assertNode(keys.list, node, entry);
    }
    assertThat(keys.list.next(node)).isEqualTo(Skiplist.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 9})
  void linkingManyAtOnceGivesTheSameList(int sharedLength) {
    byte[] shared = new byte[sharedLength];
    Arrays.fill(shared, (byte) 0x7F);
    Keys keys = new Keys(longs, bytes, shared);
    TreeMap<byte[], Integer> expected = new TreeMap<>(Arrays::compareUnsigned);
    Random random = new Random(sharedLength);
    int payload = 0;
    for (int batch = 0; batch < 60; batch++) {
      for (int i = random.nextInt(300); i > 0; i--) {
        byte[] key = randomKey(random, shared);
        Integer known = expected.putIfAbsent(key, ++payload);
        int node = keys.list.loose(key, keys.write(key), payload);
        int found = keys.index.addLoose(key, KeyIndex.hash(key), node);
        assertThat(found == Skiplist.NONE ? null : keys.list.payload(found)).isEqualTo(known);
        assertThat(keys.index.find(key, KeyIndex.hash(key)))
            .isEqualTo(known == null ? node : found);
      }
      keys.list.link(keys.index.takeLoose());
      assertThat(keys.index.takeLoose()).isEmpty();
      assertThat(keys.index.hasLoose()).isFalse();
      int node = Skiplist.NONE;
      for (Map.Entry<byte[], Integer> entry : expected.entrySet()) {
        node = keys.list.next(node);
        assertNode(keys.list, node, entry);
      }
      assertThat(keys.list.next(node)).isEqualTo(Skiplist.NONE);
      byte[] probe = randomKey(random, shared);
      assertNode(keys.list, keys.list.ceiling(probe), expected.ceilingEntry(probe));
      assertNode(keys.list, keys.list.lower(probe), expected.lowerEntry(probe));
    }
  }

  private static void assertNode(
      Skiplist list, int node, Map.@Nullable Entry<byte[], Integer> expected) {
    if (expected == null) {
      assertThat(node).isEqualTo(Skiplist.NONE);
    } else {
      assertThat(list.key(node)).isEqualTo(expected.getKey());
      assertThat(list.payload(node)).isEqualTo(expected.getValue());
    }
  }

  @Test
  void appendingInOrderGivesTheSameList() {
    Keys keys = new Keys(longs, bytes, new byte[0]);
    Skiplist.Place place = new Skiplist.Place();
    for (int i = 0; i < 10_000; i++) {
      byte[] key = number(i * 3);
      keys.list.append(key, place, keys.write(key), i);
    }
    for (int i = 0; i < 30_000; i++) {
      int node = keys.list.ceiling(number(i));
      assertThat(node == Skiplist.NONE ? 10_000 : keys.list.payload(node)).isEqualTo((i + 2) / 3);
    }
    int middle = keys.list.payload(keys.list.middle());
    assertThat(middle).isBetween(2_000, 8_000);
  }

  @Test
  void anEmptyListHasNothing() {
    Skiplist list = new Skiplist(longs, bytes, new byte[0]);
    assertThat(list.first()).isEqualTo(Skiplist.NONE);
    assertThat(list.last()).isEqualTo(Skiplist.NONE);
    assertThat(list.middle()).isEqualTo(Skiplist.NONE);
    assertThat(list.ceiling(new byte[0])).isEqualTo(Skiplist.NONE);
    assertThat(list.lower(new byte[] {1})).isEqualTo(Skiplist.NONE);
  }

  /**
   * Four writers insert overlapping keys in different orders while two readers walk. Checked: each
   * key is inserted by exactly one writer; walks are strictly ascending; what a writer has
   * announced as inserted before a walk or a lookup began is found by it.
   */
  @Test
  void concurrentInsertsAreSeenOnceInOrderAndAsSoonAsTheyReturn() throws InterruptedException {
    int keyCount = 30_000;
    int writerCount = 4;
    Keys keys = new Keys(longs, bytes, new byte[] {0});
    AtomicIntegerArray done = new AtomicIntegerArray(keyCount);
    int[] inserted = new int[writerCount];
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(writerCount);
    List<Thread> threads = new ArrayList<>();
    for (int w = 0; w < writerCount; w++) {
      int writer = w;
      threads.add(
          thread(
              failure,
              () -> {
                start.await();
                try {
                  Random random = new Random(writer);
                  for (int i = 0; i < keyCount; i++) {
                    int number = writer < 2 ? i : random.nextInt(keyCount);
                    if (keys.insert(number(number), number + 1)) {
                      inserted[writer]++;
                    }
                    done.set(number, 1);
                  }
                } finally {
                  writing.countDown();
                }
              }));
    }
    for (int r = 0; r < 2; r++) {
      int reader = r;
      threads.add(
          thread(
              failure,
              () -> {
                start.await();
                Random random = new Random(100 + reader);
                while (writing.getCount() > 0) {
                  walk(keys.list, done, random.nextInt(keyCount), 500);
                  int number = random.nextInt(keyCount);
                  if (done.get(number) == 1) {
                    byte[] key = number(number);
                    int node = keys.list.find(key);
                    assertThat(keys.list.payload(node)).isEqualTo(number + 1);
                    assertThat(keys.index.find(key, KeyIndex.hash(key))).isEqualTo(node);
                  }
                }
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(Arrays.stream(inserted).sum()).isEqualTo(keyCount);
    walk(keys.list, done, 0, keyCount);
  }

  private static void walk(Skiplist list, AtomicIntegerArray done, int from, int maxCount) {
    boolean[] expected = new boolean[done.length()];
    for (int i = from; i < Math.min(done.length(), from + maxCount); i++) {
      expected[i] = done.get(i) == 1;
    }
    int previous = from - 1;
    int node = list.ceiling(number(from));
    while (node != Skiplist.NONE && list.payload(node) - 1 < from + maxCount) {
      int number = list.payload(node) - 1;
      assertThat(number).isGreaterThan(previous);
      for (int skipped = previous + 1; skipped < number; skipped++) {
        assertThat(expected[skipped]).as("key %s was skipped", skipped).isFalse();
      }
      previous = number;
      node = list.next(node);
    }
    for (int i = previous + 1; i < Math.min(done.length(), from + maxCount); i++) {
      assertThat(expected[i]).as("key %s is missing at the end", i).isFalse();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread thread(AtomicReference<Throwable> failure, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failure.compareAndSet(null, e);
              }
            });
    thread.start();
    return thread;
  }

  private static byte[] number(int number) {
    return new byte[] {
      0, (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
  }
}
