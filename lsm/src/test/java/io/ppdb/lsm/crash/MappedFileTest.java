package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The disk in memory treats what is written to a mapping as what is written by a call. */
class MappedFileTest {
  private static final Path PATH = MemDirectory.PATH.resolve("file");
  private static final int SECTOR_BYTES = 512;

  private final MemVfs disk = MemDirectory.fresh();

  @Test
  void whatIsPutIntoAMappingIsReadAndWhatIsWrittenIsSeenThere() throws IOException {
    try (VfsFile file = zeros(4)) {
      ByteBuffer mapped = Objects.requireNonNull(file.mapForWriting(100, 1000));
      mapped.put(50, (byte) 7);
      assertThat(disk.bytes(PATH)[150]).isEqualTo((byte) 7);
      file.write(ByteBuffer.wrap(new byte[] {9}), 151);
      assertThat(mapped.get(51)).isEqualTo((byte) 9);
      ByteBuffer later = Objects.requireNonNull(file.mapForWriting(150, 1000));
      assertThat(later.get(0)).isEqualTo((byte) 7);
      later.put(0, (byte) 8);
      mapped.put(0, (byte) 6);
      assertThat(disk.bytes(PATH)[150]).isEqualTo((byte) 8);
      assertThat(disk.bytes(PATH)[100]).isEqualTo((byte) 6);
    }
  }

  @Test
  void whatIsPutIntoAMappingIsLostTornOrKeptUntilItIsSynced() throws IOException {
    try (VfsFile file = zeros(2)) {
      ByteBuffer mapped = Objects.requireNonNull(file.mapForWriting(0, 2 * SECTOR_BYTES));
      byte[] ones = new byte[SECTOR_BYTES];
      Arrays.fill(ones, (byte) 1);
      mapped.put(0, ones);
      Set<Integer> kept = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        kept.add(onesAfterCrash(new Random(i)));
      }
      assertThat(kept).contains(0, SECTOR_BYTES).hasSizeGreaterThan(2);
      file.force();
      for (int i = 0; i < 100; i++) {
        assertThat(onesAfterCrash(new Random(i))).isEqualTo(SECTOR_BYTES);
      }
    }
  }

  private int onesAfterCrash(Random random) throws IOException {
    int count = 0;
    for (byte value : disk.crashed(random).bytes(PATH)) {
      count += value;
    }
    return count;
  }

  private VfsFile zeros(int sectorCount) throws IOException {
    VfsFile file = disk.create(PATH);
    file.write(ByteBuffer.allocate(sectorCount * SECTOR_BYTES), 0);
    file.force();
    disk.syncDirectory(MemDirectory.PATH);
    return file;
  }
}
