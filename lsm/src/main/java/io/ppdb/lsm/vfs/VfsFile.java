package io.ppdb.lsm.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An open file, read and written at positions. Reads may run concurrently with each other. */
public interface VfsFile extends Closeable {
  /** Writes all remaining bytes of {@code source} at {@code position}, growing the file. */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Reads into {@code target} until it is full or the file ends.
   *
   * @return the number of bytes read, 0 at the end
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * The first {@code sizeInBytes} bytes, which the file has, to be read where they lie; read-only.
   * They stay readable when the file is closed or loses its name. Whether bytes written later show
   * is not said.
   */
  ByteBuffer map(long sizeInBytes) throws IOException;

  /**
   * The {@code sizeInBytes} bytes from {@code position} on, which the file has, to be written where
   * they lie: what is put there is as {@link #write} leaves it, and {@link #force} syncs it. An
   * error of the disk is an {@link InternalError} of the one who writes. Null if this file has no
   * such thing.
   */
  default @Nullable ByteBuffer mapForWriting(long position, int sizeInBytes) throws IOException {
    return null;
  }

  /**
   * Makes the bytes written so far, and the length of the file, survive power loss. After a failure
   * what was written since the last success may be lost, even if a later call succeeds.
   */
  void force() throws IOException;

  long size() throws IOException;
}
