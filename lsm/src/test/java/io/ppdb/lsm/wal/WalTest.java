package io.ppdb.lsm.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalTest {
  private static final int GROWTH_BYTES = 1_000;
  private static final int MAX_BYTES = 2_500;

  @Test
  void aSegmentWithoutRoomRefusesARecordAndTakesASmallerOne() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Path path = MemDirectory.PATH.resolve(WalSegments.fileName(1));
    try (var file = disk.create(path)) {
      file.write(ByteBuffer.wrap(SegmentHeader.encode(1)), 0);
    }
    List<PpdbException> failures = new ArrayList<>();
    Wal wal =
        new Wal(
            new WalSegment(1, path, disk.openWrite(path), GROWTH_BYTES, MAX_BYTES), failures::add);
    write(wal, 1, 1_500);
    assertThatThrownBy(() -> write(wal, 2, 1_500))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    write(wal, 3, 500);
    assertThat(wal.close()).isTrue();
    assertThat(failures).isEmpty();
    assertThat(disk.size(path)).isEqualTo(MAX_BYTES);
    List<Long> versions = new ArrayList<>();
    WalReader.Outcome outcome =
        new WalReader(disk, path, 1).read(commit -> versions.add(commit.version()));
    assertThat(versions).containsExactly(1L, 3L);
    assertThat(outcome.sealed()).isTrue();
  }

  private static void write(Wal wal, long version, int length) {
    Entry[] entries = {Entry.put(new byte[] {1}, new byte[length], Limits.NO_EXPIRY)};
    WalRecord record = WalRecord.commit(CommitOrigin.USER, new KeyRange[0], entries, true);
    record.assign(version, 1);
    wal.enqueue(record);
    wal.await(record);
  }
}
