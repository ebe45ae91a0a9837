package io.ppdb.lsm.tree;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.sync.ReferenceCount;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All tables, by level.
 *
 * <p>Level 0 has the tables that were flushed, newest first; they may overlap, but for those of one
 * load, which make one <em>run</em>. In every other level tables are sorted by key and their bounds
 * do not overlap, so that all that a level has of a key is in one table: its entries, and the range
 * tombstones over it. What an upper level has of a key is newer than what lower ones have.
 *
 * <p>Besides it <em>holds</em> tables of loads that are not part of it yet, since a memtable below
 * them was not flushed: it does not read them, but keeps them for who uses the tree.
 *
 * <p>Immutable but for the count of its users. It is a user of its tables.
 */
public final class Tree {
  /** Enough for the runs of a tiered tree; a leveled one has few levels in use. */
  public static final int LEVEL_COUNT = 16;

  /**
   * Tables of one version are those of one commit: of a load, and of the memtable below it, which
   * has the ranges that the commit deleted, and hides nothing of what it wrote.
   */
  private static final Comparator<TableFile> NEWEST_FIRST =
      Comparator.comparingLong((TableFile file) -> -file.meta().properties().maxVersion())
          .thenComparing(file -> file.meta().properties().deletedBounds() != null)
          .thenComparing(file -> file.meta().number());

  private static final Comparator<TableFile> BY_KEY =
      (a, b) -> Arrays.compareUnsigned(a.bounds().start(), b.bounds().start());

  private final TableFile[][] levels;
  private final List<TableFile> held;

  /** Those of level 0, newest first. */
  private final List<TableRun> levelZeroRuns;

  /** All that is not empty, newest first: reads pass over nothing else. */
  private final List<TableRun> runs;

  private final ReferenceCount uses = new ReferenceCount();

  /** Takes over one use of each of the tables. */
  private Tree(TableFile[][] levels, List<TableFile> held) {
    this.levels = levels;
    this.held = held;
    this.levelZeroRuns = runsOf(levels[0]);
    List<TableRun> all = new ArrayList<>(levelZeroRuns);
    for (int level = 1; level < LEVEL_COUNT; level++) {
      if (levels[level].length > 0) {
        all.add(new TableRun(Arrays.asList(levels[level])));
      }
    }
    this.runs = List.copyOf(all);
  }

  /** Tables of one load follow each other, since all have one version. */
  private static List<TableRun> runsOf(TableFile[] newestFirst) {
    List<TableRun> runs = new ArrayList<>();
    int start = 0;
    while (start < newestFirst.length) {
      long version = newestFirst[start].meta().globalVersion();
      int end = start + 1;
      while (version != 0
          && end < newestFirst.length
          && newestFirst[end].meta().globalVersion() == version) {
        end++;
      }
      TableFile[] run = Arrays.copyOfRange(newestFirst, start, end);
      Arrays.sort(run, BY_KEY);
      runs.add(new TableRun(Arrays.asList(run)));
      start = end;
    }
    return List.copyOf(runs);
  }

  /** The tree of the tables that a manifest names. */
  public static Tree of(Collection<TableMeta> tables, TableSource source) {
    List<List<TableFile>> levels = emptyLevels();
    for (TableMeta meta : tables) {
      levels.get(meta.level()).add(new TableFile(meta, source));
    }
    return new Tree(sorted(levels), List.of());
  }

  /** This tree, which holds {@code files} besides; each gets one more user. */
  public Tree holding(List<TableFile> files) {
    TableFile[][] same = new TableFile[LEVEL_COUNT][];
    for (int level = 0; level < LEVEL_COUNT; level++) {
      same[level] = levels[level].clone();
      for (TableFile file : same[level]) {
        file.retain();
      }
    }
    List<TableFile> more = new ArrayList<>(held);
    more.addAll(files);
    more.forEach(TableFile::retain);
    return new Tree(same, List.copyOf(more));
  }

  /**
   * The tree after {@code edit}; tables that the edit removes go with the last tree they are in.
   */
  public Tree after(ManifestEdit edit, TableSource source) {
    Set<Long> removed = new HashSet<>(edit.removedTables());
    Map<Long, TableMeta> added = new HashMap<>();
    edit.addedTables().forEach(meta -> added.put(meta.number(), meta));
    List<List<TableFile>> next = emptyLevels();
    for (int level = 0; level < LEVEL_COUNT; level++) {
      for (TableFile file : levels[level]) {
        long number = file.meta().number();
        TableMeta moved = added.remove(number);
        if (moved != null) {
          next.get(moved.level()).add(file.retain());
        } else if (removed.contains(number)) {
          file.makeObsolete();
        } else {
          next.get(level).add(file.retain());
        }
      }
    }
    List<TableFile> stillHeld = new ArrayList<>();
    for (TableFile file : held) {
      TableMeta placed = added.remove(file.meta().number());
      (placed == null ? stillHeld : next.get(placed.level())).add(file.retain());
    }
    for (TableMeta meta : added.values()) {
      next.get(meta.level()).add(new TableFile(meta, source));
    }
    return new Tree(sorted(next), List.copyOf(stillHeld));
  }

  private static List<List<TableFile>> emptyLevels() {
    List<List<TableFile>> levels = new ArrayList<>();
    for (int level = 0; level < LEVEL_COUNT; level++) {
      levels.add(new ArrayList<>());
    }
    return levels;
  }

  private static TableFile[][] sorted(List<List<TableFile>> levels) {
    TableFile[][] sorted = new TableFile[LEVEL_COUNT][];
    for (int level = 0; level < LEVEL_COUNT; level++) {
      levels.get(level).sort(level == 0 ? NEWEST_FIRST : BY_KEY);
      sorted[level] = levels.get(level).toArray(TableFile[]::new);
      assert level == 0 || areApart(sorted[level]) : "tables of level " + level + " overlap";
    }
    return sorted;
  }

  private static boolean areApart(TableFile[] files) {
    for (int i = 1; i < files.length; i++) {
      if (files[i - 1].bounds().overlaps(files[i].bounds())) {
        return false;
      }
    }
    return true;
  }

  /** Counts one more user; false if the last one has gone. */
  public boolean tryRetain() {
    return uses.tryRetain();
  }

  public void release() {
    if (uses.release()) {
      for (TableFile[] level : levels) {
        for (TableFile file : level) {
          file.release();
        }
      }
      held.forEach(TableFile::release);
    }
  }

  /** The tables of a level, in its order. */
  public List<TableFile> level(int level) {
    return Collections.unmodifiableList(Arrays.asList(levels[level]));
  }

  /** Whether no level below {@code level} has anything. */
  public boolean isLast(int level) {
    for (int below = level + 1; below < LEVEL_COUNT; below++) {
      if (levels[below].length > 0) {
        return false;
      }
    }
    return true;
  }

  /** The tables of level 0, newest first: each run is sorted, and its tables do not overlap. */
  public List<TableRun> levelZeroRuns() {
    return levelZeroRuns;
  }

  /** Table {@code number} if it is here, or held; null otherwise. */
  public @Nullable TableFile table(long number) {
    for (TableFile file : allTables()) {
      if (file.meta().number() == number) {
        return file;
      }
    }
    return null;
  }

  public int tableCount(int level) {
    return levels[level].length;
  }

  public long sizeInBytes(int level) {
    long bytes = 0;
    for (TableFile file : levels[level]) {
      bytes += file.meta().sizeInBytes();
    }
    return bytes;
  }

  /** All versions of all keys in {@code level}, deletes included. */
  public long entryCount(int level) {
    long count = 0;
    for (TableFile file : levels[level]) {
      count += file.meta().properties().entryCount();
    }
    return count;
  }

  /** All tables, upper levels first. */
  public List<TableFile> tables() {
    List<TableFile> all = new ArrayList<>();
    for (TableFile[] level : levels) {
      Collections.addAll(all, level);
    }
    return all;
  }

  /** All tables, and those that are held. */
  public List<TableFile> allTables() {
    List<TableFile> all = tables();
    all.addAll(held);
    return all;
  }

  /** By the number of each blob file that tables refer to, the bytes of values that they do. */
  public Map<Long, Long> blobBytes() {
    Map<Long, Long> bytes = new TreeMap<>();
    for (TableFile[] level : levels) {
      for (TableFile file : level) {
        for (BlobReference blob : file.meta().properties().blobs()) {
          bytes.merge(blob.fileNumber(), blob.valueBytes(), Long::sum);
        }
      }
    }
    return bytes;
  }

  /** The tables of a level that may have keys of {@code range}. */
  public List<TableFile> overlapping(int level, KeyRange range) {
    TableFile[] candidates = levels[level];
    List<TableFile> files = new ArrayList<>();
    int first = level == 0 ? 0 : firstEndingBehind(candidates, range.start());
    for (int i = first; i < candidates.length; i++) {
      if (candidates[i].bounds().overlaps(range)) {
        files.add(candidates[i]);
      } else if (level > 0) {
        break; // sorted: all that follow begin later still
      }
    }
    return files;
  }

  /**
   * Offers the entries of {@code key} up to {@code version}, newest first, until the lookup is
   * decided, if not by them then by a range tombstone: nothing that comes later is newer.
   *
   * @param hash {@link io.ppdb.lsm.table.KeyHash#of} the key
   */
  public boolean find(byte[] key, long hash, long version, PointLookup lookup) throws IOException {
    for (TableRun run : runs) {
      if (run.find(key, hash, version, lookup)) {
        return true;
      }
    }
    return false;
  }

  /** Adds to {@code cursors} what together has the entries of {@code range}. */
  public void addCursors(KeyRange range, List<EntryCursor> cursors) throws IOException {
    for (TableRun run : runs) {
      run.addCursor(range, cursors);
    }
  }

  /** Estimates what {@code range} has, without reading blocks. */
  public RangeStatistics statistics(KeyRange range) throws IOException {
    long entryCount = 0;
    long bytes = 0;
    for (TableFile[] level : levels) {
      for (TableFile file : level) {
        if (file.bounds().overlaps(range)) {
          RangeStatistics part = file.statistics(range);
          entryCount += part.entryCount();
          bytes += part.sizeInBytes();
        }
      }
    }
    return new RangeStatistics(entryCount, bytes);
  }

  /** The run with the most entries in {@code range}; null if none has any. */
  public @Nullable TableRun largestRun(KeyRange range) throws IOException {
    TableRun largest = null;
    long largestCount = 0;
    for (TableRun run : runs) {
      long count = run.statistics(range).entryCount();
      if (count > largestCount) {
        largest = run;
        largestCount = count;
      }
    }
    return largest;
  }

  /** The index of the first of {@code files}, sorted by key, that reaches beyond {@code key}. */
  static int firstEndingBehind(TableFile[] files, byte[] key) {
    int low = 0;
    int high = files.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (files[middle].bounds().isBeforeEnd(key)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
