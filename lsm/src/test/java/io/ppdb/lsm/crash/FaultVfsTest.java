package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The harness of the crash tests: it must not call lost what nobody was told to be safe. */
class FaultVfsTest {
  @Test
  void aSyncThatACrashComesDuringIsNotReportedAsDone() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Runnable[] beforeSync = {() -> {}};
    FaultVfs faults =
        new FaultVfs(
            new ForwardingVfs(disk) {
              @Override
              VfsFile wrap(VfsFile file, Path path) {
                return new ForwardingFile(file) {
                  @Override
                  public void force() throws IOException {
                    beforeSync[0].run();
                    super.force();
                  }
                };
              }
            });
    AtomicReference<MemVfs> found = new AtomicReference<>();
    try (VfsFile file = faults.create(MemDirectory.PATH.resolve("a"));
        VfsFile other = faults.create(MemDirectory.PATH.resolve("b"))) {
      file.write(ByteBuffer.wrap(new byte[] {1}), 0);
      faults.crashAt(1, () -> found.set(disk.crashed(new Random(1))));
      // Operation 0 is the sync; while it is under way, another thread's operation 1 crashes.
      beforeSync[0] =
          () ->
              assertThatThrownBy(() -> other.write(ByteBuffer.wrap(new byte[] {2}), 0))
                  .isInstanceOf(IOException.class);
      assertThatThrownBy(file::force)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("crashed during: sync");
      assertThat(found.get()).isNotNull();
    }
  }
}
