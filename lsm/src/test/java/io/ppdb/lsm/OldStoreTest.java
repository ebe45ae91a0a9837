package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A store of format version 1, whose process was killed: {@code apple} was green, in a table, and
 * is red, in the log; {@code pear} was soft and is deleted. It is opened, and keeps history from
 * then on.
 */
class OldStoreTest {
  private static final List<String> NAMES =
      List.of("CURRENT", "MANIFEST-000001", "000002.spare", "000003.wal", "000004.sst");

  private final ManualClock clock = new ManualClock();
  private final MemVfs disk = MemDirectory.fresh();

  private LsmStore open() {
    return LsmStore.open(
        MemDirectory.PATH, LsmOptions.of(StoreOptions.DEFAULT.withClock(clock)).withVfs(disk));
  }

  private void unpack() throws IOException {
    for (String name : NAMES) {
      try (InputStream in = OldStoreTest.class.getResourceAsStream("/golden/v1/store/" + name);
          VfsFile file = disk.create(MemDirectory.PATH.resolve(name))) {
        assertThat(in).as(name).isNotNull();
        file.write(ByteBuffer.wrap(in.readAllBytes()), 0);
      }
    }
  }

  @Test
  void itsHistoryBeginsWhenItIsOpenedFirst() throws IOException {
    unpack();
    clock.set(1_700_000_002_000L);
    long opened;
    try (LsmStore store = open()) {
      opened = version(store);
      assertThat(get(store, opened, "apple")).isEqualTo("red");
      assertThat(get(store, opened, "pear")).isNull();
      clock.advance(10);
      store.write(new WriteBatch().put(bytes("apple"), bytes("brown")), Durability.ASYNC);
      assertThatThrownBy(() -> get(store, 1, "apple"))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
    }
    try (LsmStore store = open()) {
      assertThat(get(store, opened, "apple")).isEqualTo("red");
      assertThat(get(store, version(store), "apple")).isEqualTo("brown");
      assertThat(store.statistics(KeyRange.all()).entryCount()).isPositive();
    }
  }

  private static long version(LsmStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.version();
    }
  }

  private static @Nullable String get(LsmStore store, long version, String key) {
    try (Snapshot past = store.snapshotAt(version)) {
      byte[] value = past.get(bytes(key));
      return value == null ? null : new String(value, StandardCharsets.US_ASCII);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
