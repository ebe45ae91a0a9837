package io.ppdb.lsm.crash;

import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file system on which one kind of operation on one kind of file has to pass a gate. */
final class GateVfs extends ForwardingVfs {
  enum Operation {
    WRITE,
    FORCE
  }

  private final String suffix;
  private final Operation operation;
  private final RotationTest.Gate gate;

  GateVfs(Vfs delegate, String suffix, Operation operation, RotationTest.Gate gate) {
    super(delegate);
    this.suffix = suffix;
    this.operation = operation;
    this.gate = gate;
  }

  @Override
  VfsFile wrap(VfsFile file, Path path) {
    return path.toString().endsWith(suffix) ? new GateFile(file) : file;
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
