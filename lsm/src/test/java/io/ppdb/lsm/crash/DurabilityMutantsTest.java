package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.lsm.crash.LyingVfs.Lie;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.FirstRecord;
import io.ppdb.lsm.wal.WalSegments;
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
    long number = WalSegments.number(String.valueOf(log.getFileName()));
    FirstRecord record = FirstRecord.of(flips.closed.bytes(log), number);
    int wrongCount = 0;
    for (int i = 0; i < MAX_FLIPS && wrongCount == 0; i++) {
      MemVfs damaged = flips.closed.killed();
      damaged.flipBit(log, 8L * record.payloadOffset() + random.nextInt(8 * record.payloadBytes()));
      byte[] bytes = damaged.bytes(log);
      record.makeChecksumFit(bytes, number);
      try (VfsFile file = damaged.openWrite(log)) {
        file.write(ByteBuffer.wrap(bytes), 0);
      }
      try {
        flips.judge(damaged, log, "a record of which a bit was flipped and the checksum is right");
      } catch (AssertionError wrong) {
        wrongCount++;
      }
    }
    assertThat(wrongCount).isPositive();
  }
}
