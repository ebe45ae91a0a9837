package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.compaction.CompactionOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a durable store does, on the real file system. */
class LsmStoreTest {
  private static final LsmOptions SMALL =
      LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(64 << 10))
          .withWalGrowthBytes(64 << 10)
          .withBlockBytes(512)
          .withCompaction(new CompactionOptions(3, 64 << 10, 4, 32 << 10));

  private static final RangePolicy NO_HISTORY = RangePolicy.DEFAULT.withHistory(Duration.ZERO);

  @TempDir Path directory;

  @Test
  void whatWasCommittedIsThereAfterReopening() {
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      store.write(new WriteBatch().put(key(1), value("one")), Durability.SYNC);
      store.write(new WriteBatch().put(key(2), value("two")), Durability.ASYNC);
    }
    try (LsmStore store = LsmStore.open(directory, SMALL);
        Snapshot snapshot = store.snapshot()) {
      assertThat(snapshot.get(key(1))).isEqualTo(value("one"));
      assertThat(snapshot.get(key(2))).isEqualTo(value("two"));
    }
  }

  @Test
  void versionsGoOnRisingAcrossReopening() {
    long before;
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      before = store.write(new WriteBatch().put(key(1), value("one")), Durability.SYNC);
    }
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      long after = store.write(new WriteBatch().put(key(1), value("two")), Durability.SYNC);
      assertThat(after).isEqualTo(before + 1);
    }
  }

  @Test
  void whatABatchRequiresOfAVersionFromBeforeReopeningIsJudgedByTheEntries() {
    long first;
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      first = store.write(new WriteBatch().put(key(1), value("one")), Durability.SYNC);
      store.write(new WriteBatch().put(key(2), value("two")), Durability.SYNC);
    }
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      WriteBatch refused = new WriteBatch().requireUnchanged(key(2), first);
      assertThatThrownBy(() -> store.write(refused.put(key(3), value("x")), Durability.SYNC))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
      WriteBatch passed = new WriteBatch().requireUnchanged(key(1), first);
      store.write(passed.put(key(4), value("y")), Durability.SYNC);
    }
  }

  @Test
  void thirtyThousandRandomWritesReadLikeASortedMapThroughFlushesAndCompactions() {
    long seed = Long.getLong("ppdb.seed", 1L);
    Random random = new Random(seed);
    TreeMap<Integer, String> model = new TreeMap<>();
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      for (int i = 0; i < 6_000; i++) {
        WriteBatch batch = new WriteBatch();
        for (int j = 0; j < 5; j++) {
          int k = random.nextInt(8_000);
          if (random.nextInt(4) == 0) {
            batch.delete(key(k));
            model.remove(k);
          } else {
            String v = "v" + i + "-" + random.nextInt(1000);
            batch.put(key(k), value(v));
            model.put(k, v);
          }
        }
        store.write(batch, Durability.ASYNC);
      }
      check(store, model, seed);
      store.flush();
      check(store, model, seed);
      store.verify();
      store.compact();
      check(store, model, seed);
      store.verify();
    }
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      check(store, model, seed);
    }
  }

  private static void check(LsmStore store, Map<Integer, String> model, long seed) {
    try (Snapshot snapshot = store.snapshot()) {
      List<String> expected = new ArrayList<>();
      model.forEach((k, v) -> expected.add(k + "=" + v));
      List<String> seen = new ArrayList<>();
      try (Cursor cursor = snapshot.scan(KeyRange.all())) {
        while (cursor.next()) {
          seen.add(number(cursor.key().toByteArray()) + "=" + text(cursor.value().toByteArray()));
        }
      }
      assertThat(seen).as("seed %d", seed).isEqualTo(expected);
      for (int k = 0; k < 8_000; k += 7) {
        byte[] found = snapshot.get(key(k));
        String expectedValue = model.get(k);
        assertThat(found == null ? null : text(found)).as("seed %d", seed).isEqualTo(expectedValue);
      }
    }
  }

  @Test
  void aSnapshotSeesItsVersionThroughCompactions() {
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      store.setPolicy(KeyRange.all(), NO_HISTORY);
      store.write(
          new WriteBatch().put(key(1), value("old")).put(key(2), value("x")), Durability.ASYNC);
      try (Snapshot old = store.snapshot()) {
        store.write(new WriteBatch().put(key(1), value("new")).delete(key(2)), Durability.ASYNC);
        store.compact();
        assertThat(old.get(key(1))).isEqualTo(value("old"));
        assertThat(old.get(key(2))).isEqualTo(value("x"));
      }
      store.compact();
      try (Snapshot now = store.snapshot()) {
        assertThat(now.get(key(1))).isEqualTo(value("new"));
        assertThat(now.get(key(2))).isNull();
      }
      assertThat(store.statistics().entryCount()).isEqualTo(1);
    }
  }

  @Test
  void countersFoldOverFlushesAndCompactions() {
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      store.setPolicy(KeyRange.all(), NO_HISTORY.withUse(RangePolicy.Use.MERGEABLE));
      for (int i = 0; i < 30; i++) {
        store.write(
            new WriteBatch().merge(MergeOperators.LONG_ADD, key(1), MergeOperators.encodeLong(i)),
            Durability.ASYNC);
        if (i % 7 == 0) {
          store.flush();
        }
        if (i == 20) {
          store.compact();
        }
      }
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(snapshot.get(key(1))).isEqualTo(MergeOperators.encodeLong(435));
      }
      store.compact();
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(snapshot.get(key(1))).isEqualTo(MergeOperators.encodeLong(435));
      }
      assertThat(store.statistics().entryCount()).isEqualTo(1);
      store.write(
          new WriteBatch().merge(MergeOperators.LONG_ADD, key(2), MergeOperators.encodeLong(1)),
          Durability.ASYNC);
    }
    assertThatThrownBy(
            () ->
                LsmStore.open(
                    directory, SMALL.withStore(SMALL.store().withMergeOperators(List.of()))))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void policiesAreDurable() {
    RangePolicy policy =
        new RangePolicy(
            Duration.ofHours(1), RangePolicy.Use.EXPIRABLE, RangePolicy.Placement.MEMORY);
    RangePolicy shared = policy.withClaims(RangePolicy.Claims.SHARED);
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      store.setPolicy(KeyRange.of(key(10), key(20)), policy);
      store.setPolicy(KeyRange.of(key(30), key(40)), shared);
    }
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      assertThat(store.policy(key(15))).isEqualTo(policy);
      assertThat(store.policy(key(35))).isEqualTo(shared);
      assertThat(store.policy(key(20))).isEqualTo(RangePolicy.DEFAULT);
    }
  }

  @Test
  void aDroppedRangeIsGoneAndItsNeighboursAreNot() {
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      for (int i = 0; i < 100; i++) {
        store.write(new WriteBatch().put(key(i), value("v" + i)), Durability.ASYNC);
      }
      store.compact();
      store.write(new WriteBatch().put(key(50), value("again")), Durability.ASYNC);
      store.dropRange(KeyRange.of(key(10), key(90)));
      try (Transaction view = store.begin()) {
        assertThat(view.get(key(9))).isEqualTo(value("v9"));
        assertThat(view.get(key(10))).isNull();
        assertThat(view.get(key(50))).isNull();
        assertThat(view.get(key(90))).isEqualTo(value("v90"));
      }
      assertThat(store.statistics().entryCount()).isEqualTo(20);
    }
  }

  @Test
  void aCheckpointIsAStoreOfItsOwn() {
    Path copy = directory.resolve("copy");
    Path original = directory.resolve("original");
    try {
      Files.createDirectory(original);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    try (LsmStore store = LsmStore.open(original, SMALL)) {
      store.write(new WriteBatch().put(key(1), value("one")), Durability.ASYNC);
      store.checkpoint(copy);
      store.write(new WriteBatch().put(key(1), value("two")), Durability.ASYNC);
      store.compact();
      try (LsmStore second = LsmStore.open(copy, SMALL);
          Snapshot snapshot = second.snapshot()) {
        assertThat(snapshot.get(key(1))).isEqualTo(value("one"));
        second.verify();
      }
    }
  }

  @Test
  void aSecondOpenIsRefusedAndNamesTheOwner() {
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      assertThat(store.properties().durable()).isTrue();
      assertThatThrownBy(() -> LsmStore.open(directory, SMALL))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED))
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
    LsmStore.open(directory, SMALL).close();
  }

  @Test
  void aDirectoryThatIsMissingOrForeignIsRefused() throws IOException {
    assertThatThrownBy(() -> LsmStore.open(directory.resolve("none"), SMALL))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("does not exist");
    Files.writeString(directory.resolve("letter.txt"), "hello");
    assertThatThrownBy(() -> LsmStore.open(directory, SMALL))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("letter.txt");
    assertThat(directory.toFile().list()).containsExactly("letter.txt");
  }

  /** Whoever cannot read CURRENT must not take the directory for empty. */
  @Test
  void aStoreWhoseCurrentLeadsNowhereIsNotBegunAnew() throws IOException {
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      store.write(new WriteBatch().put(key(1), value("one")), Durability.SYNC);
    }
    Path current = directory.resolve("CURRENT");
    Path kept = directory.resolve("CURRENT.kept");
    Files.move(current, kept);
    Files.createSymbolicLink(current, directory.resolve("nowhere"));
    assertThatThrownBy(() -> LsmStore.open(directory, SMALL)).isInstanceOf(PpdbException.class);
    Files.delete(current);
    Files.move(kept, current);
    try (LsmStore store = LsmStore.open(directory, SMALL);
        Snapshot snapshot = store.snapshot()) {
      assertThat(snapshot.get(key(1))).isEqualTo(value("one"));
    }
  }

  @Test
  void compactingEverythingGivesBackWhatTheLogHasReserved() throws IOException {
    LsmOptions large =
        LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(4 << 20).withChangeLogBytes(0));
    try (LsmStore store = LsmStore.open(directory, large)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      byte[] value = new byte[1 << 10];
      for (int i = 0; i < 30_000; i++) {
        store.write(new WriteBatch().put(key(i % 500), value), Durability.ASYNC);
      }
      assertThat(logBytes()).isGreaterThan(4 << 20);
      store.compact();
      assertThat(logBytes()).isLessThanOrEqualTo(1 << 20);
      store.write(new WriteBatch().put(key(1), value("last")), Durability.SYNC);
    }
    try (LsmStore store = LsmStore.open(directory, large)) {
      assertThat(store.get(key(1))).isEqualTo(value("last"));
      assertThat(store.get(key(499))).hasSize(1 << 10);
    }
  }

  /** Of segments and of files kept for reuse. */
  private long logBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        bytes += name.endsWith(".wal") || name.endsWith(".spare") ? Files.size(file) : 0;
      }
    }
    return bytes;
  }

  @Test
  void aCheckpointReachesIntoItsStoreByNoLink(@TempDir Path elsewhere) throws IOException {
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), directory);
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      for (Path inside : List.of(link, link.resolve("new"), directory.resolve("new"))) {
        assertThatThrownBy(() -> store.checkpoint(inside))
            .isInstanceOfSatisfying(
                PpdbException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
            .hasMessageContaining("within what it is made of");
      }
      Path outside = Files.createSymbolicLink(elsewhere.resolve("other"), elsewhere);
      store.checkpoint(outside.resolve("copy"));
    }
    LsmStore.open(elsewhere.resolve("copy"), SMALL).close();
  }

  @Test
  void aSecondOpenUnderAnotherNameIsRefused(@TempDir Path elsewhere) throws IOException {
    Path alias = Files.createSymbolicLink(elsewhere.resolve("alias"), directory);
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      assertThat(store.properties().durable()).isTrue();
      assertThatThrownBy(() -> LsmStore.open(alias, SMALL))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED));
    }
  }

  @Test
  void namesOfFilesDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
    try (LsmStore store = LsmStore.open(directory, SMALL)) {
      store.write(new WriteBatch().put(key(1), value("one")), Durability.SYNC);
      store.flush();
      assertThat(directory.toFile().list())
          .allMatch(name -> StandardCharsets.US_ASCII.newEncoder().canEncode(name));
    } finally {
      Locale.setDefault(before);
    }
  }

  private static byte[] key(int number) {
    return String.format("key%06d", number).getBytes(StandardCharsets.US_ASCII);
  }

  private static int number(byte[] key) {
    return Integer.parseInt(text(key).substring(3));
  }

  private static byte[] value(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
