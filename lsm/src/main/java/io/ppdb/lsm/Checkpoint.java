package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.manifest.CommitTimes;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a second store out of the tables of one, by hard links: no byte is copied.
 *
 * <p>The manifest comes last, so that a directory that is not complete is no store.
 */
final class Checkpoint {
  private Checkpoint() {}

  /**
   * Writes a store into {@code directory}, which is made if it is not there, and must be empty.
   *
   * @param tree which must not go meanwhile
   * @param version at or above all versions in the tree
   */
  static void write(Vfs vfs, Path directory, Tree tree, EngineContext context, long version)
      throws IOException {
    if (!vfs.exists(directory)) {
      vfs.createDirectory(directory);
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        vfs.syncDirectory(parent);
      }
    } else if (!vfs.isDirectory(directory) || !vfs.list(directory).isEmpty()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "a checkpoint needs a new directory: " + directory);
    }
    ManifestEdit edit =
        new ManifestEdit()
            .versionCeiling(version)
            .tickMillis(context.ticks().nextMillis())
            .times(CommitTimes.after(-1, context.times()))
            .horizons(context.horizons());
    long greatestNumber = 0;
    for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
      for (TableFile file : tree.level(level)) {
        vfs.link(file.path(), directory.resolve(file.meta().fileName()));
        edit.addTable(file.meta().atLevel(level));
        greatestNumber = Math.max(greatestNumber, file.meta().number());
      }
    }
    for (PolicyMap.Assignment assignment : context.policies().assignments()) {
      edit.policy(assignment.range(), assignment.policy());
    }
    long manifestNumber = greatestNumber + 1;
    edit.nextFileNumber(manifestNumber + 1).closed();
    Manifest.create(vfs, directory, manifestNumber, new ManifestState().after(edit)).close();
  }
}
