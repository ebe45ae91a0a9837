package io.ppdb.lsm.blob;

import io.ppdb.kv.sync.ReferenceCount;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the blob files that a memtable, and its part of the log, have handles to, until both are
 * gone, no cursor reads the memtable and no change is read from the log any more. Counts its users,
 * the memtable being the first. Thread-safe.
 */
public final class BlobPins {
  private final ReferenceCount uses = new ReferenceCount();

  /** Guarded by this. */
  private final Set<BlobFile> files = new HashSet<>();

  /** Guarded by this. */
  private long valueBytes;

  /** Racily read: whether there may be a handle; written before the commit is published. */
  private volatile boolean used;

  /** Takes over what a commit has pinned, which goes to this memtable. */
  public synchronized void takeOver(BlobBatch batch) {
    valueBytes += batch.valueBytes();
    for (BlobFile file : batch.handOver()) {
      add(file, 0);
    }
  }

  /**
   * Takes over a pin of a file.
   *
   * @param length of the value in it that there is a handle to
   */
  public synchronized void add(BlobFile file, long length) {
    used = true;
    valueBytes += length;
    if (!files.add(file)) {
      file.unpin();
    }
  }

  /** How long the values are, in all, that there are handles to. */
  public synchronized long valueBytes() {
    return valueBytes;
  }

  /** The names of the files. */
  public synchronized List<String> fileNames() {
    return files.stream().map(file -> BlobFiles.fileName(file.number())).toList();
  }

  /** Whether no commit that is published has put a handle into the memtable. */
  public boolean isEmpty() {
    return !used;
  }

  /** Counts one more user; false if the last one has gone. */
  public boolean tryRetain() {
    return uses.tryRetain();
  }

  public void release() {
    if (uses.release()) {
      synchronized (this) {
        files.forEach(BlobFile::unpin);
        files.clear();
      }
    }
  }
}
