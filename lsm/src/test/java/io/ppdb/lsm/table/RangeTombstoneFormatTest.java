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
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RangeTombstoneFormatTest {
  private static final Path PATH = MemDirectory.PATH.resolve("t.sst");
  private static final OperatorRegistry OPERATORS = new OperatorRegistry(MergeOperators.builtIn());

  private static RangeTombstones random(Random random) {
    List<RangeTombstones> all = new ArrayList<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      int start = random.nextInt(50);
      byte[] end =
          random.nextInt(5) == 0 ? null : new byte[] {(byte) (start + 1 + random.nextInt(20))};
      KeyRange range = KeyRange.of(new byte[] {(byte) start}, end);
      all.add(RangeTombstones.of(range, 1 + random.nextInt(300)));
    }
    return Objects.requireNonNull(RangeTombstones.join(all));
  }

  private static TableProperties properties(RangeTombstones tombstones) {
    return new TableProperties(
        0,
        0,
        0,
        tombstones.minVersion(),
        tombstones.maxVersion(),
        Limits.NO_EXPIRY,
        new byte[0],
        new byte[0],
        List.of(),
        tombstones.fragmentCount(),
        tombstones.bounds(),
        List.of());
  }

  private static RangeTombstones read(byte[] bytes, int length, TableProperties properties) {
    return RangeTombstoneFormat.read(new ByteReader(PATH, 0, bytes, 0, length), properties);
  }

  @Test
  void whatWasWrittenIsReadAndAnythingElseIsCorruptionOrWholeTombstones() {
    long seed = Long.getLong("ppdb.seed", 1);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      RangeTombstones tombstones = random(random);
      TableProperties properties = properties(tombstones);
      ByteWriter writer = new ByteWriter(16);
      RangeTombstoneFormat.write(writer, tombstones);
      byte[] bytes = writer.toByteArray();
      assertThat(read(bytes, bytes.length, properties)).hasToString(tombstones.toString());
      for (int length = 0; length < bytes.length; length++) {
        int cut = length;
        assertThatThrownBy(() -> read(bytes, cut, properties))
            .as("seed %d, round %d, cut at %d", seed, round, length)
            .isInstanceOf(CorruptionException.class);
      }
      for (int i = 0; i < 50; i++) {
        byte[] damaged = bytes.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          RangeTombstones other = read(damaged, damaged.length, properties);
          assertThat(other.bounds()).isEqualTo(tombstones.bounds());
        } catch (CorruptionException noticed) {
          // As it should be.
        }
      }
    }
  }

  @Test
  void fragmentsThatOverlapOrFallAreCorruption() {
    RangeTombstones tombstones =
        RangeTombstones.of(KeyRange.of(new byte[] {1}, new byte[] {3}), 5)
            .plus(RangeTombstones.of(KeyRange.of(new byte[] {5}, new byte[] {7}), 5));
    ByteWriter writer = new ByteWriter(16);
    RangeTombstoneFormat.write(writer, tombstones);
    byte[] bytes = writer.toByteArray();
    assertThat(bytes).containsExactly(1, 1, 1, 1, 3, 1, 5, 1, 5, 1, 1, 7, 1, 5);
    for (int[] change : new int[][] {{4, 6}, {1, 3}, {8, 2}, {2, 0}, {5, 0}, {6, 0}, {6, 6}}) {
      byte[] damaged = bytes.clone();
      damaged[change[0]] = (byte) change[1];
      assertThatThrownBy(() -> read(damaged, damaged.length, properties(tombstones)))
          .as(Arrays.toString(change))
          .isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void aTableHidesByItsRangeTombstonesAndMayHaveNothingElse() throws IOException {
    RangeTombstones tombstones =
        RangeTombstones.of(KeyRange.of(new byte[] {1}, new byte[] {5}), 10);
    for (int entryCount = 0; entryCount < 3; entryCount++) {
      MemVfs disk = MemDirectory.fresh();
      try (SsTableWriter writer =
          new SsTableWriter(disk, PATH, new TableFormat(4096, 10, Codec.NONE))) {
        for (int i = 0; i < entryCount; i++) {
          writer.add(
              new Slice(new byte[] {2}),
              11 - 2 * i,
              EntryKind.PUT,
              0,
              Limits.NO_EXPIRY,
              new Slice(new byte[] {(byte) i}));
        }
        writer.finish(tombstones);
      }
      try (SsTable table = SsTable.open(disk, PATH, new BlockCache(1 << 10));
          EntryCursor cursor = table.cursor(true)) {
        table.verify();
        assertThat(table.properties().minVersion()).isEqualTo(entryCount > 1 ? 9 : 10);
        assertThat(cursor.seekToFirst()).isEqualTo(entryCount > 0);
        assertThat(cursor.seekToLast()).isEqualTo(entryCount > 0);
        assertThat(cursor.seek(new byte[] {3}, 5)).isFalse();
        assertThat(cursor.seekBefore(new byte[] {2})).isFalse();
        assertThat(table.statistics(KeyRange.all()).entryCount()).isEqualTo(entryCount);
        assertThat(value(table, 2, 20)).isEqualTo(entryCount > 0 ? new byte[] {0} : null);
        assertThat(value(table, 2, 10)).isNull();
        assertThat(value(table, 2, 9)).isEqualTo(entryCount > 1 ? new byte[] {1} : null);
      }
    }
  }

  private static byte @Nullable [] value(SsTable table, int key, long version) throws IOException {
    byte[] bytes = {(byte) key};
    PointLookup lookup = new PointLookup(OPERATORS, 0);
    table.find(bytes, KeyHash.of(bytes), version, lookup);
    assertThat(lookup.isCovered()).isEqualTo(version >= 10);
    return lookup.value();
  }
}
