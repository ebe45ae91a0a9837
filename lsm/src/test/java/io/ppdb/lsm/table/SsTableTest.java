package io.ppdb.lsm.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SsTableTest {
  private static final Path PATH = MemDirectory.PATH.resolve("t.sst");

  /** Less than any byte of a key, so that a key sorts before those it is a prefix of. */
  private static final char SEPARATOR = '\u0001';

  private static final OperatorRegistry OPERATORS = new OperatorRegistry(MergeOperators.builtIn());

  @Test
  void randomTablesReadLikeASortedMapInBothDirections() throws IOException {
    long seed = Long.getLong("ppdb.seed", 1);
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      Codec codec = List.of(Codec.NONE, Codec.LZ4, Codec.ZSTD).get(round % 3);
      NavigableMap<String, byte[]> model = model(random);
      MemVfs disk = write(model, new TableFormat(64 << (round % 5), 10, codec));
      // Blocks are searched in another way when they stay in memory.
      BlockCache cache = new BlockCache(round % 2 == 0 ? 4 << 10 : 1 << 20);
      try (SsTable table = SsTable.open(disk, PATH, cache);
          EntryCursor cursor = table.cursor(true)) {
        table.verify();
        List<String> forward = new ArrayList<>();
        for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
          forward.add(entry(cursor));
          assertThat(cursor.value().toByteArray()).isEqualTo(model.get(entry(cursor)));
        }
        assertThat(forward).as("seed %d", seed + round).isEqualTo(List.copyOf(model.keySet()));
        List<String> backward = new ArrayList<>();
        for (boolean more = cursor.seekToLast(); more; more = cursor.previous()) {
          backward.add(entry(cursor));
        }
        assertThat(backward).isEqualTo(List.copyOf(model.descendingKeySet()));
        for (int i = 0; i < 200; i++) {
          seek(random, model, table, cursor);
        }
      }
    }
  }

  private static void seek(
      Random random, NavigableMap<String, byte[]> model, SsTable table, EntryCursor cursor)
      throws IOException {
    String key = key(random);
    long version = 1L + random.nextInt(12);
    String target = key + order(version);
    String expected = model.ceilingKey(target);
    assertThat(cursor.seek(bytes(key), version)).isEqualTo(expected != null);
    if (expected != null) {
      assertThat(entry(cursor)).isEqualTo(expected);
    }
    String before = model.lowerKey(key);
    assertThat(cursor.seekBefore(bytes(key))).isEqualTo(before != null);
    if (before != null) {
      assertThat(entry(cursor)).isEqualTo(before);
    }
    PointLookup lookup = new PointLookup(OPERATORS, 0);
    boolean decided = table.find(bytes(key), KeyHash.of(bytes(key)), version, lookup);
    boolean present = expected != null && expected.startsWith(key + SEPARATOR);
    assertThat(decided).isEqualTo(present);
    if (present) {
      assertThat(lookup.value()).isEqualTo(model.get(expected));
    }
  }

  @Test
  void statisticsComeCloseWithoutReadingBlocks() throws IOException {
    NavigableMap<String, byte[]> model = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      model.put(String.format("k%05d", i) + order(1), new byte[20]);
    }
    MemVfs disk = write(model, new TableFormat(4096, 10, Codec.LZ4));
    try (SsTable table = SsTable.open(disk, PATH, new BlockCache(0))) {
      KeyRange half = KeyRange.of(bytes("k02500"), bytes("k07500"));
      assertThat(table.statistics(half).entryCount()).isBetween(4_700L, 5_300L);
      assertThat(table.statistics(KeyRange.all()).entryCount()).isEqualTo(10_000);
      assertThat(table.statistics(KeyRange.of(bytes("x"), null)).entryCount()).isZero();
    }
  }

  @Test
  void theFilterTurnsAwayNearlyAllAbsentKeys() {
    BloomFilter.Builder builder = new BloomFilter.Builder();
    for (int i = 0; i < 100_000; i++) {
      builder.add(KeyHash.of(bytes("present" + i)));
    }
    BloomFilter filter = builder.build(10);
    int wrong = 0;
    for (int i = 0; i < 100_000; i++) {
      assertThat(filter.mightContain(KeyHash.of(bytes("present" + i)))).isTrue();
      wrong += filter.mightContain(KeyHash.of(bytes("absent" + i))) ? 1 : 0;
    }
    assertThat(wrong).as("of 100000").isLessThan(2_000);
  }

  @Test
  void theHashIsXxh64() {
    assertThat(KeyHash.of(bytes(""))).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(KeyHash.of(bytes("a"))).isEqualTo(0xD24EC4F1A98C6E5BL);
    assertThat(KeyHash.of(bytes("abc"))).isEqualTo(0x44BC2CF5AD770999L);
    assertThat(KeyHash.of(bytes("xxhash"))).isEqualTo(0x32DD38952C4BC720L);
    assertThat(KeyHash.of(bytes("Call me Ishmael. Some years ago--never mind how long precisely-")))
        .isEqualTo(0x02A2E85470D6FD96L);
  }

  /** Filters and indexes of open tables have a budget too; those used lately stay. */
  @Test
  void directoriesThatAreNotUsedGoAndAreReadAgain() throws IOException {
    BlockCache cache = new BlockCache(0);
    List<SsTable> tables = new ArrayList<>();
    MemVfs disk = MemDirectory.fresh();
    int tableCount = 30;
    int keyCount = 20_000;
    try {
      for (int i = 0; i < tableCount; i++) {
        Path path = MemDirectory.PATH.resolve(i + ".sst");
        try (SsTableWriter writer =
            new SsTableWriter(disk, path, new TableFormat(64, 40, Codec.NONE))) {
          for (int key = 0; key < keyCount; key++) {
            writer.add(key(key), 1, EntryKind.PUT, 0, Limits.NO_EXPIRY, new Slice(new byte[] {1}));
          }
          writer.finish(null);
        }
        tables.add(SsTable.open(disk, path, cache));
        assertThat(cache.directoryBytes()).isLessThanOrEqualTo(8L << 20);
      }
      assertThat(cache.directoryBytes()).isGreaterThan(6L << 20);
      try (EntryCursor open = tables.get(0).cursor(false)) {
        assertThat(open.seekToFirst()).isTrue();
        for (SsTable table : tables) {
          for (int key = 0; key < keyCount; key += 997) {
            PointLookup lookup = new PointLookup(OPERATORS, 0);
            byte[] bytes = key(key).toByteArray();
            assertThat(table.find(bytes, KeyHash.of(bytes), 1, lookup)).isTrue();
            assertThat(lookup.value()).containsExactly(1);
          }
          assertThat(cache.directoryBytes()).isLessThanOrEqualTo(8L << 20);
        }
        int count = 1;
        while (open.next()) {
          count++;
        }
        assertThat(count).as("entries of a cursor whose directory went").isEqualTo(keyCount);
      }
    } finally {
      for (SsTable table : tables) {
        table.close();
      }
    }
    assertThat(cache.directoryBytes()).isZero();
    assertThat(cache.usedBytes()).isZero();
  }

  private static Slice key(int number) {
    return new Slice(String.format("key %08d", number).getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void theCacheKeepsToItsBudget() throws IOException {
    NavigableMap<String, byte[]> model = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      model.put(String.format("k%05d", i) + order(1), new byte[50]);
    }
    BlockCache cache = new BlockCache(32 << 10);
    MemVfs disk = write(model, new TableFormat(1024, 10, Codec.LZ4));
    try (SsTable table = SsTable.open(disk, PATH, cache);
        EntryCursor cursor = table.cursor(true)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        assertThat(cache.usedBytes()).isLessThanOrEqualTo(32 << 10);
      }
      assertThat(cache.usedBytes() + cache.directoryBytes()).isGreaterThan(24 << 10);
    }
    assertThat(cache.usedBytes()).isZero();
  }

  @Test
  void entriesOutOfOrderAreRefused() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (SsTableWriter writer =
        new SsTableWriter(disk, PATH, new TableFormat(4096, 10, Codec.NONE))) {
      add(writer, "b", 2, new byte[0]);
      assertThatThrownBy(() -> add(writer, "a", 3, new byte[0]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> add(writer, "b", 2, new byte[0]))
          .isInstanceOf(IllegalStateException.class);
      add(writer, "b", 1, new byte[0]);
    }
    assertThat(disk.exists(PATH)).as("an unfinished table is deleted").isFalse();
  }

  @Test
  void separatorsLieBetweenTheirNeighboursAndAreShort() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] a = bytes(key(random) + "x".repeat(random.nextInt(3)));
      byte[] b = bytes(key(random) + "x".repeat(random.nextInt(3)));
      Slice last = new Slice(a);
      if (last.compareTo(b) >= 0) {
        continue;
      }
      Slice separator = new Slice(BlockIndex.separator(a, b));
      assertThat(separator.compareTo(a)).isNotNegative();
      assertThat(separator.compareTo(b)).isNegative();
      assertThat(separator.length()).isLessThanOrEqualTo(a.length);
    }
  }

  /** Keys as key, separator, order of version, so that the map's order is that of entries. */
  private static NavigableMap<String, byte[]> model(Random random) {
    NavigableMap<String, byte[]> model = new TreeMap<>();
    int count = 1 + random.nextInt(400);
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[random.nextInt(random.nextInt(50) == 0 ? 70_000 : 40)];
      random.nextBytes(value);
      model.put(key(random) + order(1 + random.nextInt(12)), value);
    }
    return model;
  }

  private static String key(Random random) {
    return "table/" + (char) ('a' + random.nextInt(3)) + random.nextInt(60);
  }

  /** Newest first. */
  private static String order(long version) {
    return "" + SEPARATOR + (char) ('z' - version);
  }

  private static String entry(EntryCursor cursor) {
    return new String(cursor.key().toByteArray(), StandardCharsets.US_ASCII)
        + order(cursor.version());
  }

  private static MemVfs write(NavigableMap<String, byte[]> model, TableFormat format)
      throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (SsTableWriter writer = new SsTableWriter(disk, PATH, format)) {
      for (String entry : model.keySet()) {
        int at = entry.indexOf(SEPARATOR);
        add(writer, entry.substring(0, at), 'z' - entry.charAt(at + 1), model.get(entry));
      }
      writer.finish(null);
    }
    return disk;
  }

  private static void add(SsTableWriter writer, String key, long version, byte[] value)
      throws IOException {
    writer.add(
        new Slice(bytes(key)), version, EntryKind.PUT, 0, Limits.NO_EXPIRY, new Slice(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
