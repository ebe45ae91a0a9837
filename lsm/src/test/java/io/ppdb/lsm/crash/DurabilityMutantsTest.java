package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.lsm.crash.LyingVfs.Lie;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Proof of {@link CrashTest} and {@link FlipTest}: they find each seeded bug within what CI runs of
 * them. Tombstones that are dropped too early are among those of kv-core's histories.
 */
class DurabilityMutantsTest {
  /** Fewer than CI tries. */
  private static final int MAX_CRASHES = 1_800;

  private static final int MAX_FLIPS = 300;
  private static final int SEGMENT_HEADER_BYTES = 32;
  private static final int RECORD_HEADER_BYTES = 40;

  @ParameterizedTest
  @EnumSource
  void powerLossShows(Lie lie) {
    Crashes crashes = new Crashes(vfs -> new LyingVfs(vfs, lie));
    String found = null;
    for (long seed = 1; found == null && crashes.count() < MAX_CRASHES; seed++) {
      found = crashes.atEveryOperation(seed);
    }
    assertThat(found).as("what %d power losses show of %s", crashes.count(), lie).isNotNull();
  }

  /** A log that is read without a look at its checksums is one where they always fit. */
  @Test
  void aFlippedBitShowsAChecksumThatIsIgnored() throws IOException {
    Flips flips = new Flips();
    Random random = new Random(1);
    Path log = flips.logWithCommits();
    byte[] bytes = flips.closed.bytes(log);
    int payloadBytes = LittleEndian.getInt(bytes, SEGMENT_HEADER_BYTES + Integer.BYTES);
    int wrongCount = 0;
    for (int i = 0; i < MAX_FLIPS && wrongCount == 0; i++) {
      MemVfs damaged = flips.closed.killed();
      long payload = SEGMENT_HEADER_BYTES + RECORD_HEADER_BYTES;
      damaged.flipBit(log, 8 * payload + random.nextInt(8 * payloadBytes));
      makeChecksumFit(damaged, log, RECORD_HEADER_BYTES + payloadBytes);
      try {
        flips.judge(damaged, log, "a record of which a bit was flipped and the checksum is right");
      } catch (AssertionError wrong) {
        wrongCount++;
      }
    }
    assertThat(wrongCount).isPositive();
  }

  private static void makeChecksumFit(MemVfs disk, Path log, int recordBytes) throws IOException {
    byte[] checksum = new byte[Integer.BYTES];
    int covered = SEGMENT_HEADER_BYTES + Integer.BYTES;
    LittleEndian.putInt(
        checksum, 0, Checksum.of(disk.bytes(log), covered, recordBytes - Integer.BYTES));
    try (VfsFile file = disk.openWrite(log)) {
      file.write(ByteBuffer.wrap(checksum), SEGMENT_HEADER_BYTES);
    }
  }
}
