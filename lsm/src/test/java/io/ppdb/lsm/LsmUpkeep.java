package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.contract.Upkeep;
import java.nio.file.Path;
import java.util.List;

/** A store in a directory: flushed, compacted, opened again and copied while histories run. */
final class LsmUpkeep implements Upkeep {
  private final LsmOptions options;
  private LsmStore store;
  private int checkpointCount;

  /** Opens a new store; the options say on which disk. */
  LsmUpkeep(LsmOptions options) {
    this.options = options;
    this.store = LsmStore.open(MemDirectory.PATH, options);
  }

  @Override
  public LsmStore store() {
    return store;
  }

  @Override
  public List<Runnable> tasks() {
    return List.of(store::flush, store::compact);
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public void reopen() {
    store.close();
    store = LsmStore.open(MemDirectory.PATH, options);
  }

  @Override
  public KeyValueStore openCheckpoint() {
    Path directory = MemDirectory.PATH.resolveSibling("copy-" + checkpointCount++);
    store.checkpoint(directory);
    return LsmStore.open(directory, options);
  }
}
