package io.ppdb.bench.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Caffeine with room for twice the entries, so that it never evicts. A get hands out the cache's
 * own array; arrays have no equality, so each key is wrapped, for each lookup anew.
 */
final class CaffeinePoints implements PointStore {
  private final Cache<Key, byte[]> cache;

  CaffeinePoints(int entryCount) {
    cache = Caffeine.newBuilder().maximumSize(2L * entryCount).build();
  }

  /** Bytes with equality; the hash is kept, for the cache asks for it more than once. */
  private static final class Key {
    private final byte[] bytes;
    private final int hash;

    Key(byte[] bytes) {
      this.bytes = bytes;
      this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    cache.put(new Key(key), value);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return cache.getIfPresent(new Key(key));
  }
}
