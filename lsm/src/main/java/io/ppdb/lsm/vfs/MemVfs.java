package io.ppdb.lsm.vfs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a page cache, in memory, whose plug can be pulled.
 *
 * <p>Every file has bytes as programs see them and bytes as they are on the platter; every
 * directory likewise has names that are seen and names that would be there after power loss. {@link
 * #crashed} makes the disk that a machine finds after power loss at this moment: each 512-byte
 * sector that was written but not forced is old, new or torn, each change of a directory that was
 * not synced is there or not, independently and at random. That is harsher than any one real file
 * system, and allowed to all of them; but for one thing: a sector written twice between two syncs
 * is never found as the first write left it ({@link FaultVfs.Fault#SHORT_WRITE} makes up for it).
 *
 * <p>Directories themselves are durable at once. Thread-safe: every operation holds the monitor of
 * the disk.
 */
public final class MemVfs implements Vfs {
  /** A change of names that a directory sync has not covered yet. */
  private record NameChange(Path directory, Path removed, Path added, @Nullable MemInode inode) {}

  // Guarded by this.
  private final TreeMap<Path, MemInode> names = new TreeMap<>();
  private final Map<Path, MemInode> durableNames = new HashMap<>();
  private final List<NameChange> pendingChanges = new ArrayList<>();
  private final Set<Path> directories = new HashSet<>();
  private final Set<Path> heldLocks = new HashSet<>();

  /** The disk as power loss at this moment would leave it, chosen by {@code random}. */
  public synchronized MemVfs crashed(Random random) {
    Map<Path, MemInode> survivors = new HashMap<>(durableNames);
    for (NameChange change : pendingChanges) {
      if (random.nextBoolean()) {
        survivors.remove(change.removed);
        if (change.inode != null) {
          survivors.put(change.added, change.inode);
        }
      }
    }
    return copy(new TreeMap<>(survivors), inode -> inode.crashed(random));
  }

  /** The disk as the death of the process at this moment would leave it: nothing is lost. */
  public synchronized MemVfs killed() {
    return copy(names, MemInode::killed);
  }

  private MemVfs copy(Map<Path, MemInode> survivors, UnaryOperator<MemInode> survive) {
    MemVfs after = new MemVfs();
    after.directories.addAll(directories);
    Map<MemInode, MemInode> inodes = new HashMap<>();
    survivors.forEach(
        (path, inode) -> after.names.put(path, inodes.computeIfAbsent(inode, survive)));
    after.durableNames.putAll(after.names);
    return after;
  }

  @Override
  public synchronized VfsFile create(Path path) throws IOException {
    Path key = key(path);
    requireAbsent(key);
    requireParent(key);
    MemInode inode = new MemInode();
    names.put(key, inode);
    pendingChanges.add(new NameChange(parent(key), key, key, inode));
    return new MemFile(this, inode, true);
  }

  @Override
  public synchronized VfsFile openRead(Path path) throws IOException {
    return new MemFile(this, inode(path), false);
  }

  @Override
  public synchronized VfsFile openWrite(Path path) throws IOException {
    return new MemFile(this, inode(path), true);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    MemInode inode = inode(from);
    Path target = key(to);
    requireParent(target);
    names.remove(key(from));
    names.put(target, inode);
    pendingChanges.add(new NameChange(parent(target), key(from), target, inode));
  }

  @Override
  public synchronized void link(Path existing, Path link) throws IOException {
    MemInode inode = inode(existing);
    Path target = key(link);
    requireAbsent(target);
    requireParent(target);
    names.put(target, inode);
    pendingChanges.add(new NameChange(parent(target), target, target, inode));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    inode(path);
    Path key = key(path);
    names.remove(key);
    pendingChanges.add(new NameChange(parent(key), key, key, null));
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    Path parent = key(directory);
    if (!directories.contains(parent)) {
      throw new NoSuchFileException(parent.toString());
    }
    List<String> children = new ArrayList<>();
    for (Path path : names.keySet()) {
      if (parent.equals(path.getParent())) {
        children.add(String.valueOf(path.getFileName()));
      }
    }
    for (Path path : directories) {
      if (parent.equals(path.getParent())) {
        children.add(String.valueOf(path.getFileName()));
      }
    }
    children.sort(null);
    return children;
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    Path key = key(directory);
    requireAbsent(key);
    if (!directories.add(key)) {
      throw new FileAlreadyExistsException(key.toString());
    }
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    Path key = key(directory);
    if (!directories.contains(key)) {
      throw new NoSuchFileException(key.toString());
    }
    pendingChanges.removeIf(
        change -> {
          if (!change.directory.equals(key)) {
            return false;
          }
          durableNames.remove(change.removed);
          if (change.inode != null) {
            durableNames.put(change.added, change.inode);
          }
          return true;
        });
  }

  @Override
  public synchronized VfsLock lock(Path path) throws IOException {
    Path key = key(path);
    if (!heldLocks.add(key)) {
      throw new LockedException(
          path + " is held by this process (pid " + ProcessHandle.current().pid() + ")");
    }
    if (!names.containsKey(key)) {
      create(path).close();
    }
    return () -> {
      synchronized (MemVfs.this) {
        heldLocks.remove(key);
      }
    };
  }

  @Override
  public synchronized boolean exists(Path path) {
    return names.containsKey(key(path)) || directories.contains(key(path));
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    return directories.contains(key(path));
  }

  @Override
  public synchronized long size(Path path) throws IOException {
    return inode(path).size();
  }

  /** Inverts one bit of a file, on the platter and in the cache: bit rot. */
  public synchronized void flipBit(Path path, long bitIndex) throws IOException {
    inode(path).flipBit(bitIndex);
  }

  /** The bytes of a file as programs see them. */
  public synchronized byte[] bytes(Path path) throws IOException {
    return inode(path).bytes();
  }

  private MemInode inode(Path path) throws IOException {
    MemInode inode = names.get(key(path));
    if (inode == null) {
      throw new NoSuchFileException(path.toString());
    }
    return inode;
  }

  private void requireAbsent(Path key) throws IOException {
    if (names.containsKey(key)) {
      throw new FileAlreadyExistsException(key.toString());
    }
  }

  private void requireParent(Path key) throws IOException {
    if (!directories.contains(parent(key))) {
      throw new FileNotFoundException("no directory " + parent(key));
    }
  }

  private static Path key(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static Path parent(Path key) {
    Path parent = key.getParent();
    return parent == null ? key : parent;
  }
}
