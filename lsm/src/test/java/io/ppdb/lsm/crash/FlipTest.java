package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One bit of a file is another than was written: that is noticed, by CORRUPTION that names the
 * file, or has no effect; never wrong data, never another error. What a read notices, verifying
 * notices too. 2,100 flips; with {@code -Pfull} 21,000, and one in every byte of every small file.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlipTest {
  private static final boolean FULL = Integer.getInteger("ppdb.effort", 1) > 1;
  private static final int FLIPS_PER_KIND = FULL ? 3_000 : 300;
  private static final int SMALL_FILE_BYTES = 4 << 10;

  private final Random random = new Random(Long.getLong("ppdb.seed", 1));
  private final Flips flips = new Flips();

  @ParameterizedTest
  @EnumSource
  void aFlippedBitIsNoticedOrHasNoEffect(Flips.Kind kind) throws IOException {
    List<Path> files = kind.files(flips.closed);
    int noticedCount = 0;
    for (int i = 0; i < FLIPS_PER_KIND; i++) {
      Path file = files.get(random.nextInt(files.size()));
      noticedCount += flips.flip(file, random.nextLong(8 * flips.closed.size(file))) ? 1 : 0;
    }
    assertThat(noticedCount).isPositive();
    for (Path file : files) {
      long size = flips.closed.size(file);
      for (long at = 0; FULL && size <= SMALL_FILE_BYTES && at < size; at++) {
        flips.flip(file, 8 * at + random.nextInt(8));
      }
    }
  }

  @Test
  void aFlippedBitInALogThatWasNotClosedTakesNothingButItsEnd() throws IOException {
    List<Path> files = Flips.Kind.LOG.files(flips.open);
    for (int i = 0; i < FLIPS_PER_KIND; i++) {
      Path file = files.get(random.nextInt(files.size()));
      flips.flipOpen(file, random.nextLong(8 * flips.open.size(file)));
    }
  }
}
