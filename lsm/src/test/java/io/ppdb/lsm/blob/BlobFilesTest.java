package io.ppdb.lsm.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Slice;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.FaultVfs.Fault;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BlobFilesTest {
  private static final Path STORE = MemDirectory.PATH;

  private final MemVfs disk = MemDirectory.fresh();
  private final FaultVfs faults = new FaultVfs(disk);
  private final BlobFiles files = new BlobFiles(faults, STORE);
  private final AtomicLong lastNumber = new AtomicLong();
  private final BlobAppender appender =
      new BlobAppender(files, lastNumber::incrementAndGet, 100_000);

  private static byte[] value(int length) {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);
    return value;
  }

  private static BlobHandle decode(byte[] encoded) {
    return BlobHandle.decode(new Slice(encoded), STORE);
  }

  private List<String> blobs() throws IOException {
    return disk.list(STORE);
  }

  private byte[] read(BlobHandle handle) throws IOException {
    BlobFile file = files.retain(handle.fileNumber());
    try {
      return file.read(handle);
    } finally {
      file.release();
    }
  }

  @Test
  void valuesAreReadWhileTheFileIsFilledAndWhenItIsSealed() throws IOException {
    int[] lengths = {1, 7, 8, 9, 4096, 50_000, 300_000};
    BlobBatch batch = appender.begin();
    List<BlobHandle> handles = new ArrayList<>();
    for (int length : lengths) {
      handles.add(decode(batch.append(value(length))));
      assertThat(handles.get(handles.size() - 1).offset() % 8).isZero();
    }
    BlobFile file = files.retain(handles.get(0).fileNumber());
    assertThat(file.view(handles.get(4)).isDirect()).as("a copy").isFalse();
    batch.sync();
    for (int pass = 0; pass < 3; pass++) {
      for (int i = 0; i < lengths.length; i++) {
        assertThat(read(handles.get(i))).as("%d", lengths[i]).isEqualTo(value(lengths[i]));
        files.verify(handles.get(i));
      }
      appender.seal();
    }
    ByteBuffer view = file.view(handles.get(4));
    assertThat(view.isDirect()).as("where it lies").isTrue();
    assertThat(view.isReadOnly()).isTrue();
    assertThat(view).isEqualTo(ByteBuffer.wrap(value(4096)));
    file.release();
    batch.abandon();
    assertThat(faults.openFileCount()).isZero();
  }

  @Test
  void fileThatIsFullIsSealedAndAnotherBegun() throws IOException {
    BlobBatch batch = appender.begin();
    long first = decode(batch.append(value(99_000))).fileNumber();
    assertThat(decode(batch.append(value(2_000))).fileNumber()).isEqualTo(first);
    assertThat(decode(batch.append(value(2_000))).fileNumber()).isEqualTo(first + 1);
    batch.sync();
    batch.abandon();
    appender.close();
    assertThat(blobs()).isEmpty();
  }

  @Test
  void fileIsDeletedWithItsLastUseAndNotBefore() throws IOException {
    BlobBatch batch = appender.begin();
    BlobHandle handle = decode(batch.append(value(10_000)));
    batch.sync();
    appender.seal();
    BlobPins pins = new BlobPins();
    assertThat(pins.isEmpty()).isTrue();
    pins.takeOver(batch);
    assertThat(pins.isEmpty()).isFalse();
    BlobFile table = files.retain(handle.fileNumber());
    assertThat(table.isSettled()).isFalse();
    assertThat(pins.tryRetain()).isTrue();
    pins.release();
    pins.release();
    assertThat(pins.tryRetain()).isFalse();
    assertThat(table.isSettled()).isTrue();
    assertThat(blobs()).containsExactly("000001.blob");
    ByteBuffer kept = table.view(handle);
    table.release();
    assertThat(blobs()).isEmpty();
    assertThat(files.tryRetain(handle.fileNumber())).isNull();
    assertThat(kept).isEqualTo(ByteBuffer.wrap(value(10_000)));
  }

  @Test
  void closingKeepsFilesThatNobodyUsesAnyMore() throws IOException {
    BlobBatch batch = appender.begin();
    batch.append(value(10_000));
    batch.sync();
    files.close();
    appender.close();
    batch.abandon();
    assertThat(blobs()).containsExactly("000001.blob");
  }

  @Test
  void failedSyncFailsForAllAndIsNotTriedAgain() throws IOException {
    BlobBatch first = appender.begin();
    BlobBatch second = appender.begin();
    first.append(value(1000));
    second.append(value(1000));
    faults.failAt(0, Fault.IO_ERROR, false);
    assertThatThrownBy(first::sync).isInstanceOf(IOException.class);
    assertThatThrownBy(second::sync).isInstanceOf(IOException.class).hasMessageContaining("sync");
    first.abandon();
    second.abandon();
    appender.close();
    assertThat(blobs()).isEmpty();
  }

  @Test
  void syncThatFailsForWantOfSpaceIsNoFullDisk() throws IOException {
    BlobBatch batch = appender.begin();
    batch.append(value(1000));
    faults.failAt(0, Fault.SYNC_DISK_FULL, false);
    assertThatThrownBy(batch::sync)
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(DiskFullException.class);
    batch.abandon();
    appender.close();
  }

  @Test
  void valueThatFoundNoSpaceLeavesTheOthersReadable() throws IOException {
    BlobBatch batch = appender.begin();
    BlobHandle before = decode(batch.append(value(1000)));
    faults.failAt(0, Fault.SHORT_WRITE, false);
    assertThatThrownBy(() -> batch.append(value(2000))).isInstanceOf(DiskFullException.class);
    BlobHandle after = decode(batch.append(value(3000)));
    batch.sync();
    assertThat(read(before)).isEqualTo(value(1000));
    assertThat(read(after)).isEqualTo(value(3000));
    batch.abandon();
    appender.close();
  }

  @Test
  void everyFlippedBitOfAValueIsNoticedWithFileOffsetExpectedAndSeen() throws IOException {
    BlobBatch batch = appender.begin();
    batch.append(value(500));
    BlobHandle handle = decode(batch.append(value(100)));
    batch.sync();
    appender.seal();
    Path path = STORE.resolve("000001.blob");
    for (long bit = 8 * handle.offset(); bit < 8 * handle.end(); bit++) {
      disk.flipBit(path, bit);
      BlobFiles fresh = new BlobFiles(disk, STORE);
      BlobFile file = fresh.retain(1);
      assertThatThrownBy(() -> file.read(handle))
          .as("bit %d", bit)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("000001.blob is damaged at offset " + handle.offset())
          .hasMessageContaining("expected");
      assertThatThrownBy(() -> fresh.verify(handle)).isInstanceOf(CorruptionException.class);
      disk.flipBit(path, bit);
    }
    for (int bit = 0; bit < 8 * BlobFormat.HEADER_BYTES; bit++) {
      disk.flipBit(path, bit);
      BlobFile file = new BlobFiles(disk, STORE).retain(1);
      assertThatThrownBy(() -> file.read(handle))
          .as("bit %d", bit)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("000001.blob");
      disk.flipBit(path, bit);
    }
    batch.abandon();
  }

  @Test
  void recordInThePlaceOfAnotherIsNoticed() throws IOException {
    BlobBatch batch = appender.begin();
    BlobHandle first = decode(batch.append(value(504)));
    BlobHandle second = decode(batch.append(new byte[504]));
    batch.sync();
    BlobHandle mixed =
        new BlobHandle(second.length(), second.fileNumber(), first.offset(), second.checksum());
    assertThatThrownBy(() -> read(mixed))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("expected 504 with");
    BlobHandle behind =
        new BlobHandle(504, second.fileNumber(), second.offset() + 512, second.checksum());
    assertThatThrownBy(() -> read(behind))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("the file ends at");
    batch.abandon();
    appender.close();
  }

  @Test
  void fileUnderAnothersNameIsNoticed() throws IOException {
    BlobBatch batch = appender.begin();
    BlobHandle handle = decode(batch.append(value(100)));
    batch.sync();
    disk.link(STORE.resolve("000001.blob"), STORE.resolve("000007.blob"));
    BlobFile other = files.retain(7);
    assertThatThrownBy(() -> other.read(handle))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("file number 1, expected 7");
    other.release();
    batch.abandon();
    appender.close();
  }

  @Test
  void handleThatMakesNoSenseIsCorruption() {
    BlobHandle handle = new BlobHandle(300, 70, 24, 5);
    byte[] encoded = handle.encode();
    assertThat(decode(encoded)).isEqualTo(handle);
    for (int length = 0; length < encoded.length; length++) {
      Slice cut = new Slice(encoded, 0, length);
      assertThatThrownBy(() -> BlobHandle.decode(cut, STORE))
          .isInstanceOf(CorruptionException.class);
    }
    List<BlobHandle> senseless =
        List.of(
            new BlobHandle(0, 70, 24, 5),
            new BlobHandle((8 << 20) + 1, 70, 24, 5),
            new BlobHandle(300, 0, 24, 5),
            new BlobHandle(300, 70, 16, 5));
    for (BlobHandle bad : senseless) {
      assertThatThrownBy(() -> decode(bad.encode())).isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void threadsAppendSideBySide() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int length = 1000 + t;
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 50; i++) {
                    BlobBatch batch = appender.begin();
                    BlobHandle handle = decode(batch.append(value(length)));
                    batch.sync();
                    assertThat(read(handle)).isEqualTo(value(length));
                    batch.abandon();
                  }
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    appender.close();
    assertThat(failures).isEmpty();
    assertThat(blobs()).isEmpty();
    assertThat(faults.openFileCount()).isZero();
  }

  @Test
  void syncCoversWhatIsAppendedAndACrashKeepsIt() throws IOException {
    BlobBatch batch = appender.begin();
    BlobHandle synced = decode(batch.append(value(5000)));
    batch.sync();
    BlobBatch later = appender.begin();
    later.append(value(7000));
    for (int seed = 0; seed < 50; seed++) {
      MemVfs after = disk.crashed(new Random(seed));
      assertThat(new BlobFiles(after, STORE).retain(1).read(synced)).isEqualTo(value(5000));
    }
    later.abandon();
    batch.abandon();
    appender.close();
  }

  @Test
  void truncatedFileIsNoticed() throws IOException {
    BlobBatch batch = appender.begin();
    BlobHandle handle = decode(batch.append(value(5000)));
    batch.sync();
    MemVfs shorter = MemDirectory.fresh();
    try (VfsFile file = shorter.create(STORE.resolve("000001.blob"))) {
      file.write(ByteBuffer.wrap(disk.bytes(STORE.resolve("000001.blob")), 0, 3000), 0);
    }
    assertThatThrownBy(() -> new BlobFiles(shorter, STORE).retain(1).read(handle))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("the file ends at 3000, expected a value up to 5032");
    batch.abandon();
    appender.close();
  }
}
