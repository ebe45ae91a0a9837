package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.manifest.CommitTimes;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Makes a second store out of the tables and blob files of one: by hard links, or copies where the
 * file system has none or the directory is on another one.
 *
 * <p>The manifest comes last, so that a directory that is not complete is no store; what was made
 * of one is deleted again.
 */
final class Checkpoint {
  private static final int COPY_BYTES = 256 << 10;

  private Checkpoint() {}

  /**
   * Fails with INVALID_ARGUMENT unless {@code directory} is not there or empty, and lies outside of
   * {@code sources}.
   *
   * @param what is to be there, for errors
   */
  static void checkDirectory(Vfs vfs, String what, Path directory, Path... sources)
      throws IOException {
    for (Path source : sources) {
      if (vfs.resolved(directory).startsWith(vfs.resolved(source))) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            what + " cannot lie within what it is made of: " + directory + " is in " + source);
      }
    }
    if (vfs.exists(directory) && (!vfs.isDirectory(directory) || !vfs.list(directory).isEmpty())) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          what + " needs a directory that is new or empty, which " + directory + " is not");
    }
  }

  /**
   * Writes a store into {@code directory}, which {@link #checkDirectory} has passed. If it fails
   * the directory is left empty.
   *
   * @param source where the store is
   * @param flushed its tables, which must not go meanwhile
   */
  static void write(
      Vfs vfs, Path source, Path directory, LiveState.Flushed flushed, EngineContext context)
      throws IOException {
    makeDirectory(vfs, directory);
    boolean done = false;
    try {
      fill(vfs, source, directory, flushed, context);
      done = true;
    } finally {
      if (!done) {
        empty(vfs, directory);
      }
    }
  }

  /** Makes a directory whose name survives, unless it is there. */
  static void makeDirectory(Vfs vfs, Path directory) throws IOException {
    if (!vfs.exists(directory)) {
      vfs.createDirectory(directory);
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        vfs.syncDirectory(parent);
      }
    }
  }

  private static void fill(
      Vfs vfs, Path source, Path directory, LiveState.Flushed flushed, EngineContext context)
      throws IOException {
    Tree tree = flushed.tree();
    ManifestEdit edit =
        new ManifestEdit()
            .versionCeiling(context.publishedVersion())
            .checkpointOf(flushed.position())
            .tickMillis(context.ticks().nextMillis())
            .times(CommitTimes.after(-1, context.times()))
            .horizons(context.horizons());
    long greatestNumber = 0;
    for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
      for (TableFile file : tree.level(level)) {
        linkOrCopy(vfs, file.path(), directory.resolve(file.meta().fileName()));
        edit.addTable(file.meta().atLevel(level));
        greatestNumber = Math.max(greatestNumber, file.meta().number());
      }
    }
    for (long number : tree.blobBytes().keySet()) {
      String name = BlobFiles.fileName(number);
      linkOrCopy(vfs, source.resolve(name), directory.resolve(name));
      greatestNumber = Math.max(greatestNumber, number);
    }
    for (PolicyMap.Assignment assignment : context.policies().assignments()) {
      edit.policy(assignment.range(), assignment.policy());
    }
    long manifestNumber = greatestNumber + 1;
    edit.nextFileNumber(manifestNumber + 1).closed();
    Manifest.create(vfs, directory, manifestNumber, new ManifestState().after(edit)).close();
  }

  static void linkOrCopy(Vfs vfs, Path from, Path to) throws IOException {
    try {
      vfs.link(from, to);
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      System.getLogger(Checkpoint.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot link " + to + ", so it is copied", e);
      copy(vfs, from, to);
    }
  }

  static void copy(Vfs vfs, Path from, Path to) throws IOException {
    try (VfsFile source = vfs.openRead(from);
        VfsFile target = vfs.create(to)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      for (long at = 0; source.read(buffer.clear(), at) > 0; ) {
        int count = buffer.flip().remaining();
        target.write(buffer, at);
        at += count;
      }
      target.force();
    }
  }

  /** Deletes what was made, first what makes a store of it. */
  static void empty(Vfs vfs, Path directory) {
    try {
      if (vfs.exists(directory.resolve(Manifest.CURRENT))) {
        vfs.delete(directory.resolve(Manifest.CURRENT));
        vfs.syncDirectory(directory); // else power loss may keep it, and not what it names
      }
      for (String name : vfs.list(directory)) {
        vfs.delete(directory.resolve(name));
      }
    } catch (IOException e) {
      System.getLogger(Checkpoint.class.getName())
          .log(System.Logger.Level.WARNING, "cannot delete what is in " + directory, e);
    }
  }
}
