package io.ppdb.kv.contract;

import io.ppdb.kv.Limits;
import io.ppdb.kv.contract.OracleStore.Buffer;
import io.ppdb.kv.contract.OracleStore.Range;
import io.ppdb.kv.contract.OracleStore.Reads;
import io.ppdb.kv.contract.OracleStore.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replays the steps of one execution over a buffer: what each read must answer, and what of the
 * store the execution has read by it. A cursor has read from where each of its moves began to where
 * it ended, both included.
 */
final class Replay {
  /** A cursor: what it may show, in its direction, and where it stands. */
  private static final class Position {
    final List<String> keys;
    final List<String> entries;
    final boolean descending;
    final Range range;

    /** When the entries that come from the store expire. */
    final Map<String, Long> expiries = new HashMap<>();

    long left;
    int at = -1;

    /** The index it stood on when the limit stopped it, or -1. */
    int stoppedAt = -1;

    Position(List<String> keys, List<String> entries, Step.Open open) {
      this.keys = keys;
      this.entries = entries;
      this.descending = open.descending();
      this.range = new Range(open.start(), open.end());
      this.left = open.maxEntries();
    }

    /** The least key at or above the place of an index, and the least key above it. */
    Range place(int index) {
      if (index >= 0 && index < keys.size()) {
        return new Range(keys.get(index), keys.get(index) + '\0');
      }
      String bound = index < 0 == descending ? range.end() : range.start();
      return new Range(bound, bound);
    }
  }

  final Buffer buffer;
  final Reads reads = new Reads();
  private final Map<Integer, Position> cursors = new HashMap<>();
  private final Map<Integer, Integer> savepoints = new HashMap<>();

  Replay(Buffer buffer) {
    this.buffer = buffer;
  }

  void write(Step step) {
    if (step instanceof Step.PutIfAbsent put) {
      if (put.result()) {
        buffer.add(new Step.Put(put.key(), put.value(), put.expiryMillis()));
      }
    } else if (step instanceof Step.Put
        || step instanceof Step.Delete
        || step instanceof Step.DeleteRange
        || step instanceof Step.Merge) {
      buffer.add(step);
    } else if (step instanceof Step.Save save) {
      savepoints.put(save.savepoint(), buffer.size());
    } else if (step instanceof Step.RollbackTo rollback) {
      Integer size = savepoints.get(rollback.savepoint());
      buffer.truncate(Objects.requireNonNull(size));
    }
  }

  /** What is wrong with what {@code step} answered, or null. */
  @Nullable String read(Step step) {
    if (step instanceof Step.Get get) {
      return compare(valueOf(get.key()), get.result());
    } else if (step instanceof Step.GetAll all) {
      List<@Nullable String> expected = new ArrayList<>();
      for (String key : all.keys()) {
        expected.add(valueOf(key));
      }
      return compare(expected.toString(), all.result().toString());
    } else if (step instanceof Step.PutIfAbsent put) {
      return compare("" + (valueOf(put.key()) == null), "" + put.result());
    } else if (step instanceof Step.Open open) {
      cursors.put(open.cursor(), open(open));
    } else if (step instanceof Step.Moved moved) {
      return compare(move(moved), moved.result());
    }
    return null;
  }

  private @Nullable String valueOf(String key) {
    Value value = buffer.visible().get(key);
    if (!buffer.decided().contains(key)) {
      reads.keys.add(key);
      sawExpiry(value == null ? Limits.NO_EXPIRY : value.expiryMillis());
    }
    return value == null ? null : value.text();
  }

  private void sawExpiry(long expiryMillis) {
    reads.firstExpiryMillis = Math.min(reads.firstExpiryMillis, expiryMillis);
  }

  private Position open(Step.Open open) {
    NavigableMap<String, Value> visible = buffer.visible();
    visible.keySet().removeIf(key -> !new Range(open.start(), open.end()).contains(key));
    List<String> keys = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    (open.descending() ? visible.descendingMap() : visible)
        .forEach(
            (key, value) -> {
              keys.add(key);
              entries.add(key + "=" + (open.keysOnly() ? "" : value.text()));
            });
    Position position = new Position(keys, entries, open);
    Set<String> own = buffer.decided();
    visible.forEach(
        (key, value) -> {
          if (!own.contains(key)) {
            position.expiries.put(key, value.expiryMillis());
          }
        });
    return position;
  }

  private @Nullable String move(Step.Moved moved) {
    Position cursor = Objects.requireNonNull(cursors.get(moved.cursor()));
    int before = cursor.at;
    boolean looked = step(cursor, moved);
    int count = cursor.keys.size();
    boolean found = cursor.at >= 0 && cursor.at < count;
    if (looked && cursor.range.start().compareTo(cursor.range.end()) < 0) {
      Range from = moved.move() == Step.Move.SEEK ? target(cursor, moved) : cursor.place(before);
      Range to = cursor.place(cursor.at);
      reads.ranges.add(new Range(min(from.start(), to.start()), max(from.end(), to.end())));
      if (found) {
        String key = cursor.keys.get(cursor.at);
        sawExpiry(cursor.expiries.getOrDefault(key, Limits.NO_EXPIRY));
      }
    }
    return found ? cursor.entries.get(cursor.at) : null;
  }

  /** Where a seek begins: at or above its target, or below and up to it, within the range. */
  private static Range target(Position cursor, Step.Moved moved) {
    String from = cursor.descending ? moved.target() + '\0' : moved.target();
    String clamped = max(cursor.range.start(), min(from, cursor.range.end()));
    return new Range(clamped, clamped);
  }

  private static String min(String one, String two) {
    return one.compareTo(two) < 0 ? one : two;
  }

  private static String max(String one, String two) {
    return one.compareTo(two) > 0 ? one : two;
  }

  /** Moves a cursor; whether it looked at the store for that. */
  private static boolean step(Position cursor, Step.Moved moved) {
    int count = cursor.keys.size();
    boolean looked = false;
    switch (moved.move()) {
      case NEXT -> {
        if (cursor.stoppedAt < 0 && cursor.at < count) {
          if (cursor.left == 0) {
            if (cursor.at >= 0) {
              cursor.stoppedAt = cursor.at;
            }
            cursor.at = count;
          } else {
            looked = true;
            if (++cursor.at < count) {
              cursor.left--;
            }
          }
        }
      }
      case PREVIOUS -> {
        if (cursor.stoppedAt >= 0) {
          cursor.at = cursor.stoppedAt;
          cursor.stoppedAt = -1;
        } else if (cursor.at >= 0) {
          looked = true;
          cursor.at--;
        }
      }
      case SEEK -> {
        looked = true;
        cursor.stoppedAt = -1;
        cursor.at = 0;
        while (cursor.at < count && isBefore(cursor, moved.target())) {
          cursor.at++;
        }
      }
    }
    return looked;
  }

  private static boolean isBefore(Position cursor, String target) {
    int order = cursor.keys.get(cursor.at).compareTo(target);
    return cursor.descending ? order > 0 : order < 0;
  }

  private static @Nullable String compare(@Nullable String expected, @Nullable String seen) {
    return Objects.equals(expected, seen)
        ? null
        : "expected " + printable(expected) + ", saw " + printable(seen);
  }

  private static String printable(@Nullable String text) {
    if (text == null) {
      return "nothing";
    }
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 127) {
        printable.append(c);
      } else {
        printable.append(String.format("\\x%02x", (int) c));
      }
    }
    return printable.toString();
  }
}
