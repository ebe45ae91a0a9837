package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final Path COPY = MemDirectory.PATH.resolveSibling("copy");

  private static LsmStore open(Vfs vfs, Path directory) {
    return LsmStore.open(directory, CrashTest.TINY.withVfs(vfs));
  }

  private static long put(LsmStore store, int number) {
    return store.write(
        new WriteBatch().put(Script.key(1), Script.value(number, 0)), Durability.ASYNC);
  }

  private static byte[] get(LsmStore store, long version) {
    try (Snapshot past = store.snapshotAt(version)) {
      byte[] value = past.get(Script.key(1));
      return value == null ? new byte[0] : value;
    }
  }

  private static void assertCode(ErrorCode code, LsmStore store, Path directory) {
    assertThatThrownBy(() -> store.checkpoint(directory))
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theCopyHasThePastToo() {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = open(disk, MemDirectory.PATH)) {
      long first = put(store, 1);
      long second = put(store, 2);
      store.checkpoint(COPY);
      put(store, 3);
      try (LsmStore copy = open(disk, COPY)) {
        assertThat(get(copy, first)).isEqualTo(Script.value(1, 0));
        assertThat(get(copy, second)).isEqualTo(Script.value(2, 0));
        copy.verify();
        copy.changes(second).close();
      }
    }
  }

  @Test
  void tablesAreCopiedWhereTheyCannotBeLinked() {
    MemVfs disk = MemDirectory.fresh();
    Vfs withoutLinks =
        new ForwardingVfs(disk) {
          @Override
          VfsFile wrap(VfsFile file, Path path) {
            return file;
          }

          @Override
          public void link(Path existing, Path link) throws IOException {
            throw new FileSystemException("no links here");
          }
        };
    try (LsmStore store = open(withoutLinks, MemDirectory.PATH)) {
      for (int i = 0; i < 100; i++) {
        put(store, i);
      }
      store.checkpoint(COPY);
    }
    try (LsmStore copy = open(disk.crashed(new Random(1)), COPY)) {
      copy.verify();
      assertThat(get(copy, 100)).isEqualTo(Script.value(99, 0));
    }
  }

  @Test
  void aDirectoryThatHoldsSomethingOrLiesWithinTheStoreIsRefused() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = open(disk, MemDirectory.PATH)) {
      put(store, 1);
      assertCode(ErrorCode.INVALID_ARGUMENT, store, MemDirectory.PATH);
      assertCode(ErrorCode.INVALID_ARGUMENT, store, MemDirectory.PATH.resolve("copy"));
      disk.createDirectory(COPY);
      disk.create(COPY.resolve("letter.txt")).close();
      assertCode(ErrorCode.INVALID_ARGUMENT, store, COPY);
      assertThat(disk.list(COPY)).containsExactly("letter.txt");
      disk.delete(COPY.resolve("letter.txt"));
      store.checkpoint(COPY);
      assertThat(disk.list(COPY)).contains("CURRENT");
    }
  }

  @Test
  void whatFailsLeavesNothingHalfMade() throws IOException {
    for (FaultVfs.Fault fault :
        new FaultVfs.Fault[] {FaultVfs.Fault.DISK_FULL, FaultVfs.Fault.IO_ERROR}) {
      boolean failed = true;
      for (int i = 0; failed; i++) {
        MemVfs disk = MemDirectory.fresh();
        FaultVfs faults = new FaultVfs(disk);
        LsmStore store = open(faults, MemDirectory.PATH);
        put(store, 1);
        store.flush();
        faults.failAtOwn(i, fault);
        try {
          store.checkpoint(COPY);
        } catch (PpdbException e) {
          assertThat(e.code())
              .as("%s at %d", fault, i)
              .isIn(ErrorCode.DISK_FULL, ErrorCode.IO_ERROR, ErrorCode.UNAVAILABLE);
          assertThat(disk.exists(COPY) ? disk.list(COPY) : List.of())
              .as("%s at %d", fault, i)
              .isEmpty();
        }
        failed = faults.operationCount() > i;
        faults.failAtOwn(Long.MAX_VALUE, fault);
        try {
          store.close();
        } catch (PpdbException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR);
        }
        if (disk.exists(COPY) && disk.list(COPY).contains("CURRENT")) {
          open(disk, COPY).close();
        }
      }
    }
  }
}
