package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A random walk over the merge of some memtables, compared with a sorted list. */
class MergingEntryCursorTest {
  private record Stored(String key, long version) {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void mergeOfNothingIsEmpty() {
    try (EntryCursor cursor = MergingEntryCursor.of(List.of())) {
      assertThat(cursor.seekToFirst()).isFalse();
      assertThat(cursor.seekToLast()).isFalse();
      assertThat(cursor.seek(bytes("a"), 1)).isFalse();
      assertThat(cursor.isValid()).isFalse();
    }
  }

  @Test
  void mergeOfOneIsThatOne() {
    EntryCursor only = new Memtable().cursor();
    assertThat(MergingEntryCursor.of(List.of(only))).isSameAs(only);
  }

  @Test
  void randomWalkAgreesWithASortedList() {
    long first = Long.getLong("ppdb.seed", 1L);
    for (long seed = first; seed < first + 60; seed++) {
      Random random = new Random(seed);
      Memtable[] memtables = new Memtable[1 + random.nextInt(6)];
      for (int i = 0; i < memtables.length; i++) {
        memtables[i] = new Memtable();
      }
      List<Stored> model = new ArrayList<>();
      for (int version = 1; version <= 120; version++) {
        String key = "k" + (char) ('a' + random.nextInt(15));
        memtables[random.nextInt(memtables.length)].insert(
            Entry.put(bytes(key), bytes("v" + version), Limits.NO_EXPIRY).withVersion(version));
        model.add(new Stored(key, version));
      }
      model.sort(
          Comparator.comparing(Stored::key)
              .thenComparing(Comparator.comparingLong(Stored::version).reversed()));
      List<EntryCursor> cursors = new ArrayList<>();
      for (Memtable memtable : memtables) {
        cursors.add(memtable.cursor());
      }
      try (EntryCursor cursor = MergingEntryCursor.of(cursors)) {
        walk(random, model, cursor, "seed " + seed);
      }
    }
  }

  private static void walk(Random random, List<Stored> model, EntryCursor cursor, String where) {
    int at = -1;
    for (int step = 0; step < 400; step++) {
      boolean valid = at >= 0 && at < model.size();
      String key = "k" + (char) ('a' + random.nextInt(15));
      long version = random.nextInt(125);
      boolean moved;
      switch (valid ? random.nextInt(10) : 6 + random.nextInt(4)) {
        case 0, 1 -> {
          at++;
          moved = cursor.next();
        }
        case 2, 3 -> {
          at--;
          moved = cursor.previous();
        }
        case 4, 5 -> {
          String from = model.get(at).key;
          while (at < model.size() && model.get(at).key.equals(from)) {
            at++;
          }
          moved = cursor.nextKey();
        }
        case 6 -> {
          at = 0;
          moved = cursor.seekToFirst();
        }
        case 7 -> {
          at = model.size() - 1;
          moved = cursor.seekToLast();
        }
        case 8 -> {
          at = 0;
          while (at < model.size() && isBefore(model.get(at), key, version)) {
            at++;
          }
          moved = cursor.seek(bytes(key), version);
        }
        default -> {
          at = model.size() - 1;
          while (at >= 0 && model.get(at).key.compareTo(key) >= 0) {
            at--;
          }
          moved = cursor.seekBefore(bytes(key));
        }
      }
      boolean expected = at >= 0 && at < model.size();
      assertThat(moved).as(where + ", step " + step).isEqualTo(expected);
      assertThat(cursor.isValid()).as(where + ", step " + step).isEqualTo(expected);
      if (expected) {
        String seen = new String(cursor.key().toByteArray(), StandardCharsets.UTF_8);
        assertThat(new Stored(seen, cursor.version()))
            .as(where + ", step " + step)
            .isEqualTo(model.get(at));
        assertThat(cursor.value().toByteArray()).isEqualTo(bytes("v" + cursor.version()));
      }
    }
  }

  private static boolean isBefore(Stored stored, String key, long version) {
    int order = stored.key.compareTo(key);
    return order < 0 || (order == 0 && stored.version > version);
  }
}
