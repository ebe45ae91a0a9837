package io.ppdb.lsm.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.lsm.table.KeyHash;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EntryCacheTest {
  private static final int COUNT = 100_000;

  private final EntryCache cache = new EntryCache(1L << 30);

  @Test
  void aRangeIsForgottenFromItsStartToBeforeItsEnd() {
    fill(10);
    forget(KeyRange.of(key(3), key(6)));
    assertThat(known(10)).isEqualTo("0126789");
    forget(KeyRange.of(key(8), null));
    assertThat(known(10)).isEqualTo("01267");
    forget(KeyRange.of(key(7), key(7)));
    assertThat(known(10)).isEqualTo("01267");
    forget(KeyRange.all());
    assertThat(known(10)).isEmpty();
    assertThat(cache.usedBytes()).isZero();
    fill(10);
    assertThat(known(10)).isEqualTo("0123456789");
  }

  /** What was evicted is in no order any more: a range must not find it. */
  @Test
  void aRangeForgetsWhatEvictionHasLeft() {
    EntryCache small = new EntryCache(4_000);
    for (int i = 0; i < 100; i++) {
      put(small, i);
    }
    assertThat(small.entryCount()).isBetween(5, 50);
    try (EntryCache.Change change = small.beginChange()) {
      change.forget(KeyRange.all());
    }
    assertThat(small.entryCount()).isZero();
    assertThat(small.usedBytes()).isZero();
  }

  /**
   * Edits of the manifest wait meanwhile; walking over all entries each time would take minutes.
   */
  @Test
  @Timeout(60)
  void forgettingARangeTakesTimeForWhatIsInIt() {
    fill(COUNT);
    for (int i = 0; i < COUNT / 2; i++) {
      forget(KeyRange.of(key(2 * i), key(2 * i + 1)));
    }
    assertThat(cache.entryCount()).isEqualTo(COUNT / 2);
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      put(cache, i);
    }
  }

  private static void put(EntryCache cache, int number) {
    PointLookup found = new PointLookup(new OperatorRegistry(List.of()), Long.MIN_VALUE);
    byte[] value = key(number);
    found.offer(EntryKind.PUT, 1, 0, Limits.NO_EXPIRY, value, 0, value.length);
    byte[] key = key(number);
    cache.put(Objects.requireNonNull(CachedEntry.of(key, KeyHash.of(key), found)), cache.epoch());
  }

  private void forget(KeyRange range) {
    try (EntryCache.Change change = cache.beginChange()) {
      change.forget(range);
    }
  }

  private String known(int count) {
    StringBuilder known = new StringBuilder();
    for (int i = 0; i < count; i++) {
      byte[] key = key(i);
      known.append(cache.get(key, KeyHash.of(key)) == null ? "" : i);
    }
    return known.toString();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
