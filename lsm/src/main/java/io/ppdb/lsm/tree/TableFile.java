package io.ppdb.lsm.tree;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Slice;
import io.ppdb.kv.sync.ReferenceCount;
import io.ppdb.lsm.blob.BlobFile;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.SsTable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that some tree has: opened when first read, closed when no tree has it, and deleted then
 * if the manifest has let it go.
 *
 * <p>Thread-safe.
 */
public final class TableFile {
  private final TableMeta meta;
  private final TableSource source;
  private final KeyRange bounds;
  private final ReferenceCount uses = new ReferenceCount();

  /** The blob files that values of this table lie in, each with one use. */
  private final List<BlobFile> blobs = new ArrayList<>();

  private volatile @Nullable SsTable table;

  /** What of the table is kept in memory; null if not all that should. Guarded by this. */
  private @Nullable List<KeyRange> pinned = List.of();

  /** Whether the file is to be deleted with its last use. */
  private volatile boolean obsolete;

  public TableFile(TableMeta meta, TableSource source) {
    this.meta = meta;
    this.source = source;
    this.bounds = meta.properties().bounds();
    for (BlobReference blob : meta.properties().blobs()) {
      blobs.add(source.blobs().retain(blob.fileNumber()));
    }
  }

  /** What the manifest says; the level is the one it was made for, and may have changed. */
  public TableMeta meta() {
    return meta;
  }

  /** From the first key to behind the last one, of entries and of range tombstones. */
  public KeyRange bounds() {
    return bounds;
  }

  public boolean covers(Slice key) {
    return key.compareTo(bounds.start()) >= 0 && !isBefore(key);
  }

  /** Whether all that is here comes before {@code key}. */
  public boolean isBefore(Slice key) {
    byte[] end = bounds.end();
    return end != null && key.compareTo(end) >= 0;
  }

  /** Whether all that is here lies in {@code range}. */
  public boolean isWithin(KeyRange range) {
    byte[] end = bounds.end();
    byte[] rangeEnd = range.end();
    return Arrays.compareUnsigned(range.start(), bounds.start()) <= 0
        && (rangeEnd == null || (end != null && Arrays.compareUnsigned(end, rangeEnd) <= 0));
  }

  public Path path() {
    return source.directory().resolve(meta.fileName());
  }

  /** The table, opened if need be. */
  public SsTable table() throws IOException {
    SsTable opened = table;
    return opened != null ? opened : open();
  }

  private synchronized SsTable open() throws IOException {
    SsTable opened = table;
    if (opened == null) {
      try {
        opened = SsTable.open(source.vfs(), path(), source.cache(), meta.globalVersion());
      } catch (NoSuchFileException e) {
        throw new CorruptionException(path(), "the file is missing, though the manifest names it");
      }
      if (!opened.properties().isSameAs(meta.properties())) {
        opened.close();
        throw new CorruptionException(path(), "it is another table than the manifest names");
      }
      table = opened;
    }
    return opened;
  }

  /**
   * Keeps in memory what of this table lies in {@code ranges}, and nothing else of it.
   *
   * @return false if there was not room for all
   */
  public synchronized boolean pin(List<KeyRange> ranges) throws IOException {
    List<KeyRange> mine = ranges.stream().filter(bounds::overlaps).toList();
    if (!mine.equals(pinned)) {
      pinned = table().pin(mine) ? mine : null;
    }
    return pinned != null;
  }

  /** Estimates what {@code range} has here, without reading blocks. */
  RangeStatistics statistics(KeyRange range) throws IOException {
    return isWithin(range)
        ? new RangeStatistics(meta.properties().entryCount(), meta.properties().rawBytes())
        : table().statistics(range);
  }

  /** Reads every byte from the disk, whatever is in memory, and checks it. */
  public void verify() throws IOException {
    table();
    try (SsTable fresh =
        SsTable.open(source.vfs(), path(), new BlockCache(0), meta.globalVersion())) {
      fresh.verify();
      fresh.verifyBlobs(source.blobs());
    }
  }

  /** Lets the file be deleted when the last user of this table goes. */
  public void makeObsolete() {
    obsolete = true;
  }

  /** Lets the file stay when the last user goes, since something that is durable names it. */
  public void keepFile() {
    obsolete = false;
  }

  /** This table, with one more use. */
  public TableFile retain() {
    uses.retain();
    return this;
  }

  /** Counts one more user; false if the last one has gone. */
  public boolean tryRetain() {
    return uses.tryRetain();
  }

  public void release() {
    if (uses.release()) {
      dispose();
    }
  }

  private synchronized void dispose() {
    try {
      if (table != null) {
        table.close();
      }
      if (obsolete) {
        source.vfs().delete(path());
      }
    } catch (IOException e) {
      // Untidy, not harmful: opening the store deletes what the manifest does not name.
      System.getLogger(TableFile.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot close or delete " + path(), e);
    }
    blobs.forEach(BlobFile::release);
  }
}
