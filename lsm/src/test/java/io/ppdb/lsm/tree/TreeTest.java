package io.ppdb.lsm.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.vfs.MemVfs;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order in which reads ask the tables of level 0. */
class TreeTest {
  private static Tree tree(TableMeta... tables) {
    MemVfs disk = MemDirectory.fresh();
    return Tree.of(
        List.of(tables),
        new TableSource(
            disk, MemDirectory.PATH, new BlockCache(0), new BlobFiles(disk, MemDirectory.PATH)));
  }

  private static TableMeta table(
      long number, int first, int last, long maxVersion, @Nullable KeyRange deleted) {
    return new TableMeta(
        number,
        0,
        100,
        new TableProperties(
            2,
            0,
            10,
            0,
            maxVersion,
            Limits.NO_EXPIRY,
            new byte[] {(byte) first},
            new byte[] {(byte) last},
            List.of(),
            deleted == null ? 0 : 1,
            deleted,
            List.of()));
  }

  private static List<List<Long>> runs(Tree tree) {
    return tree.levelZeroRuns().stream()
        .map(run -> run.files().stream().map(file -> file.meta().number()).toList())
        .toList();
  }

  @Test
  void newerTablesComeBeforeOlderOnesWhateverTheirNumbers() {
    Tree tree = tree(table(1, 1, 9, 5, null), table(2, 1, 9, 7, null), table(3, 1, 9, 6, null));
    assertThat(runs(tree)).containsExactly(List.of(2L), List.of(3L), List.of(1L));
  }

  @Test
  void theTablesOfALoadAreOneRunInKeyOrder() {
    Tree tree =
        tree(
            table(4, 5, 9, 0, null).atVersion(7),
            table(6, 1, 4, 0, null).atVersion(7),
            table(5, 1, 9, 6, null));
    assertThat(runs(tree)).containsExactly(List.of(6L, 4L), List.of(5L));
  }

  /** Else a range that a commit deletes would hide what the same commit has written into it. */
  @Test
  void whatACommitHasWrittenComesBeforeTheRangesItDeletes() {
    KeyRange deleted = KeyRange.of(new byte[] {1}, new byte[] {9});
    Tree tree = tree(table(4, 1, 9, 7, deleted), table(5, 2, 3, 0, null).atVersion(7));
    assertThat(runs(tree)).containsExactly(List.of(5L), List.of(4L));
    tree = tree(table(4, 1, 9, 7, deleted), table(5, 2, 3, 7, null));
    assertThat(runs(tree)).containsExactly(List.of(5L), List.of(4L));
  }
}
