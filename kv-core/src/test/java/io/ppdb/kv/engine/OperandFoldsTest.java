package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.MergeOperators;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads of keys with many operands: what they give, and how many operands they meet. */
class OperandFoldsTest {
  private static final int ADD = 1;
  private static final int MAX = 7;

  /** Adds or takes the greater, and counts how often it is asked. */
  private static final class CountingOperator implements MergeOperator {
    private final int id;
    private long calls;

    private CountingOperator(int id) {
      this.id = id;
    }

    @Override
    public int id() {
      return id;
    }

    @Override
    public String name() {
      return "counting-" + id;
    }

    @Override
    public byte[] apply(byte @Nullable [] value, byte[] operand) {
      return value == null ? operand : combine(value, operand);
    }

    @Override
    public byte[] combine(byte[] left, byte[] right) {
      calls++;
      return MergeOperators.encodeLong(
          combined(id, MergeOperators.decodeLong(left), MergeOperators.decodeLong(right)));
    }
  }

  private static long combined(int operatorId, long left, long right) {
    return operatorId == ADD ? left + right : Math.max(left, right);
  }

  private final CountingOperator add = new CountingOperator(ADD);
  private final OperatorRegistry operators =
      new OperatorRegistry(List.of(add, new CountingOperator(MAX)));
  private final Memtable memtable = new Memtable();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void insert(Entry entry, long version) {
    memtable.reserve(Memtable.sizeOf(entry));
    memtable.insert(entry.withVersion(version));
    memtable.applied(Memtable.sizeOf(entry));
  }

  private void merge(String key, long version, long amount, int operatorId) {
    insert(Entry.merge(bytes(key), MergeOperators.encodeLong(amount), operatorId), version);
  }

  private @Nullable Long find(String key, long version) {
    PointLookup lookup = new PointLookup(operators, 0);
    memtable.find(bytes(key), version, lookup);
    byte[] value = lookup.value();
    return value == null ? null : MergeOperators.decodeLong(value);
  }

  private Map<String, Long> scan(long version, boolean descending) {
    Map<String, Long> found = new TreeMap<>();
    VisibleCursor cursor =
        new VisibleCursor(memtable.cursor(), KeyRange.all(), version, 0, false, operators, null);
    for (boolean more = descending ? cursor.last() : cursor.first();
        more;
        more = descending ? cursor.lower() : cursor.higher()) {
      found.put(
          new String(cursor.key().toByteArray(), StandardCharsets.UTF_8),
          MergeOperators.decodeLong(cursor.value().toByteArray()));
    }
    cursor.close();
    return found;
  }

  @Test
  void aGetOfTheNewestMeetsFewOperandsHoweverManyThereAre() {
    for (int version = 1; version <= 2_000; version++) {
      merge("n", version, 1, ADD);
      add.calls = 0;
      assertThat(find("n", version)).isEqualTo(version);
      assertThat(add.calls).as("at version %d", version).isLessThanOrEqualTo(32);
    }
  }

  @Test
  void aScanOfTheNewestMeetsFewOperandsHoweverManyThereAre() {
    for (int version = 1; version <= 2_000; version++) {
      merge("n", version, 1, ADD);
      add.calls = 0;
      assertThat(scan(version, version % 2 == 0)).containsExactly(Map.entry("n", (long) version));
      assertThat(add.calls).as("at version %d", version).isLessThanOrEqualTo(48);
    }
  }

  @Test
  void whatIsHereForNoViewIsNotFolded() {
    for (int version = 1; version <= 100; version++) {
      merge("n", 2L * version, 1, ADD);
    }
    assertThat(find("n", Long.MAX_VALUE)).isEqualTo(100);
    merge("n", 51, 1000, ADD); // a commit that was slow to be applied
    assertThat(find("n", 200)).isEqualTo(1100);
  }

  @Test
  void aCursorOverAllEntriesShowsEveryOperandAfterTheyWereFolded() {
    for (int version = 1; version <= 100; version++) {
      merge("n", version, version, ADD);
    }
    find("n", 90);
    try (EntryCursor cursor = memtable.cursor()) {
      cursor.seekToFirst();
      for (int version = 100; version >= 1; version--) {
        assertThat(cursor.version()).isEqualTo(version);
        assertThat(cursor.kind()).isEqualTo(EntryKind.MERGE);
        assertThat(MergeOperators.decodeLong(cursor.value().toByteArray())).isEqualTo(version);
        cursor.next();
      }
      assertThat(cursor.isValid()).isFalse();
    }
  }

  /** The value of {@code key} at {@code version}, step by step; null if it is absent. */
  private static @Nullable Long expected(List<Step> steps, String key, long version) {
    Long value = null;
    for (Step step : steps) {
      if (step.version > version || !step.touches(key)) {
        continue;
      }
      value =
          switch (step.what) {
            case PUT -> step.amount;
            case MERGE ->
                value == null ? step.amount : combined(step.operatorId, value, step.amount);
            default -> null;
          };
    }
    return value;
  }

  /** One commit; of all keys if it names none. */
  private record Step(
      long version, EntryKind what, @Nullable String key, int operatorId, long amount) {
    boolean touches(String other) {
      return key == null || key.equals(other);
    }
  }

  @Test
  void readsOfAnyVersionAgreeWithAModel() {
    long seed = Long.getLong("ppdb.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    for (int version = 1; version <= 3_000; version++) {
      String key = "k" + random.nextInt(3);
      long amount = random.nextInt(1000);
      int dice = random.nextInt(150);
      if (dice == 0) {
        memtable.deleteRange(KeyRange.all(), version);
        steps.add(new Step(version, EntryKind.DELETE, null, 0, 0));
      } else if (dice < 3) {
        insert(Entry.delete(bytes(key)), version);
        steps.add(new Step(version, EntryKind.DELETE, key, 0, 0));
      } else if (dice < 6) {
        insert(Entry.put(bytes(key), MergeOperators.encodeLong(amount), Limits.NO_EXPIRY), version);
        steps.add(new Step(version, EntryKind.PUT, key, 0, amount));
      } else {
        int operatorId = dice < 9 ? MAX : ADD;
        merge(key, version, amount, operatorId);
        steps.add(new Step(version, EntryKind.MERGE, key, operatorId, amount));
      }
      long read = random.nextInt(4) == 0 ? 1 + random.nextInt(version) : version;
      String note = "-Dppdb.seed=" + seed + ", version " + read + " of " + version;
      switch (random.nextInt(6)) {
        case 0 -> assertThat(scan(read, false)).as(note).isEqualTo(expectedAll(steps, read));
        case 1 -> assertThat(scan(read, true)).as(note).isEqualTo(expectedAll(steps, read));
        default -> assertThat(find(key, read)).as(note).isEqualTo(expected(steps, key, read));
      }
    }
  }

  private static Map<String, Long> expectedAll(List<Step> steps, long version) {
    Map<String, Long> all = new TreeMap<>();
    for (String key : List.of("k0", "k1", "k2")) {
      Long value = expected(steps, key, version);
      if (value != null) {
        all.put(key, value);
      }
    }
    return all;
  }
}
