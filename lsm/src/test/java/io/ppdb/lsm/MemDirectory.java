package io.ppdb.lsm;

import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Fresh disks in memory with an empty directory for a store. */
public final class MemDirectory {
  public static final Path PATH = Path.of("/store");

  private MemDirectory() {}

  public static MemVfs fresh() {
    MemVfs disk = new MemVfs();
    create(disk);
    return disk;
  }

  private static void create(Vfs disk) {
    try {
      disk.createDirectory(PATH.toAbsolutePath().getRoot());
      disk.createDirectory(PATH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
