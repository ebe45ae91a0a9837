package io.ppdb.lsm.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of the operating system.
 *
 * <p>A {@link FileChannel} closes itself when a thread that uses it is interrupted, for all
 * threads. An interrupt means "stop what you are doing" to one thread and must not take a file away
 * from the store: the channel is opened again, the operation repeated (reads, positional writes and
 * syncs all may be), and the interrupt handed on.
 */
final class RealFile implements VfsFile {
  /**
   * What is given to the system at once. The JDK copies an array to memory outside of the heap
   * first, and keeps that memory for the thread: as much as the longest transfer it ever made.
   */
  private static final int TRANSFER_BYTES = 1 << 20;

  /**
   * Whether mappings and calls of the system work on the same pages, and a mapped file can be
   * renamed: on Windows neither is promised.
   */
  private static final boolean SHARES_PAGES = System.getProperty("os.name", "").equals("Linux");

  private final Path path;
  private final Set<OpenOption> reopenOptions;

  /** Replaced under the monitor of this object when an interrupt closed it. */
  private volatile FileChannel channel;

  private volatile boolean closed;

  RealFile(Path path, FileChannel channel, Set<OpenOption> reopenOptions) {
    this.path = path;
    this.channel = channel;
    this.reopenOptions = reopenOptions;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    int start = source.position();
    uninterruptibly(
        file -> {
          source.position(start);
          int end = source.limit();
          long at = position;
          while (source.position() < end) {
            source.limit(Math.min(end, source.position() + TRANSFER_BYTES));
            at += file.write(source, at);
          }
          return 0;
        });
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int start = target.position();
    int length = target.remaining();
    return uninterruptibly(
        file -> {
          target.position(start);
          int end = start + length;
          int total = 0;
          while (total < length) {
            target.limit(Math.min(end, target.position() + TRANSFER_BYTES));
            int count = file.read(target, position + total);
            if (count < 0) {
              break;
            }
            total += count;
          }
          target.limit(end);
          return total;
        });
  }

  @Override
  public ByteBuffer map(long sizeInBytes) throws IOException {
    return uninterruptibly(file -> file.map(FileChannel.MapMode.READ_ONLY, 0, sizeInBytes));
  }

  @Override
  public @Nullable ByteBuffer mapForWriting(long position, int sizeInBytes) throws IOException {
    if (!SHARES_PAGES) {
      return null;
    }
    return uninterruptibly(file -> file.map(FileChannel.MapMode.READ_WRITE, position, sizeInBytes));
  }

  @Override
  public void force() throws IOException {
    uninterruptibly(
        file -> {
          file.force(false);
          return 0;
        });
  }

  @Override
  public long size() throws IOException {
    return uninterruptibly(FileChannel::size);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }

  private interface Operation<T> {
    T run(FileChannel channel) throws IOException;
  }

  private <T> T uninterruptibly(Operation<T> operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        FileChannel used = channel;
        try {
          return operation.run(used);
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          reopen(used, e);
        } catch (IOException e) {
          throw RealVfs.translate(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen(FileChannel used, ClosedChannelException cause)
      throws IOException {
    if (closed) {
      throw cause;
    }
    if (channel == used) {
      channel = FileChannel.open(path, reopenOptions);
    }
  }
}
