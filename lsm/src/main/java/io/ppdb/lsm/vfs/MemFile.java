package io.ppdb.lsm.vfs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;

/** An open file of {@link MemVfs}. */
final class MemFile implements VfsFile {
  private final MemVfs disk;
  private final MemInode inode;
  private final boolean writable;
  private boolean closed;

  MemFile(MemVfs disk, MemInode inode, boolean writable) {
    this.disk = disk;
    this.inode = inode;
    this.writable = writable;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    if (!writable) {
      throw new NonWritableChannelException();
    }
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    synchronized (disk) {
      requireOpen();
      inode.write(bytes, 0, bytes.length, Math.toIntExact(position));
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    byte[] bytes = new byte[target.remaining()];
    int count;
    synchronized (disk) {
      requireOpen();
      count = inode.read(bytes, 0, bytes.length, position);
    }
    target.put(bytes, 0, count);
    return count;
  }

  /** A direct buffer, as that of a real file is: it has no array. */
  @Override
  public ByteBuffer map(long sizeInBytes) throws IOException {
    ByteBuffer mapped = ByteBuffer.allocateDirect(Math.toIntExact(sizeInBytes));
    read(mapped, 0);
    return mapped.clear().asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer mapForWriting(long position, int sizeInBytes) throws IOException {
    if (!writable) {
      throw new NonWritableChannelException();
    }
    synchronized (disk) {
      requireOpen();
      if (position + sizeInBytes > inode.size()) {
        throw new EOFException("cannot map beyond the end of a file");
      }
      return inode.map((int) position, sizeInBytes);
    }
  }

  @Override
  public void force() throws IOException {
    synchronized (disk) {
      requireOpen();
      inode.force();
    }
  }

  /** Lets a sync fail as it does on Linux; see {@link MemInode#loseDirtySectors}. */
  void failForce() {
    synchronized (disk) {
      inode.loseDirtySectors();
    }
  }

  @Override
  public long size() throws IOException {
    synchronized (disk) {
      requireOpen();
      return inode.size();
    }
  }

  @Override
  public void close() {
    synchronized (disk) {
      closed = true;
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }
}
