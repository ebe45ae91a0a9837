package io.ppdb.lsm.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.TableSource;
import io.ppdb.lsm.tree.Tree;
import io.ppdb.lsm.vfs.MemVfs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree of tables that say how large they are, and have no files: what compactions do to it is
 * computed. Every flush has keys from everywhere; nothing is ever overwritten.
 */
final class TreeModel {
  private static final int KEY_COUNT = 1 << 16;

  private final TableSource source;
  private final long tableBytes;

  private Tree tree;
  private long nextNumber = 1;
  private long nextVersion = 1;

  /** Bytes that flushes and compactions have written. */
  private long writtenBytes;

  private long flushedBytes;

  TreeModel(long tableBytes) {
    MemVfs disk = MemDirectory.fresh();
    this.source =
        new TableSource(
            disk, MemDirectory.PATH, new BlockCache(0), new BlobFiles(disk, MemDirectory.PATH));
    this.tableBytes = tableBytes;
    this.tree = Tree.of(List.of(), source);
  }

  Tree tree() {
    return tree;
  }

  /** Adds a table to level 0. */
  void flush(long bytes) {
    apply(new ManifestEdit().addTable(table(0, bytes, 0, KEY_COUNT, nextVersion, nextVersion)));
    nextVersion++;
    writtenBytes += bytes;
    flushedBytes += bytes;
  }

  /** Puts a run into a level, which has none. */
  void add(int level, long bytes) {
    ManifestEdit edit = new ManifestEdit();
    addRun(edit, level, bytes, 0, KEY_COUNT, nextVersion, nextVersion);
    apply(edit);
    nextVersion++;
  }

  /** Does what {@code shape} asks for until it asks for nothing; returns how often it did. */
  int settle(CompactionShape shape) {
    int count = 0;
    for (Compaction next = shape.pick(tree); next != null; next = shape.pick(tree)) {
      run(next);
      assertThat(++count).as("compactions without an end: " + this).isLessThan(10_000);
    }
    return count;
  }

  void run(Compaction compaction) {
    ManifestEdit edit = new ManifestEdit();
    List<TableFile> inputs = compaction.inputs();
    inputs.forEach(file -> edit.removeTable(file.meta().number()));
    if (compaction.isTrivialMove()) {
      inputs.forEach(file -> edit.addTable(file.meta().atLevel(compaction.outputLevel())));
    } else {
      KeyRange bounds = Compaction.bounds(inputs);
      long bytes = inputs.stream().mapToLong(file -> file.meta().sizeInBytes()).sum();
      addRun(
          edit,
          compaction.outputLevel(),
          bytes,
          key(bounds.start()),
          key(bounds.end()),
          inputs.stream().mapToLong(file -> file.meta().properties().minVersion()).min().orElse(0),
          inputs.stream().mapToLong(file -> file.meta().properties().maxVersion()).max().orElse(0));
      writtenBytes += bytes;
    }
    apply(edit);
  }

  private void addRun(
      ManifestEdit edit, int level, long bytes, int from, int to, long minVersion, long max) {
    int count = (int) Math.max(1, Math.min(to - from, bytes / tableBytes));
    for (int i = 0; i < count; i++) {
      int first = from + (int) ((long) (to - from) * i / count);
      int behind = from + (int) ((long) (to - from) * (i + 1) / count);
      edit.addTable(table(level, bytes / count, first, behind, minVersion, max));
    }
  }

  private void apply(ManifestEdit edit) {
    Tree old = tree;
    tree = old.after(edit, source);
    old.release();
  }

  private TableMeta table(
      int level, long bytes, int from, int to, long minVersion, long maxVersion) {
    TableProperties properties =
        new TableProperties(
            1,
            0,
            bytes,
            minVersion,
            maxVersion,
            Limits.NO_EXPIRY,
            key(from),
            key(to - 1),
            List.of(),
            0,
            null,
            List.of());
    return new TableMeta(nextNumber++, level, bytes, properties);
  }

  private static byte[] key(int number) {
    return new byte[] {(byte) (number >>> 8), (byte) number};
  }

  /** The first key at or after {@code bytes}: a bound is a key, or a key and a zero. */
  private static int key(byte @Nullable [] bytes) {
    assertThat(bytes).isNotNull();
    byte[] known = bytes == null ? new byte[2] : bytes;
    return (((known[0] & 0xFF) << 8) | (known[1] & 0xFF)) + (known.length > 2 ? 1 : 0);
  }

  /** How many sorted runs a read may have to ask. */
  int runCount() {
    int count = tree.tableCount(0);
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      count += tree.tableCount(level) > 0 ? 1 : 0;
    }
    return count;
  }

  double writeAmplification() {
    return (double) writtenBytes / flushedBytes;
  }

  /** The bytes of each level below 0 that has any, upper ones first. */
  List<Long> runBytes() {
    List<Long> bytes = new ArrayList<>();
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      if (tree.tableCount(level) > 0) {
        bytes.add(tree.sizeInBytes(level));
      }
    }
    return bytes;
  }

  /** Fails unless all that a level has is newer than all that lower ones have. */
  void checkAges() {
    long oldest = Long.MAX_VALUE;
    for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
      List<Long> minima = new ArrayList<>();
      for (TableFile file : tree.level(level)) {
        assertThat(file.meta().properties().maxVersion()).as(toString()).isLessThan(oldest);
        minima.add(file.meta().properties().minVersion());
      }
      oldest = minima.stream().mapToLong(Long::longValue).min().orElse(oldest);
    }
  }

  @Override
  public String toString() {
    return tree.tableCount(0) + " tables in level 0, then " + runBytes();
  }
}
