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
    FORCE,
    READ
  }

  private final String namePart;
  private final Operation operation;
  private final RotationTest.Gate gate;

  GateVfs(Vfs delegate, String namePart, Operation operation, RotationTest.Gate gate) {
    super(delegate);
    this.namePart = namePart;
    this.operation = operation;
    this.gate = gate;
  }

  @Override
  public VfsFile openRead(Path path) throws IOException {
    return wrap(super.openRead(path), path);
  }

  @Override
  VfsFile wrap(VfsFile file, Path path) {
    String name = String.valueOf(path.getFileName());
    return name.contains(namePart) ? new GateFile(file, name) : file;
  }

  private final class GateFile extends ForwardingFile {
    private final String name;

    GateFile(VfsFile file, String name) {
      super(file);
      this.name = name;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (operation == Operation.WRITE) {
        gate.pass(name);
      }
      super.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (operation == Operation.READ) {
        gate.pass(name);
      }
      return super.read(target, position);
    }

    @Override
    public void force() throws IOException {
      if (operation == Operation.FORCE) {
        gate.pass(name);
      }
      super.force();
    }
  }
}
