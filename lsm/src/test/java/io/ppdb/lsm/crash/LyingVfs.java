package io.ppdb.lsm.crash;

import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A file system that does not do what it says: the mutants that prove the crash tests. */
final class LyingVfs extends ForwardingVfs {
  enum Lie {
    SYNC_OF_FILES,
    SYNC_OF_LOG,
    SYNC_OF_TABLES,
    SYNC_OF_BLOBS,
    SYNC_OF_MANIFEST,
    SYNC_OF_DIRECTORIES,
    /** Only that which a reader of changes waits for: it is shown what may be lost. */
    SYNC_OF_LOG_FOR_FEEDS,
    /** Tables and manifests that a crash left are not shown, so that their numbers come again. */
    NAMES_OF_LEFTOVERS
  }

  private final Lie lie;

  LyingVfs(Vfs delegate, Lie lie) {
    super(delegate);
    this.lie = lie;
  }

  @Override
  VfsFile wrap(VfsFile file, Path path) {
    String name = String.valueOf(path.getFileName());
    boolean lies =
        switch (lie) {
          case SYNC_OF_FILES -> true;
          case SYNC_OF_LOG, SYNC_OF_LOG_FOR_FEEDS -> name.endsWith(".wal");
          case SYNC_OF_TABLES -> name.endsWith(".sst");
          case SYNC_OF_BLOBS -> name.endsWith(".blob");
          case SYNC_OF_MANIFEST -> Manifest.isManifest(name);
          case SYNC_OF_DIRECTORIES, NAMES_OF_LEFTOVERS -> false;
        };
    return lies ? new LyingFile(file) : file;
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (lie != Lie.SYNC_OF_DIRECTORIES) {
      super.syncDirectory(directory);
    }
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = super.list(directory);
    return lie == Lie.NAMES_OF_LEFTOVERS
        ? names.stream().filter(n -> !TableMeta.isTable(n) && !Manifest.isManifest(n)).toList()
        : names;
  }

  private final class LyingFile extends ForwardingFile {
    LyingFile(VfsFile file) {
      super(file);
    }

    @Override
    public void force() throws IOException {
      if (lie == Lie.SYNC_OF_LOG_FOR_FEEDS && !isForFeed()) {
        super.force();
      }
    }

    private static boolean isForFeed() {
      return StackWalker.getInstance()
          .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".LogFeed")));
    }
  }
}
