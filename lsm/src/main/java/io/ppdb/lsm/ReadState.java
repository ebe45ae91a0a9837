package io.ppdb.lsm;

import io.ppdb.kv.engine.Memtable;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.tree.TableRun;
import io.ppdb.lsm.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything a read has to look at, at one moment. Immutable; who reads holds the tree.
 *
 * @param active the memtable that new commits go to
 * @param activePins keeps the blob files that the active memtable has handles to
 * @param frozen those that wait to be flushed, newest first
 * @param tree all tables
 */
record ReadState(Memtable active, BlobPins activePins, List<FrozenMemtable> frozen, Tree tree) {

  ReadState rotated(Memtable newActive, FrozenMemtable oldActive) {
    List<FrozenMemtable> more = new ArrayList<>(frozen.size() + 1);
    more.add(oldActive);
    more.addAll(frozen);
    return new ReadState(newActive, new BlobPins(), List.copyOf(more), tree);
  }

  /**
   * With {@code load} above the memtable of segment {@code walNumber}; {@code newTree} holds it.
   */
  ReadState loaded(long walNumber, TableRun load, Tree newTree) {
    List<FrozenMemtable> changed = new ArrayList<>(frozen);
    changed.replaceAll(
        memtable -> memtable.walNumber() == walNumber ? memtable.withLoad(load) : memtable);
    return new ReadState(active, activePins, List.copyOf(changed), newTree);
  }

  ReadState withTree(Tree newTree) {
    return new ReadState(active, activePins, frozen, newTree);
  }

  /**
   * After the oldest frozen memtable became part of {@code newTree}. A copy of the list, since a
   * view of it would keep the memtable from being collected.
   */
  ReadState flushed(Tree newTree) {
    return new ReadState(
        active, activePins, List.copyOf(frozen.subList(0, frozen.size() - 1)), newTree);
  }
}
