package io.ppdb.lsm.crash;

import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.vfs.VfsLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file system that claims to sync and does not: the mutants that prove the crash tests. */
final class LyingVfs implements Vfs {
  enum Lie {
    SYNC_OF_FILES,
    SYNC_OF_LOG,
    SYNC_OF_TABLES,
    SYNC_OF_MANIFEST,
    SYNC_OF_DIRECTORIES
  }

  private final Vfs delegate;
  private final Lie lie;

  LyingVfs(Vfs delegate, Lie lie) {
    this.delegate = delegate;
    this.lie = lie;
  }

  private VfsFile wrap(VfsFile file, Path path) {
    String name = String.valueOf(path.getFileName());
    boolean lies =
        switch (lie) {
          case SYNC_OF_FILES -> true;
          case SYNC_OF_LOG -> name.endsWith(".wal");
          case SYNC_OF_TABLES -> name.endsWith(".sst");
          case SYNC_OF_MANIFEST -> Manifest.isManifest(name);
          case SYNC_OF_DIRECTORIES -> false;
        };
    return lies ? new LyingFile(file) : file;
  }

  @Override
  public VfsFile create(Path path) throws IOException {
    return wrap(delegate.create(path), path);
  }

  @Override
  public VfsFile openRead(Path path) throws IOException {
    return delegate.openRead(path);
  }

  @Override
  public VfsFile openWrite(Path path) throws IOException {
    return wrap(delegate.openWrite(path), path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    delegate.rename(from, to);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    delegate.link(existing, link);
  }

  @Override
  public void delete(Path path) throws IOException {
    delegate.delete(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return delegate.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    delegate.createDirectory(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (lie != Lie.SYNC_OF_DIRECTORIES) {
      delegate.syncDirectory(directory);
    }
  }

  @Override
  public VfsLock lock(Path path) throws IOException {
    return delegate.lock(path);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return delegate.exists(path);
  }

  @Override
  public boolean isDirectory(Path path) throws IOException {
    return delegate.isDirectory(path);
  }

  @Override
  public long size(Path path) throws IOException {
    return delegate.size(path);
  }

  private record LyingFile(VfsFile file) implements VfsFile {
    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void force() {}

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
