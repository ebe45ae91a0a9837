package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables to be merged into one level.
 *
 * @param level where the newest of them come from; the output level if they are rewritten in any
 *     case
 * @param outputLevel where the result goes
 * @param runs the tables, in groups that are sorted and share no key within themselves
 * @param reason what it is good for
 * @param above range tombstones that hide some of the tables' entries, and stay where they are;
 *     null if there are none
 */
public record Compaction(
    int level,
    int outputLevel,
    List<List<TableFile>> runs,
    Reason reason,
    @Nullable RangeTombstones above) {
  /** What compactions are good for. */
  public enum Reason {
    /** The tree is to have its shape. */
    SHAPE,
    /** Somebody asked for it. */
    REQUESTED,
    /** A delete, or an entry that has expired, has to be gone soon. */
    OVERDUE,
    /** Much of a table is superseded or has expired. */
    GARBAGE,
    /** Range tombstones hide much of a table. */
    COVERED_PARTLY,
    /** Range tombstones hide everything, so the tables go unread. */
    COVERED,
    /** Values are moved out of blob files that are mostly garbage. */
    BLOBS
  }

  Compaction(int level, int outputLevel, List<List<TableFile>> runs) {
    this(level, outputLevel, runs, Reason.SHAPE, null);
  }

  /** One table, to be written again where it is. */
  static Compaction rewrite(TableFile file, int level, Reason reason) {
    return new Compaction(level, level, List.of(List.of(file)), reason, null);
  }

  /** Tables that go unread. */
  static Compaction drop(List<List<TableFile>> runs) {
    return new Compaction(0, 0, runs, Reason.COVERED, null);
  }

  /** This compaction for another reason. */
  Compaction because(Reason newReason) {
    return new Compaction(level, outputLevel, runs, newReason, above);
  }

  /** This compaction below range tombstones that stay where they are. */
  Compaction under(RangeTombstones tombstones) {
    return new Compaction(level, outputLevel, runs, reason, tombstones);
  }

  /** The whole run of {@code level} into another, which has nothing. */
  static Compaction move(Tree tree, int level, int outputLevel) {
    return new Compaction(level, outputLevel, List.of(tree.level(level)));
  }

  /** The runs of the levels from {@code first} to {@code last} into the last one. */
  static Compaction merge(Tree tree, int first, int last) {
    List<List<TableFile>> runs = new ArrayList<>();
    if (first == 0) {
      addLevelZero(runs, tree);
    }
    for (int level = Math.max(1, first); level <= last; level++) {
      addRun(runs, tree.level(level));
    }
    return new Compaction(first, last, runs);
  }

  /** One table and what the output level has of its range; nothing between has any of that. */
  static Compaction down(Tree tree, TableFile file, int level, int outputLevel) {
    List<List<TableFile>> runs = new ArrayList<>();
    runs.add(List.of(file));
    addRun(runs, tree.overlapping(outputLevel, file.bounds()));
    return new Compaction(level, outputLevel, runs);
  }

  static void addLevelZero(List<List<TableFile>> runs, Tree tree) {
    tree.levelZeroRuns().forEach(run -> runs.add(run.files()));
  }

  static void addRun(List<List<TableFile>> runs, List<TableFile> files) {
    if (!files.isEmpty()) {
      runs.add(files);
    }
  }

  /** All tables that the result replaces. */
  public List<TableFile> inputs() {
    List<TableFile> inputs = new ArrayList<>();
    runs.forEach(inputs::addAll);
    return inputs;
  }

  /** Whether the tables just go. */
  public boolean isDrop() {
    return reason == Reason.COVERED;
  }

  /** Whether a table is written again where it is. */
  boolean isRewriting() {
    return level == outputLevel && runs.size() == 1 && runs.get(0).size() == 1 && !isDrop();
  }

  /** Whether the one run can go to the output level as it is. */
  public boolean isTrivialMove() {
    return outputLevel != level && runs.size() == 1;
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
