package io.ppdb.lsm.crash;

import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.vfs.VfsLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file system on which one kind of operation on one kind of file has to pass a gate. */
final class GateVfs implements Vfs {
  enum Operation {
    WRITE,
    FORCE
  }

  private final Vfs delegate;
  private final String suffix;
  private final Operation operation;
  private final RotationTest.Gate gate;

  GateVfs(Vfs delegate, String suffix, Operation operation, RotationTest.Gate gate) {
    this.delegate = delegate;
    this.suffix = suffix;
    this.operation = operation;
    this.gate = gate;
  }

  private VfsFile wrap(VfsFile file, Path path) {
    return path.toString().endsWith(suffix) ? new GateFile(file) : file;
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

  private final class GateFile implements VfsFile {
    private final VfsFile file;

    GateFile(VfsFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (operation == Operation.WRITE) {
        gate.pass();
      }
      file.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void force() throws IOException {
      if (operation == Operation.FORCE) {
        gate.pass();
      }
      file.force();
    }

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
