package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to compact: the level that exceeds its target most.
 *
 * <p>Level 0 counts tables, since every read may have to ask each of them; all are taken at once.
 * The others count bytes, and give up one table at a time, going round by key. Not thread-safe.
 */
public final class CompactionPicker {
  private final CompactionOptions options;

  /** For each level, where the table taken last ends; null to begin with the first one. */
  private final byte[] @Nullable [] lastEnds = new byte[Tree.LEVEL_COUNT][];

  public CompactionPicker(CompactionOptions options) {
    this.options = options;
  }

  /** The next compaction, or null if the tree has its shape. */
  public @Nullable Compaction pick(Tree tree) {
    int level = 0;
    double highest = (double) tree.tableCount(0) / options.levelZeroTrigger();
    long target = options.levelOneBytes();
    for (int i = 1; i < Tree.LEVEL_COUNT - 1; i++) {
      double score = (double) tree.sizeInBytes(i) / target;
      if (score > highest) {
        highest = score;
        level = i;
      }
      target *= options.levelMultiplier();
    }
    if (highest < 1) {
      return null;
    }
    return level == 0 ? levelZero(tree) : oneTable(tree, level);
  }

  /**
   * The table below level 0 that has most of the blob files {@code numbers}, to be rewritten where
   * it is; null if none has any of them.
   */
  public static @Nullable Compaction rewriting(Tree tree, Set<Long> numbers) {
    Compaction chosen = null;
    long most = 0;
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      for (TableFile file : tree.level(level)) {
        long bytes = 0;
        for (BlobReference blob : file.meta().properties().blobs()) {
          bytes += numbers.contains(blob.fileNumber()) ? blob.valueBytes() : 0;
        }
        if (bytes > most) {
          most = bytes;
          chosen = new Compaction(level, level, List.of(List.of(file)));
        }
      }
    }
    return chosen;
  }

  /** Everything into the deepest level in use; null if there is nothing. */
  public static @Nullable Compaction everything(Tree tree) {
    int deepest = 1;
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      deepest = tree.tableCount(level) > 0 ? level : deepest;
    }
    List<List<TableFile>> runs = singles(tree.level(0));
    for (int level = 1; level <= deepest; level++) {
      addRun(runs, tree.level(level));
    }
    return runs.isEmpty() ? null : new Compaction(deepest, deepest, runs);
  }

  private static Compaction levelZero(Tree tree) {
    List<TableFile> inputs = tree.level(0);
    List<List<TableFile>> runs = singles(inputs);
    addRun(runs, tree.overlapping(1, bounds(inputs)));
    return new Compaction(0, 1, runs);
  }

  /** Tables of level 0 may overlap: each is a run of its own. */
  private static List<List<TableFile>> singles(List<TableFile> files) {
    List<List<TableFile>> runs = new ArrayList<>();
    for (TableFile file : files) {
      runs.add(List.of(file));
    }
    return runs;
  }

  private static void addRun(List<List<TableFile>> runs, List<TableFile> files) {
    if (!files.isEmpty()) {
      runs.add(files);
    }
  }

  private Compaction oneTable(Tree tree, int level) {
    List<TableFile> files = tree.level(level);
    byte[] last = lastEnds[level];
    TableFile chosen = files.get(0);
    if (last != null) {
      for (TableFile file : files) {
        if (Arrays.compareUnsigned(file.bounds().start(), last) >= 0) {
          chosen = file;
          break;
        }
      }
    }
    lastEnds[level] = chosen.bounds().end();
    List<TableFile> inputs = List.of(chosen);
    List<List<TableFile>> runs = singles(inputs);
    addRun(runs, tree.overlapping(level + 1, bounds(inputs)));
    return new Compaction(level, level + 1, runs);
  }

  /** The range from the first key of {@code files} to behind the last one. */
  static KeyRange bounds(List<TableFile> files) {
    KeyRange bounds = files.get(0).bounds();
    byte[] start = bounds.start();
    byte[] end = bounds.end();
    for (TableFile file : files) {
      byte[] otherStart = file.bounds().start();
      byte[] otherEnd = file.bounds().end();
      start = Arrays.compareUnsigned(otherStart, start) < 0 ? otherStart : start;
      if (end != null && (otherEnd == null || Arrays.compareUnsigned(otherEnd, end) > 0)) {
        end = otherEnd;
      }
    }
    return KeyRange.of(start, end);
  }
}
