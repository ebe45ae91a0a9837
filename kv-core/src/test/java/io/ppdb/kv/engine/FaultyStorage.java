package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.StoreProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two memtables, rotated on demand, and hooks where a test makes a commit wait or fail. Hooks are
 * told the commit; what they throw is what the storage throws.
 */
final class FaultyStorage implements Storage {
  final List<Long> enqueuedVersions = new CopyOnWriteArrayList<>();
  volatile Consumer<Commit> beforeEnqueue = commit -> {};
  volatile Consumer<Commit> duringSync = commit -> {};
  volatile Consumer<Commit> duringPrepare = commit -> {};
  volatile Runnable duringFind = () -> {};
  volatile long maxTransactionBytesInMemory = Long.MAX_VALUE;
  volatile Supplier<ScratchFile> scratch =
      () -> {
        throw new IllegalStateException("not tried here");
      };

  volatile Memtable active = new Memtable();
  volatile @Nullable Memtable frozen;

  /** Read and cleared under the commit lock. */
  volatile boolean rotateAtNextCommit;

  volatile boolean closed;

  @Override
  public StoreProperties properties() {
    return new StoreProperties("faulty", false, true, true, true, true);
  }

  @Override
  public void find(byte[] key, long version, PointLookup lookup) {
    duringFind.run();
    Memtable older = frozen;
    if (!active.find(key, version, lookup) && older != null) {
      older.find(key, version, lookup);
    }
  }

  @Override
  public EntryCursor cursor(KeyRange range) {
    Memtable older = frozen;
    return MergingEntryCursor.of(
        older == null ? List.of(active.cursor()) : List.of(active.cursor(), older.cursor()));
  }

  @Override
  public void prepare(Commit commit) {
    duringPrepare.accept(commit);
  }

  @Override
  public long maxTransactionBytes() {
    return 10_000;
  }

  @Override
  public long maxTransactionBytesInMemory() {
    return maxTransactionBytesInMemory;
  }

  @Override
  public ScratchFile newScratch() {
    return scratch.get();
  }

  @Override
  public Memtable enqueue(Commit commit) {
    beforeEnqueue.accept(commit);
    if (rotateAtNextCommit) {
      rotateAtNextCommit = false;
      frozen = active;
      active = new Memtable();
    }
    enqueuedVersions.add(commit.version());
    return active;
  }

  @Override
  public void awaitDurable(Commit commit) {
    duringSync.accept(commit);
  }

  @Override
  public void setPolicy(KeyRange range, RangePolicy policy) {}

  @Override
  public void dropRange(KeyRange range) {
    throw new IllegalStateException("not tried here");
  }

  @Override
  public void checkpoint(Path directory) {}

  @Override
  public RangeStatistics statistics(KeyRange range) {
    return active.statistics(range);
  }

  @Override
  public void close() {
    closed = true;
  }
}
