package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.ScratchFile;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scratch file of one transaction: bytes as they came, neither header nor sync, since nobody
 * reads it but the transaction itself. The last ones are in memory, and never half of an append.
 *
 * <p>Thread-safe, since the store may be closed under a transaction.
 */
final class SpillFile implements ScratchFile {
  static final String SUFFIX = ".spill";

  private static final int INITIAL_BUFFER_BYTES = 4 << 10;

  private final Vfs vfs;
  private final Path path;
  private final int bufferBytes;
  private final Consumer<SpillFile> onClose;

  // Guarded by this.
  private final ByteWriter buffer;
  private @Nullable VfsFile file;
  private long writtenBytes;

  /**
   * Creates the file.
   *
   * @param bufferBytes how much is held back before it is written
   * @param onClose told when the file is gone
   */
  SpillFile(Vfs vfs, Path path, int bufferBytes, Consumer<SpillFile> onClose) throws IOException {
    this.vfs = vfs;
    this.path = path;
    this.bufferBytes = bufferBytes;
    this.onClose = onClose;
    this.buffer = new ByteWriter(Math.min(bufferBytes, INITIAL_BUFFER_BYTES));
    this.file = vfs.create(path);
  }

  @Override
  public synchronized long append(byte[] bytes) {
    VfsFile open = open();
    try {
      if (buffer.size() + bytes.length > bufferBytes) {
        write(open, ByteBuffer.wrap(buffer.array(), 0, buffer.size()));
        buffer.clear();
      }
      long offset = writtenBytes + buffer.size();
      if (bytes.length > bufferBytes) {
        write(open, ByteBuffer.wrap(bytes));
      } else {
        buffer.putBytes(bytes, 0, bytes.length);
      }
      return offset;
    } catch (IOException e) {
      throw e instanceof DiskFullException
          ? new PpdbException(
              ErrorCode.DISK_FULL, "no space for the values of a transaction: " + e.getMessage(), e)
          : new PpdbException(
              ErrorCode.IO_ERROR, "cannot write the values of a transaction: " + e.getMessage(), e);
    }
  }

  private void write(VfsFile open, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    if (length > 0) {
      open.write(bytes, writtenBytes);
      writtenBytes += length;
    }
  }

  @Override
  public synchronized byte[] read(long offset, int length) {
    VfsFile open = open();
    byte[] bytes = new byte[length];
    if (offset >= writtenBytes) {
      System.arraycopy(buffer.array(), (int) (offset - writtenBytes), bytes, 0, length);
      return bytes;
    }
    int count;
    try {
      count = open.read(ByteBuffer.wrap(bytes), offset);
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.IO_ERROR, "cannot read the values of a transaction: " + e.getMessage(), e);
    }
    if (count < length) {
      throw new PpdbException(
          ErrorCode.CORRUPTION,
          path + " ends at " + (offset + count) + ", in a value of " + length + " bytes");
    }
    return bytes;
  }

  @Override
  public synchronized long sizeInBytes() {
    return writtenBytes + buffer.size();
  }

  private VfsFile open() {
    VfsFile open = file;
    if (open == null) {
      throw LiveState.closed();
    }
    return open;
  }

  @Override
  public synchronized void close() {
    VfsFile open = file;
    if (open == null) {
      return;
    }
    file = null;
    try {
      open.close();
      vfs.delete(path);
    } catch (IOException e) {
      // Untidy, not harmful: opening the store deletes it.
      System.getLogger(SpillFile.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
    }
    onClose.accept(this);
  }
}
