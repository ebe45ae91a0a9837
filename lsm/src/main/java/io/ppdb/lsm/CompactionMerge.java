package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.MergingEntryCursor;
import io.ppdb.kv.engine.Retention;
import io.ppdb.lsm.blob.BlobRelocation;
import io.ppdb.lsm.compaction.Compaction;
import io.ppdb.lsm.compaction.CompactionFilter;
import io.ppdb.lsm.compaction.CutKeys;
import io.ppdb.lsm.compaction.DeleteTicks;
import io.ppdb.lsm.compaction.FilterPass;
import io.ppdb.lsm.compaction.LowestCheck;
import io.ppdb.lsm.compaction.Pieces;
import io.ppdb.lsm.compaction.RateLimiter;
import io.ppdb.lsm.compaction.TableBuilder;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.tree.LevelCursor;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The merging of one compaction's inputs into new tables: cut by key into pieces, which are merged
 * at the same time.
 *
 * <p>If one piece fails, or the store is closed, the others leave off and the tables of all are
 * deleted. Until it is closed it keeps the blob files that it has written. One thread uses it.
 */
final class CompactionMerge implements Closeable {
  private final LsmOptions options;
  private final EngineContext context;
  private final LiveState live;
  private final RateLimiter limiter;
  private final Compaction compaction;
  private final Tree tree;
  private final Horizons horizons;
  private final long filterEffectMillis;
  private final List<MergePiece> pieces = new ArrayList<>();

  /**
   * The merging of {@code compaction} in {@code tree}.
   *
   * @param wasteful blob files whose values are to be moved
   * @param filterEffectMillis when what filters give up expires
   */
  CompactionMerge(
      LsmOptions options,
      EngineContext context,
      LiveState live,
      RateLimiter limiter,
      Compaction compaction,
      Tree tree,
      Set<Long> wasteful,
      long filterEffectMillis)
      throws IOException {
    this.filterEffectMillis = filterEffectMillis;
    this.options = options;
    this.context = context;
    this.live = live;
    this.limiter = limiter;
    this.compaction = compaction;
    this.tree = tree;
    this.horizons = context.horizons();
    for (KeyRange range : CutKeys.ranges(compaction, options.compaction())) {
      pieces.add(
          new MergePiece(
              range,
              new BlobRelocation(
                  live.source().blobs(),
                  wasteful,
                  live::newFileNumber,
                  options.blobs().fileBytes())));
    }
  }

  int pieceCount() {
    return pieces.size();
  }

  /**
   * Merges, and adds the new tables to {@code edit}.
   *
   * @param cancelled asked between keys
   * @return false if it was cancelled
   */
  boolean run(BooleanSupplier cancelled, ManifestEdit edit) throws IOException {
    edit.horizons(horizons);
    boolean done = false;
    try {
      Pieces.runAll(
          pieces.stream()
              .map(piece -> (Pieces.Piece) others -> piece.run(cancelled, others))
              .toList());
      done = pieces.stream().allMatch(piece -> piece.isDone);
    } finally {
      for (MergePiece piece : pieces) {
        piece.tables.forEach(edit::addTable);
      }
      if (!done) {
        live.discard(edit);
      }
    }
    return done;
  }

  /** Whether filters have given up values. */
  boolean hasGivenUp() {
    return pieces.stream().anyMatch(piece -> piece.givenUpCount > 0);
  }

  /** Keeps the new blob files whatever happens: nobody knows whether the manifest needs them. */
  void keepBlobs() {
    pieces.forEach(piece -> piece.relocation.keep());
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (MergePiece piece : pieces) {
      try {
        piece.relocation.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Merges one range of keys. Written by one thread, read by the caller after that has ended. */
  private final class MergePiece {
    private final KeyRange range;
    private final BlobRelocation relocation;
    private List<TableMeta> tables = List.of();
    private long givenUpCount;
    private boolean isDone;

    MergePiece(KeyRange range, BlobRelocation relocation) {
      this.range = range;
      this.relocation = relocation;
    }

    void run(BooleanSupplier cancelled, Pieces.Failure others) throws IOException {
      int level = compaction.outputLevel();
      LowestCheck lowest = new LowestCheck(tree, level);
      try (EntryCursor cursor = cursor();
          TableBuilder builder =
              new TableBuilder(
                  options.vfs(),
                  live.source().directory(),
                  live::newFileNumber,
                  level,
                  options.tableFormat(level, tree.isLast(level), context.policies()),
                  options.compaction().tableBytes())) {
        Retention retention =
            new Retention(horizons, context.operators(), lowest, cursor, compaction.above());
        builder.forecastGarbage(horizons, new DeleteTicks(compaction.inputs()));
        builder.relocateBlobs(relocation);
        builder.limitRate(limiter);
        if (level + 1 < Tree.LEVEL_COUNT) {
          builder.alignTo(tree.overlapping(level + 1, range));
        }
        FilterPass pass =
            new FilterPass(
                filters(), context.policies(), live.source().blobs(), filterEffectMillis);
        if (!filters().isEmpty()) {
          builder.applyFilters(pass);
        }
        BooleanSupplier inVain = () -> cancelled.getAsBoolean() || others.isKnown();
        if (builder.addAll(cursor, range, retention, lowest::isLowest, inVain)) {
          relocation.sync();
          tables = builder.finish();
          givenUpCount = pass.givenUpCount();
          isDone = true;
        }
      }
    }

    private List<CompactionFilter> filters() {
      return options.compactionFilters().stream()
          .filter(filter -> filter.range().overlaps(range))
          .toList();
    }

    private EntryCursor cursor() throws IOException {
      List<EntryCursor> cursors = new ArrayList<>();
      for (List<TableFile> run : compaction.runs()) {
        cursors.add(
            run.size() == 1 ? run.get(0).table().cursor(false) : new LevelCursor(run, false));
      }
      return MergingEntryCursor.of(cursors);
    }
  }
}
