package io.ppdb.lsm.crash;

import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.vfs.VfsLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A file system that passes everything on; subclasses change what files do that are written. */
abstract class ForwardingVfs implements Vfs {
  private final Vfs delegate;

  ForwardingVfs(Vfs delegate) {
    this.delegate = delegate;
  }

  /** The file to hand out for {@code file}, which lies at {@code path} and is open for writing. */
  abstract VfsFile wrap(VfsFile file, Path path);

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
    delegate.syncDirectory(directory);
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
}
