package io.ppdb.lsm.placement;

import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PointLookup;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the tree says of one key to those who see everything in it: a value, or that the key is
 * absent, and since which version.
 *
 * <p>Immutable but for its place in the cache, which the cache's monitor guards, and the mark of
 * its use, which is racy.
 */
public final class CachedEntry {
  /** What an entry costs besides key and value: objects, places in two maps and in the order. */
  private static final int OVERHEAD_BYTES = 200;

  private static final byte[] NO_VALUE = {};

  final Key key;
  private final long version;
  private final byte @Nullable [] value;
  private final long expiryMillis;

  /** Whether a reader came by since the cache last looked. */
  boolean touched;

  // Guarded by the cache's monitor; null while it is not in the cache.
  @Nullable CachedEntry next;
  @Nullable CachedEntry previous;

  /** A key and its hash, to be looked up. */
  record Key(byte[] bytes, long hash) {
    @Override
    public boolean equals(@Nullable Object object) {
      return object instanceof Key other && hash == other.hash && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(hash);
    }
  }

  private CachedEntry(Key key, long version, byte @Nullable [] value, long expiryMillis) {
    this.key = key;
    this.version = version;
    this.value = value;
    this.expiryMillis = expiryMillis;
  }

  /**
   * What a search of the tree found for one who sees all versions and to whom nothing has expired.
   *
   * @param hash of the key
   * @return null if that is more than one entry, or lies in a blob file
   */
  public static @Nullable CachedEntry of(byte[] key, long hash, PointLookup found) {
    if (found.hasOperands() || found.handle() != null) {
      return null;
    }
    return new CachedEntry(
        new Key(key.clone(), hash), found.newestVersion(), found.value(), found.expiryMillis());
  }

  /** Whether a view of {@code viewVersion} sees nothing older: else this says nothing about it. */
  public boolean isVisibleAt(long viewVersion) {
    return version <= viewVersion;
  }

  /** Lets {@code lookup} have what the tree would offer. */
  public void offerTo(PointLookup lookup) {
    if (value != null) {
      lookup.offer(EntryKind.PUT, version, 0, expiryMillis, value, 0, value.length);
    } else if (version > 0) {
      lookup.offer(EntryKind.DELETE, version, 0, Limits.NO_EXPIRY, NO_VALUE, 0, 0);
    }
  }

  long cost() {
    return OVERHEAD_BYTES + (long) key.bytes.length + (value == null ? 0 : value.length);
  }
}
