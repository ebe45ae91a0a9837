package io.ppdb.lsm;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.blob.BlobFile;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.SegmentScan;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the blob files that segments of the log refer to which are kept for changes, since whoever
 * reads changes is given values and not handles. Thread-safe.
 */
final class LogBlobs {
  private final Vfs vfs;
  private final BlobFiles files;
  private final ConcurrentHashMap<Long, BlobPins> segments = new ConcurrentHashMap<>();

  LogBlobs(Vfs vfs, BlobFiles files) {
    this.vfs = vfs;
    this.files = files;
  }

  /** Keeps what the memtable of segment {@code number} has pinned; may be repeated. */
  void keep(long number, BlobPins pins) {
    if (!pins.isEmpty() && !segments.containsKey(number) && pins.tryRetain()) {
      segments.put(number, pins);
    }
  }

  /**
   * Lets go of what segment {@code number} refers to; after the manifest has let the segment go.
   */
  void giveUp(long number) {
    BlobPins pins = segments.remove(number);
    if (pins != null) {
      pins.release();
    }
  }

  /** How long the values are, in all, that segment {@code number} refers to. */
  long valueBytes(long number) {
    BlobPins pins = segments.get(number);
    return pins == null ? 0 : pins.valueBytes();
  }

  /** Finds out what segments refer to, when the store is opened. */
  void recover(List<KeptSegment> kept) throws IOException {
    if (vfs.list(files.directory()).stream().anyMatch(BlobFiles::isBlobFile)) {
      for (KeptSegment segment : kept) {
        recover(segment);
      }
    }
  }

  private void recover(KeptSegment segment) throws IOException {
    Path path = files.directory().resolve(WalSegments.fileName(segment.number()));
    BlobPins pins = new BlobPins();
    SegmentScan scan = new SegmentScan(vfs, path, segment.number());
    try {
      SegmentScan.Stop stop;
      do {
        stop = scan.next(segment.endOffset(), 0, Long.MAX_VALUE, commit -> pin(commit, path, pins));
      } while (stop == SegmentScan.Stop.MORE);
    } catch (CorruptionException | NoSuchFileException e) {
      // Whoever reads the changes is told; what lies before the damage is kept for that.
      System.getLogger(LogBlobs.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot read to the end of " + path, e);
    }
    if (!pins.isEmpty()) {
      segments.put(segment.number(), pins);
    }
  }

  private void pin(WalReader.Commit commit, Path path, BlobPins pins) {
    for (Entry entry : commit.entries()) {
      if (entry.kind() == EntryKind.BLOB) {
        BlobHandle handle = BlobHandle.decode(new Slice(entry.value()), path);
        BlobFile file = files.pin(handle.fileNumber());
        pins.add(file, handle.length());
      }
    }
  }

  /** The names of the files that are kept. */
  Set<String> fileNames() {
    Set<String> names = new TreeSet<>();
    segments.values().forEach(pins -> names.addAll(pins.fileNames()));
    return names;
  }
}
