package io.ppdb.lsm;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.blob.BlobFile;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.TableSource;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.SegmentScan;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files that segments of the log refer to and that who reads changes needs: blob files,
 * since he is given values and not handles, and the tables of loads, though the tree may have
 * others in their place. Thread-safe.
 */
final class LoggedFiles {
  private final TableSource source;

  /** By the number of the segment. */
  private final ConcurrentHashMap<Long, BlobPins> pins = new ConcurrentHashMap<>();

  /** By the number of the segment; each table with one use. A segment has one load, at its end. */
  private final ConcurrentHashMap<Long, List<TableFile>> loads = new ConcurrentHashMap<>();

  LoggedFiles(TableSource source) {
    this.source = source;
  }

  /** Keeps what the memtable of segment {@code number} has pinned; may be repeated. */
  void keep(long number, BlobPins memtablePins) {
    if (!memtablePins.isEmpty() && !pins.containsKey(number) && memtablePins.tryRetain()) {
      pins.put(number, memtablePins);
    }
  }

  /** Keeps the tables of the load in segment {@code number}; takes over one use of each. */
  void keep(long number, List<TableFile> tables) {
    loads.put(number, tables);
  }

  /**
   * Lets go of what segment {@code number} refers to; after the manifest has let the segment go.
   */
  void giveUp(long number) {
    BlobPins given = pins.remove(number);
    if (given != null) {
      given.release();
    }
    List<TableFile> tables = loads.remove(number);
    if (tables != null) {
      tables.forEach(TableFile::release);
    }
  }

  /** What segment {@code number} refers to takes so many bytes, in all. */
  long sizeInBytes(long number) {
    BlobPins pinned = pins.get(number);
    long bytes = pinned == null ? 0 : pinned.valueBytes();
    for (TableFile table : loads.getOrDefault(number, List.of())) {
      bytes += table.meta().sizeInBytes();
      for (BlobReference blob : table.meta().properties().blobs()) {
        bytes += blob.valueBytes();
      }
    }
    return bytes;
  }

  /**
   * The tables of the load in segment {@code number}, each with one more use, which is the
   * caller's; null if the segment was given up.
   */
  @Nullable List<TableFile> retainLoad(long number) {
    List<TableFile> tables = loads.get(number);
    for (int i = 0; tables != null && i < tables.size(); i++) {
      if (!tables.get(i).tryRetain()) {
        tables.subList(0, i).forEach(TableFile::release);
        return null;
      }
    }
    return tables;
  }

  /**
   * Finds out what segments refer to, when the store is opened.
   *
   * @param tree the tables that are not this object's alone
   */
  void recover(List<KeptSegment> kept, Tree tree) throws IOException {
    if (mayRefer(tree)) {
      for (KeptSegment segment : kept) {
        recover(segment, tree);
      }
    }
  }

  /** Whether there are blob files, or tables of loads. */
  private boolean mayRefer(Tree tree) throws IOException {
    Set<String> own = new HashSet<>();
    for (TableFile table : tree.allTables()) {
      if (table.meta().globalVersion() != 0) {
        return true;
      }
      own.add(table.meta().fileName());
    }
    return source.vfs().list(source.directory()).stream()
        .anyMatch(
            name -> BlobFiles.isBlobFile(name) || (TableMeta.isTable(name) && !own.contains(name)));
  }

  private void recover(KeptSegment segment, Tree tree) throws IOException {
    Path path = source.directory().resolve(WalSegments.fileName(segment.number()));
    BlobPins found = new BlobPins();
    SegmentScan scan = new SegmentScan(source.vfs(), path, segment.number());
    try {
      SegmentScan.Stop stop;
      do {
        stop =
            scan.next(
                segment.endOffset(),
                0,
                Long.MAX_VALUE,
                commit -> {
                  pin(commit, path, found);
                  keepLoad(commit, segment.number(), path, tree);
                });
      } while (stop == SegmentScan.Stop.MORE);
    } catch (CorruptionException | NoSuchFileException e) {
      // Whoever reads the changes is told; what lies before the damage is kept for that.
      System.getLogger(LoggedFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot read to the end of " + path, e);
    }
    if (!found.isEmpty()) {
      pins.put(segment.number(), found);
    }
  }

  private void pin(WalReader.Commit commit, Path path, BlobPins found) {
    for (Entry entry : commit.entries()) {
      if (entry.kind() == EntryKind.BLOB) {
        BlobHandle handle = BlobHandle.decode(new Slice(entry.value()), path);
        BlobFile file = source.blobs().pin(handle.fileNumber());
        found.add(file, handle.length());
      }
    }
  }

  private void keepLoad(WalReader.Commit commit, long number, Path path, Tree tree) {
    byte[] encoded = commit.tables();
    if (encoded == null) {
      return;
    }
    List<TableFile> tables = new ArrayList<>();
    for (TableMeta meta : LoggedTables.decode(encoded, commit.version(), path)) {
      TableFile known = tree.table(meta.number());
      if (known == null) {
        TableFile own = new TableFile(meta, source);
        own.makeObsolete();
        tables.add(own);
      } else {
        tables.add(known.retain());
      }
    }
    loads.put(number, List.copyOf(tables));
  }

  /** The names of the files that are kept. */
  Set<String> fileNames() {
    Set<String> names = new TreeSet<>();
    pins.values().forEach(pinned -> names.addAll(pinned.fileNames()));
    for (List<TableFile> tables : loads.values()) {
      for (TableFile table : tables) {
        names.add(table.meta().fileName());
        for (BlobReference blob : table.meta().properties().blobs()) {
          names.add(BlobFiles.fileName(blob.fileNumber()));
        }
      }
    }
    return names;
  }

  /** Lets go of the tables, whose files stay. */
  void close() {
    for (Long number : loads.keySet()) {
      List<TableFile> tables = loads.remove(number);
      if (tables != null) {
        tables.forEach(TableFile::keepFile);
        tables.forEach(TableFile::release);
      }
    }
  }
}
