package io.ppdb.lsm.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands before another file system and lets the i-th operation that changes something fail.
 *
 * <p>Counted are creations, writes, syncs of files and directories, renames, links and deletions,
 * in the order they happen; or, for {@link Fault#READ_ERROR}, instead of them all that only reads
 * files: opening for reading, reads and mappings. Thread-safe.
 */
public final class FaultVfs implements Vfs {
  /** What happens at the chosen operation. */
  public enum Fault {
    /** Everything from this operation on fails: the machine is gone. Nothing of it is done. */
    CRASH,
    /** The operation fails as on a bad disk; a failing sync loses what it should have kept. */
    IO_ERROR,
    /** A read, or the opening of a file to read, fails as on a bad disk. */
    READ_ERROR,
    /**
     * If it needs space, the operation fails for want of it; nothing of it is done. So do writes
     * over what is there, as in a file system that never overwrites.
     */
    DISK_FULL,
    /** As {@link #DISK_FULL}, but a write that does not make its file longer needs no space. */
    DISK_FULL_FOR_GROWTH,
    /**
     * If it is a write, its first half is done, and may have reached the platter, before it fails
     * for want of space.
     */
    SHORT_WRITE,
    /**
     * If it is the sync of a file, it fails for want of space and loses what it should have kept:
     * file systems that allocate late do so.
     */
    SYNC_DISK_FULL
  }

  private enum Kind {
    READ,
    GROWTH,
    OVERWRITE,
    SYNC_FILE,
    OTHER
  }

  private final Vfs delegate;

  // Guarded by this.
  private Fault fault = Fault.CRASH;
  private long failAt = Long.MAX_VALUE;
  private boolean persistent;
  private long operationCount;
  private boolean crashed;
  private boolean fired;
  private Runnable onCrash = () -> {};
  private @Nullable Thread onlyThread;
  private int openFileCount;

  public FaultVfs(Vfs delegate) {
    this.delegate = delegate;
  }

  /**
   * From now on, lets the operation number {@code index} (the next is 0) fail, and, if {@code
   * thenAlways}, all that follow too.
   */
  public synchronized void failAt(long index, Fault newFault, boolean thenAlways) {
    operationCount = 0;
    failAt = index;
    fault = newFault;
    persistent = thenAlways;
    fired = false;
    onlyThread = null;
  }

  /** Like {@link #failAt}, once, where only the operations of the calling thread count and fail. */
  public synchronized void failAtOwn(long index, Fault newFault) {
    failAt(index, newFault, false);
    onlyThread = Thread.currentThread();
  }

  /** From now on, crashes at the operation number {@code index}, having run {@code action}. */
  public synchronized void crashAt(long index, Runnable action) {
    failAt(index, Fault.CRASH, true);
    onCrash = action;
  }

  /** Lets operations succeed again. */
  public synchronized void heal() {
    failAt = Long.MAX_VALUE;
  }

  /** How many operations were counted since the last {@link #failAt}. */
  public synchronized long operationCount() {
    return operationCount;
  }

  /** Whether an operation has failed since the last {@link #failAt}. */
  public synchronized boolean hasFired() {
    return fired;
  }

  /** How many files were opened or created and not closed. */
  public synchronized int openFileCount() {
    return openFileCount;
  }

  /** Counts an operation; returns the fault it has to suffer, as an exception, or returns. */
  private synchronized boolean suffers(Kind kind, String what) throws IOException {
    if (crashed) {
      throw new IOException("crashed: " + what);
    }
    if (onlyThread != null && onlyThread != Thread.currentThread()) {
      return false;
    }
    if ((kind == Kind.READ) != (fault == Fault.READ_ERROR)) {
      return false;
    }
    long index = operationCount++;
    if (index < failAt || (index > failAt && !persistent)) {
      return false;
    }
    if (fault == Fault.CRASH) {
      onCrash.run();
      crashed = true;
      fired = true;
      throw new IOException("crashed: " + what);
    }
    boolean suffers =
        switch (fault) {
          case CRASH, IO_ERROR, READ_ERROR -> true;
          case DISK_FULL, SHORT_WRITE -> kind == Kind.GROWTH || kind == Kind.OVERWRITE;
          case DISK_FULL_FOR_GROWTH -> kind == Kind.GROWTH;
          case SYNC_DISK_FULL -> kind == Kind.SYNC_FILE;
        };
    fired |= suffers;
    return suffers;
  }

  /**
   * Called after an operation: of one that another thread's crash came before or during, nobody may
   * hear that it is done.
   */
  private synchronized void finish(String what) throws IOException {
    if (crashed) {
      throw new IOException("crashed during: " + what);
    }
  }

  private synchronized IOException error(String what) {
    return fault == Fault.IO_ERROR || fault == Fault.READ_ERROR
        ? new IOException("Input/output error (injected): " + what)
        : new DiskFullException("No space left on device (injected): " + what, null);
  }

  private void check(Kind kind, String what, Path path) throws IOException {
    if (suffers(kind, what)) {
      throw error(what + " " + path);
    }
  }

  @Override
  public VfsFile create(Path path) throws IOException {
    check(Kind.GROWTH, "create", path);
    VfsFile file = new FaultFile(delegate.create(path), path);
    try {
      finish("create");
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  @Override
  public VfsFile openRead(Path path) throws IOException {
    check(Kind.READ, "open", path);
    return new FaultFile(delegate.openRead(path), path);
  }

  @Override
  public VfsFile openWrite(Path path) throws IOException {
    return new FaultFile(delegate.openWrite(path), path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(Kind.OTHER, "rename", from);
    delegate.rename(from, to);
    finish("rename");
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    check(Kind.GROWTH, "link", link);
    delegate.link(existing, link);
    finish("link");
  }

  @Override
  public void delete(Path path) throws IOException {
    check(Kind.OTHER, "delete", path);
    delegate.delete(path);
    finish("delete");
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return delegate.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    check(Kind.GROWTH, "create directory", directory);
    delegate.createDirectory(directory);
    finish("create directory");
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    check(Kind.OTHER, "sync directory", directory);
    delegate.syncDirectory(directory);
    finish("sync directory");
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

  private final class FaultFile implements VfsFile {
    private final VfsFile file;
    private final Path path;
    private boolean closed;

    FaultFile(VfsFile file, Path path) {
      this.file = file;
      this.path = path;
      synchronized (FaultVfs.this) {
        openFileCount++;
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      boolean grows = position + source.remaining() > file.size();
      if (suffers(grows ? Kind.GROWTH : Kind.OVERWRITE, "write")) {
        synchronized (FaultVfs.this) {
          if (fault == Fault.SHORT_WRITE) {
            ByteBuffer half = source.duplicate();
            half.limit(half.position() + half.remaining() / 2);
            file.write(half, position);
            file.force();
          }
        }
        throw error("write " + path);
      }
      file.write(source, position);
      finish("write");
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      check(Kind.READ, "read", path);
      return file.read(target, position);
    }

    @Override
    public ByteBuffer map(long sizeInBytes) throws IOException {
      check(Kind.READ, "map", path);
      return file.map(sizeInBytes);
    }

    /** What is written there is neither counted nor failed; after a crash nobody sees it. */
    @Override
    public @Nullable ByteBuffer mapForWriting(long position, int sizeInBytes) throws IOException {
      finish("map");
      return file.mapForWriting(position, sizeInBytes);
    }

    @Override
    public void force() throws IOException {
      if (suffers(Kind.SYNC_FILE, "sync")) {
        if (file instanceof MemFile memFile) {
          memFile.failForce();
        }
        throw error("sync " + path);
      }
      file.force();
      finish("sync");
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      synchronized (FaultVfs.this) {
        openFileCount -= closed ? 0 : 1;
        closed = true;
      }
      file.close();
    }
  }
}
