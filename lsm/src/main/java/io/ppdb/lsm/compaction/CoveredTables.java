package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What range tombstones, above or beside it, hide of other tables from every view.
 *
 * <p>A range tombstone hides what is older wherever it is, so a table that lies in it and has
 * nothing newer may go unread: what it has, deletes too, stays hidden by that tombstone, which
 * itself stays as long as anything below it is.
 */
final class CoveredTables {
  private final Tree tree;

  /** Of all tables, as far as no view is below them. */
  private final RangeTombstones tombstones;

  private CoveredTables(Tree tree, RangeTombstones tombstones) {
    this.tree = tree;
    this.tombstones = tombstones;
  }

  /** What is hidden now; null if there are no range tombstones, or views below all of them. */
  static @Nullable CoveredTables of(Tree tree, GarbageHorizon horizon) throws IOException {
    List<RangeTombstones> settled = new ArrayList<>();
    for (TableFile file : tree.tables()) {
      RangeTombstones own =
          file.meta().properties().deletedBounds() == null ? null : file.table().tombstones();
      RangeTombstones seen = own == null ? null : own.settled(horizon.horizons());
      if (seen != null) {
        settled.add(seen);
      }
    }
    RangeTombstones all = RangeTombstones.join(settled);
    return all == null ? null : new CoveredTables(tree, all);
  }

  /** Everything that may go unread; null if nothing may. */
  @Nullable Compaction whole() {
    List<List<TableFile>> covered = new ArrayList<>();
    for (TableFile file : tree.tables()) {
      if (tombstones.covers(file.bounds(), file.meta().properties().maxVersion())) {
        covered.add(List.of(file));
      }
    }
    return covered.isEmpty() ? null : Compaction.drop(covered);
  }

  /** What hides older entries of {@code file}; null if nothing does. */
  @Nullable RangeTombstones over(TableFile file) {
    return tombstones.within(file.bounds());
  }

  /** About how many bytes of {@code file}, which is not of level 0, are hidden. */
  long hiddenBytes(TableFile file) throws IOException {
    RangeTombstones over = over(file);
    if (over == null) {
      return 0;
    }
    long maxVersion = file.meta().properties().maxVersion();
    List<KeyRange> hidden = new ArrayList<>();
    over.forEach(
        (range, versions) -> {
          if (versions[0] > maxVersion) {
            KeyRange last = hidden.isEmpty() ? null : hidden.get(hidden.size() - 1);
            if (last != null && Arrays.equals(last.end(), range.start())) {
              hidden.set(hidden.size() - 1, KeyRange.of(last.start(), range.end()));
            } else {
              hidden.add(range);
            }
          }
        });
    long bytes = 0;
    for (KeyRange range : hidden) {
      bytes += file.table().statistics(range).sizeInBytes();
    }
    return bytes;
  }
}
