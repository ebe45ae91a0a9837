package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a compaction keeps of a key; and that no view at or above the horizon can tell. */
class RetentionTest {
  private static final byte[] KEY = bytes("k");
  private static final OperatorRegistry OPERATORS = new OperatorRegistry(MergeOperators.builtIn());

  @Test
  void onlyTheNewestPutAtTheHorizonStays() {
    assertThat(kept(5, false, put(9, "d"), put(5, "c"), put(4, "b"), put(2, "a")))
        .containsExactly("PUT@9", "PUT@5");
  }

  @Test
  void aTombstoneStaysWhereOlderEntriesMayLieBelow() {
    assertThat(kept(5, false, delete(4), put(2, "a"))).containsExactly("DELETE@4");
  }

  @Test
  void aTombstoneGoesWhereNothingLiesBelow() {
    assertThat(kept(5, true, put(9, "b"), delete(4), put(2, "a"))).containsExactly("PUT@9");
  }

  @Test
  void aTombstoneAboveTheHorizonStays() {
    assertThat(kept(3, true, delete(4), put(2, "a"))).containsExactly("DELETE@4", "PUT@2");
  }

  @Test
  void anExpiredPutCountsAsATombstone() {
    assertThat(kept(5, false, expiring(4, 999), put(2, "a"))).containsExactly("DELETE@4");
    assertThat(kept(5, true, expiring(4, 1000), put(2, "a"))).isEmpty();
    assertThat(kept(5, true, expiring(4, 1001), put(2, "a"))).containsExactly("PUT@4=-4");
  }

  @Test
  void operandsFoldOntoTheirBase() {
    assertThat(kept(5, false, add(5, 1), add(4, 2), put(3, 10), put(1, 0)))
        .containsExactly("PUT@5=13");
  }

  @Test
  void operandsWithoutABaseAreCombined() {
    assertThat(kept(5, false, add(5, 1), add(4, 2))).containsExactly("MERGE@5=3");
    assertThat(kept(5, true, add(5, 1), add(4, 2))).containsExactly("PUT@5=3");
  }

  @Test
  void theNewestOperandIsFoldedWhileOlderViewsKeepTheirs() {
    assertThat(kept(4, false, add(9, 1), add(8, 2), add(4, 4), put(3, 10)))
        .containsExactly("PUT@9=17", "MERGE@8=2", "PUT@4=14");
  }

  /** A range that was expirable and is mergeable now. */
  @Test
  void operandsAreNotFoldedOntoAPutThatWillExpire() {
    Entry put = Entry.put(KEY, MergeOperators.encodeLong(10), 1001).withVersion(3);
    assertThat(kept(5, true, add(5, 1), add(4, 2), put)).containsExactly("MERGE@5=3", "PUT@3=10");
    assertThat(kept(3, true, add(5, 1), add(4, 2), put))
        .containsExactly("MERGE@5=1", "MERGE@4=2", "PUT@3=10");
    Entry expired = Entry.put(KEY, MergeOperators.encodeLong(10), 1000).withVersion(3);
    assertThat(kept(5, true, add(5, 1), add(4, 2), expired)).containsExactly("PUT@5=3");
  }

  @Test
  void aBlobIsKeptAsAPutIs() {
    assertThat(kept(5, true, blob(4), put(3, "a"))).containsExactly("BLOB@4");
    assertThat(kept(3, true, blob(4), put(3, "a"))).containsExactly("BLOB@4", "PUT@3");
    Entry expired = Entry.blob(KEY, bytes("handle"), 999).withVersion(4);
    assertThat(kept(5, false, expired)).containsExactly("DELETE@4");
    Entry gone = Entry.blob(KEY, bytes("handle"), 999).withVersion(4);
    assertThat(kept(5, true, gone)).isEmpty();
  }

  @Test
  void operandsAreCombinedAboveABlobWhichIsNotRead() {
    assertThat(kept(5, true, add(5, 1), add(4, 2), blob(3), put(1, 0)))
        .containsExactly("MERGE@5=3", "BLOB@3");
    assertThat(kept(4, true, add(9, 1), add(8, 2), add(4, 4), add(3, 1), blob(2)))
        .containsExactly("MERGE@9=1", "MERGE@8=2", "MERGE@4=5", "BLOB@2");
  }

  @Test
  void whatARangeTombstoneAtTheHorizonHidesGoes() {
    assertThat(keptBelow(5, false, new long[] {4}, put(9, "c"), put(4, "b"), put(3, "a")))
        .containsExactly("PUT@9", "PUT@4");
    assertThat(keptBelow(5, false, new long[] {5}, put(9, "c"), put(4, "b")))
        .containsExactly("PUT@9");
    assertThat(keptBelow(5, true, new long[] {5}, delete(4), put(3, "a"))).isEmpty();
  }

  @Test
  void whatARangeTombstoneAboveTheHorizonHidesStays() {
    assertThat(keptBelow(5, true, new long[] {7}, put(9, "c"), put(6, "b"), put(4, "a")))
        .containsExactly("PUT@9", "PUT@6", "PUT@4");
  }

  @Test
  void operandsFoldOntoARangeTombstoneAndNoFurther() {
    assertThat(keptBelow(9, false, new long[] {4}, add(6, 1), add(5, 2), add(3, 4), put(2, 10)))
        .containsExactly("PUT@6=3");
    assertThat(keptBelow(2, false, new long[] {4}, add(6, 1), add(5, 2), add(3, 4), put(2, 10)))
        .containsExactly("PUT@6=3", "MERGE@5=2", "MERGE@3=4", "PUT@2=10");
    assertThat(keptBelow(4, false, new long[] {8, 4, 1}, add(6, 1), add(3, 4)))
        .containsExactly("PUT@6=1");
  }

  @Test
  void noViewAtOrAboveTheHorizonCanTellWhatWasLeftOut() {
    long seed = Long.getLong("ppdb.seed", 1);
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      int use = random.nextInt(3); // mergeable, expirable, first the one and then the other
      List<Entry> entries = new ArrayList<>();
      for (int version = 1; version <= 8; version++) {
        switch (random.nextInt(4)) {
          case 0 -> entries.add(put(version, version * 100L));
          case 1 -> entries.add(delete(version));
          case 2 -> {
            boolean mergeable = use == 0 || (use == 2 && random.nextBoolean());
            entries.add(
                mergeable ? add(version, version) : expiring(version, 995 + random.nextInt(10)));
          }
          default -> {}
        }
      }
      long horizonVersion = random.nextInt(9);
      Memtable before = table(entries);
      for (int version = 1; version <= 8; version++) {
        if (random.nextInt(6) == 0) {
          before.deleteRange(KeyRange.single(KEY), version);
        }
      }
      Memtable after = new Memtable();
      keep(before, horizonVersion, true, after);
      for (long version = Math.max(1, horizonVersion); version <= 9; version++) {
        for (long instant = 1000; instant < 1006; instant += 2) {
          assertThat(value(after, version, instant))
              .as("seed %d, round %d, view at %d", seed, round, version)
              .isEqualTo(value(before, version, instant));
        }
      }
    }
  }

  private static byte[] value(Memtable table, long version, long instantMillis) {
    PointLookup lookup = new PointLookup(OPERATORS, instantMillis);
    table.find(KEY, version, lookup);
    byte[] value = lookup.value();
    return value == null ? new byte[0] : value;
  }

  /** The kinds and versions kept, with the counter where there is one; the instant is 1000. */
  private static List<String> kept(long horizonVersion, boolean lowest, Entry... entries) {
    return keptBelow(horizonVersion, lowest, new long[0], entries);
  }

  /** The same, where a range with the key was deleted at some versions. */
  private static List<String> keptBelow(
      long horizonVersion, boolean lowest, long[] deletions, Entry... entries) {
    List<String> kept = new ArrayList<>();
    Memtable table = table(List.of(entries));
    for (long version : deletions) {
      table.deleteRange(KeyRange.single(KEY), version);
    }
    try (EntryCursor cursor = table.cursor()) {
      cursor.seekToFirst();
      new Retention(horizons(horizonVersion), OPERATORS, key -> lowest, cursor)
          .keepKey(
              cursor,
              (key, version, kind, operatorId, expiryMillis, value) ->
                  kept.add(
                      kind
                          + "@"
                          + version
                          + (value.length() == Long.BYTES
                              ? "=" + MergeOperators.decodeLong(value.toByteArray())
                              : "")));
      assertThat(cursor.isValid()).isFalse();
    }
    return kept;
  }

  private static Horizons horizons(long version) {
    return Horizons.everywhere(new Horizon(version, 1000));
  }

  private static void keep(Memtable from, long horizonVersion, boolean lowest, Memtable to) {
    try (EntryCursor cursor = from.cursor()) {
      Retention retention =
          new Retention(horizons(horizonVersion), OPERATORS, key -> lowest, cursor);
      RangeTombstones deleted = retention.keptTombstones(range -> lowest);
      if (deleted != null) {
        to.addTombstones(deleted);
      }
      for (boolean more = cursor.seekToFirst(); more; more = cursor.isValid()) {
        retention.keepKey(
            cursor,
            (key, version, kind, operatorId, expiryMillis, value) -> {
              byte[] k = key.toByteArray();
              byte[] v = value.toByteArray();
              Entry entry =
                  switch (kind) {
                    case PUT -> Entry.put(k, v, expiryMillis);
                    case DELETE -> Entry.delete(k);
                    case MERGE -> Entry.merge(k, v, operatorId);
                    case BLOB -> Entry.blob(k, v, expiryMillis);
                  };
              to.insert(entry.withVersion(version));
            });
      }
    }
  }

  private static Memtable table(List<Entry> entries) {
    Memtable table = new Memtable();
    entries.forEach(table::insert);
    return table;
  }

  private static Entry blob(long version) {
    return Entry.blob(KEY, bytes("handle"), Limits.NO_EXPIRY).withVersion(version);
  }

  private static Entry put(long version, String value) {
    return Entry.put(KEY, bytes(value), Limits.NO_EXPIRY).withVersion(version);
  }

  private static Entry put(long version, long value) {
    return Entry.put(KEY, MergeOperators.encodeLong(value), Limits.NO_EXPIRY).withVersion(version);
  }

  private static Entry expiring(long version, long expiryMillis) {
    return Entry.put(KEY, MergeOperators.encodeLong(-version), expiryMillis).withVersion(version);
  }

  private static Entry delete(long version) {
    return Entry.delete(KEY).withVersion(version);
  }

  private static Entry add(long version, long operand) {
    return Entry.merge(KEY, MergeOperators.encodeLong(operand), MergeOperators.LONG_ADD.id())
        .withVersion(version);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
