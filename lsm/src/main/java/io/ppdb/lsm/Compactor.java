package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.lsm.blob.BlobFile;
import io.ppdb.lsm.compaction.Compaction;
import io.ppdb.lsm.compaction.CompactionPicker;
import io.ppdb.lsm.compaction.DeleteTicks;
import io.ppdb.lsm.compaction.GarbageHorizon;
import io.ppdb.lsm.compaction.RateLimiter;
import io.ppdb.lsm.compaction.TableBuilder;
import io.ppdb.lsm.events.CompactionEvent;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites tables: compactions, and the removal of ranges. One rewrite at a time; flushes may go on
 * beside it, since they only add tables to level 0 that are newer than all it reads.
 */
final class Compactor {
  /** Twice what most compactions take. */
  private static final long FIRST_FILTER_DELAY_MILLIS = TimeUnit.MINUTES.toMillis(2);

  private final LsmOptions options;
  private final WorkCounters counters;
  private final EngineContext context;
  private final LiveState live;
  private final CompactionPicker picker;
  private final RateLimiter limiter;
  private final BooleanSupplier cancelled;

  // Guarded by this.
  private boolean closed;

  /** How long after the beginning of a compaction what filters give up expires. */
  private long filterDelayMillis = FIRST_FILTER_DELAY_MILLIS;

  Compactor(
      LsmOptions options,
      WorkCounters counters,
      EngineContext context,
      LiveState live,
      BooleanSupplier cancelled) {
    this.options = options;
    this.counters = counters;
    this.context = context;
    this.live = live;
    this.picker = new CompactionPicker(options.compaction());
    this.limiter = new RateLimiter(options.compaction().bytesPerSecond());
    this.cancelled = cancelled;
  }

  /** How long rewrites have waited because of their rate limit. */
  long rateLimitNanos() {
    return limiter.waitedNanos();
  }

  /** About how much of {@code tree} is garbage, as far as it is forecast. */
  long garbageBytes(Tree tree) {
    return CompactionPicker.garbageBytes(tree, garbageHorizon());
  }

  /** Lets the rewrite under way go on without waiting, since it is about to be cancelled. */
  void hurry() {
    limiter.close();
  }

  /** Waits for the rewrite under way; there will be no other. */
  synchronized void close() {
    closed = true;
  }

  /** Runs the compaction that the tree needs most; false if it needs none. */
  synchronized boolean compactOnce() throws IOException {
    Tree tree = live.acquire().tree();
    try {
      Set<Long> wasteful = wastefulBlobFiles(tree);
      Compaction compaction = picker.pick(tree, garbageHorizon());
      return run(
          compaction == null ? CompactionPicker.rewriting(tree, wasteful) : compaction,
          tree,
          wasteful);
    } finally {
      tree.release();
    }
  }

  /** Merges all tables into the deepest level in use. */
  synchronized void compactEverything() throws IOException {
    Tree tree = live.acquire().tree();
    try {
      run(CompactionPicker.everything(tree), tree, wastefulBlobFiles(tree));
    } finally {
      tree.release();
    }
  }

  /** Removes every entry of {@code range} from the tables, whoever may still see it. */
  synchronized void dropRange(KeyRange range) throws IOException {
    checkOpen();
    Tree tree = live.acquire().tree();
    ManifestEdit edit = new ManifestEdit().horizons(context.horizons());
    boolean copied = false;
    try {
      for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
        for (TableFile file : tree.overlapping(level, range)) {
          edit.removeTable(file.meta().number());
          if (!file.isWithin(range)) {
            copyOutside(file, level, range, edit);
          }
        }
      }
      copied = true;
      if (!edit.removedTables().isEmpty()) {
        live.applyDrop(edit, range);
      }
    } finally {
      tree.release();
      if (!copied) {
        live.discard(edit);
      }
    }
  }

  private GarbageHorizon garbageHorizon() {
    return new GarbageHorizon(context.horizons(), context.times(), context.ticks().nextMillis());
  }

  private void checkOpen() {
    if (closed) {
      throw LiveState.closed();
    }
  }

  /** The blob files of which tables refer to less than half: their values are moved. */
  private Set<Long> wastefulBlobFiles(Tree tree) throws IOException {
    Set<Long> wasteful = new HashSet<>();
    for (Map.Entry<Long, Long> blob : tree.blobBytes().entrySet()) {
      BlobFile file = live.source().blobs().retain(blob.getKey());
      try {
        if (file.isSettled() && 2 * blob.getValue() < file.sizeInBytes()) {
          wasteful.add(blob.getKey());
        }
      } catch (NoSuchFileException e) {
        // Damage, which whoever reads its values is told; no reason to stop compactions.
        System.getLogger(Compactor.class.getName())
            .log(System.Logger.Level.WARNING, "the blob file is missing: " + file.path(), e);
      } finally {
        file.release();
      }
    }
    return wasteful;
  }

  /**
   * Runs a compaction.
   *
   * @param wasteful blob files whose values are to be moved
   */
  private boolean run(@Nullable Compaction compaction, Tree tree, Set<Long> wasteful)
      throws IOException {
    checkOpen();
    if (compaction == null) {
      return false;
    }
    CompactionEvent event = new CompactionEvent();
    event.begin();
    @Nullable ManifestEdit edit;
    if (compaction.isDrop()) {
      edit = removal(compaction).horizons(context.horizons());
      live.apply(edit);
    } else if (compaction.isTrivialMove()) {
      edit = removal(compaction);
      for (TableFile file : compaction.inputs()) {
        edit.addTable(file.meta().atLevel(compaction.outputLevel()));
      }
      live.apply(edit);
    } else {
      edit = merge(compaction, tree, wasteful, event);
    }
    if (edit == null) {
      return false;
    }
    commit(event, compaction, edit);
    counters.compacted(compaction, edit.addedTables());
    picker.done(compaction, edit.addedTables(), context.ticks().nextMillis());
    return true;
  }

  private static ManifestEdit removal(Compaction compaction) {
    ManifestEdit edit = new ManifestEdit();
    compaction.inputs().forEach(file -> edit.removeTable(file.meta().number()));
    return edit;
  }

  /** Gives the edit that is in force; null if it was cancelled. */
  private @Nullable ManifestEdit merge(
      Compaction compaction, Tree tree, Set<Long> wasteful, CompactionEvent event)
      throws IOException {
    while (true) {
      ManifestEdit edit = removal(compaction);
      long filterEffectMillis = context.ticks().nextMillis() + filterDelayMillis;
      try (CompactionMerge merge =
          new CompactionMerge(
              options, context, live, limiter, compaction, tree, wasteful, filterEffectMillis)) {
        event.pieceCount = merge.pieceCount();
        if (!merge.run(cancelled, edit)) {
          return null;
        }
        if (!merge.hasGivenUp()
            || context.ticks().nextMillis() < filterEffectMillis - filterDelayMillis / 2) {
          apply(merge, edit);
          return edit;
        }
      }
      // What filters gave up must not expire before the tables are in force: a view would change.
      live.discard(edit);
      filterDelayMillis *= 2;
    }
  }

  private void apply(CompactionMerge merge, ManifestEdit edit) throws IOException {
    try {
      live.apply(edit);
    } catch (DiskFullException e) {
      throw e; // it is certainly not in the manifest
    } catch (IOException e) {
      merge.keepBlobs();
      throw e;
    }
  }

  private static void commit(CompactionEvent event, Compaction compaction, ManifestEdit edit) {
    event.outputLevel = compaction.outputLevel();
    event.reason = compaction.reason().name();
    event.trivialMove = compaction.isTrivialMove();
    for (TableFile input : compaction.inputs()) {
      event.inputTableCount++;
      event.inputBytes += input.meta().sizeInBytes();
    }
    for (TableMeta output : edit.addedTables()) {
      event.outputTableCount++;
      event.outputBytes += output.sizeInBytes();
    }
    event.commit();
  }

  private void copyOutside(TableFile file, int level, KeyRange range, ManifestEdit edit)
      throws IOException {
    try (EntryCursor cursor = file.table().cursor(false);
        TableBuilder builder =
            new TableBuilder(
                options.vfs(),
                live.source().directory(),
                live::newFileNumber,
                level,
                options.tableFormat(level, false, context.policies()),
                options.compaction().tableBytes())) {
      builder.forecastGarbage(context.horizons(), new DeleteTicks(List.of(file)));
      builder.copyOutside(cursor, range);
      builder.finish().forEach(edit::addTable);
    }
  }
}
