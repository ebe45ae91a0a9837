package io.ppdb.lsm.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The operating system's file system. */
public final class RealVfs implements Vfs {
  public static final RealVfs INSTANCE = new RealVfs();

  /**
   * Locks held by this process. The operating system's locks belong to the process, and closing any
   * descriptor of a file drops them all: a second attempt in the same process must not even open
   * the lock file. This is why the set is shared by the whole process.
   */
  private static final Set<Path> HELD_LOCKS = ConcurrentHashMap.newKeySet();

  private static final int MAX_PID_BYTES = 32;

  private RealVfs() {}

  @Override
  public VfsFile create(Path path) throws IOException {
    return open(
        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public VfsFile openRead(Path path) throws IOException {
    return open(path, StandardOpenOption.READ);
  }

  @Override
  public VfsFile openWrite(Path path) throws IOException {
    return open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static VfsFile open(Path path, OpenOption... options) throws IOException {
    try {
      FileChannel channel = FileChannel.open(path, options);
      Set<OpenOption> reopenOptions = new HashSet<>(List.of(options));
      reopenOptions.remove(StandardOpenOption.CREATE_NEW);
      return new RealFile(path, channel, reopenOptions);
    } catch (IOException e) {
      throw translate(e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw translate(e);
    }
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (IOException e) {
      throw translate(e);
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.delete(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path path : stream) {
        names.add(String.valueOf(path.getFileName()));
      }
    }
    names.sort(null);
    return names;
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw translate(e);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return; // a directory cannot be opened there; NTFS journals its names by itself
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public VfsLock lock(Path path) throws IOException {
    Path parent = Objects.requireNonNull(path.toAbsolutePath().getParent(), "parent of a lock");
    Path key = parent.toRealPath().resolve(path.getFileName());
    if (!HELD_LOCKS.add(key)) {
      throw new LockedException(
          path + " is held by this process (pid " + ProcessHandle.current().pid() + ")");
    }
    boolean locked = false;
    try {
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw new LockedException(
              path + " is held by another process (pid " + pid(channel) + ")");
        }
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        locked = true;
        return () -> {
          channel.close();
          HELD_LOCKS.remove(key);
        };
      } finally {
        if (!locked) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw translate(e);
    } finally {
      if (!locked) {
        HELD_LOCKS.remove(key);
      }
    }
  }

  private static String pid(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_PID_BYTES);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    return text.isBlank() ? "unknown" : text.strip();
  }

  @Override
  public Path resolved(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    for (Path there = absolute; there != null; there = there.getParent()) {
      if (Files.exists(there)) {
        return there.toRealPath().resolve(there.relativize(absolute)).normalize();
      }
    }
    return absolute;
  }

  @Override
  public boolean exists(Path path) throws IOException {
    // Not Files.exists, which says no when it does not know: a store would be begun anew.
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public long size(Path path) throws IOException {
    return Files.size(path);
  }

  /** The JDK tells a full disk apart by the text of the operating system only. */
  static IOException translate(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    boolean full =
        message.contains("no space left")
            || message.contains("not enough space")
            || message.contains("quota exceeded");
    return full ? new DiskFullException(String.valueOf(e.getMessage()), e) : e;
  }
}
