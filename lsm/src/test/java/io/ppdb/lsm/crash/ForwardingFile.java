package io.ppdb.lsm.crash;

import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file that passes everything on; subclasses change what they like. */
class ForwardingFile implements VfsFile {
  private final VfsFile file;

  ForwardingFile(VfsFile file) {
    this.file = file;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    file.write(source, position);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return file.read(target, position);
  }

  @Override
  public ByteBuffer map(long sizeInBytes) throws IOException {
    return file.map(sizeInBytes);
  }

  @Override
  public @Nullable ByteBuffer mapForWriting(long position, int sizeInBytes) throws IOException {
    return file.mapForWriting(position, sizeInBytes);
  }

  @Override
  public void force() throws IOException {
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
