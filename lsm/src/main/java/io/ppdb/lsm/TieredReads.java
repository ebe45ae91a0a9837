package io.ppdb.lsm;

import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.lsm.placement.CachedEntry;
import io.ppdb.lsm.placement.EntryCache;
import io.ppdb.lsm.table.KeyHash;
import io.ppdb.lsm.tree.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Looks keys up in a tree: by way of the entry cache if their placement asks for it.
 *
 * <p>Who is asked after the memtables may trust the cache even if it is ahead of his tree: what a
 * newer tree has more of a key came from a memtable that he has asked, or is newer than his view
 * and therefore looked for in his own tree. Thread-safe.
 */
final class TieredReads {
  private final EngineContext context;
  private final EntryCache cache;
  private final Residency residency;

  TieredReads(EngineContext context, EntryCache cache, Residency residency) {
    this.context = context;
    this.cache = cache;
    this.residency = residency;
  }

  /** To be asked before the tree is got hold of. */
  long epoch() {
    return cache.epoch();
  }

  /**
   * Offers what {@code tree} has of a key.
   *
   * @param epoch from before the tree was got hold of
   */
  void find(Tree tree, long epoch, byte[] key, long version, PointLookup lookup)
      throws IOException {
    long hash = KeyHash.of(key);
    CachedEntry entry = residency.isTiered(key) ? entry(tree, epoch, key, hash) : null;
    if (entry != null && entry.isVisibleAt(version)) {
      entry.offerTo(lookup);
    } else {
      tree.find(key, hash, version, lookup);
    }
  }

  /** What the tree says of a key; null if it is not for the cache. */
  private @Nullable CachedEntry entry(Tree tree, long epoch, byte[] key, long hash)
      throws IOException {
    CachedEntry cached = cache.get(key, hash);
    if (cached != null) {
      return cached;
    }
    // All versions, and whatever has expired: others have other views.
    PointLookup everything = new PointLookup(context.operators(), Long.MIN_VALUE);
    tree.find(key, hash, Long.MAX_VALUE, everything);
    CachedEntry found = CachedEntry.of(key, hash, everything);
    if (found != null) {
      cache.put(found, epoch);
    }
    return found;
  }
}
