package io.ppdb.kv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Slice;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Keys and values as text, so that a case reads as what it says. */
final class Texts {
  private Texts() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static String text(Slice slice) {
    return new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.UTF_8);
  }

  /** {@code [start, end)}. */
  static KeyRange range(String start, String end) {
    return KeyRange.of(bytes(start), bytes(end));
  }

  static @Nullable String get(ReadView view, String key) {
    return text(view.get(bytes(key)));
  }

  /** The value in a new snapshot. */
  static @Nullable String get(KeyValueStore store, String key) {
    try (Snapshot snapshot = store.snapshot()) {
      return get(snapshot, key);
    }
  }

  static @Nullable Long counter(ReadView view, String key) {
    byte[] value = view.get(bytes(key));
    return value == null ? null : MergeOperators.decodeLong(value);
  }

  static @Nullable Long counter(KeyValueStore store, String key) {
    try (Snapshot snapshot = store.snapshot()) {
      return counter(snapshot, key);
    }
  }

  static void put(KeyValueStore store, String... keysAndValues) {
    store.transact(
        transaction -> {
          for (int i = 0; i < keysAndValues.length; i += 2) {
            transaction.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
          }
          return true;
        });
  }

  static void delete(KeyValueStore store, String key) {
    store.transact(
        transaction -> {
          transaction.delete(bytes(key));
          return true;
        });
  }

  static void add(KeyValueStore store, String key, long amount) {
    store.transact(
        transaction -> {
          transaction.merge(MergeOperators.LONG_ADD, bytes(key), MergeOperators.encodeLong(amount));
          return true;
        });
  }

  /** {@code key=value} of the entry that the cursor is on. */
  static String entry(Cursor cursor) {
    return text(cursor.key()) + "=" + text(cursor.value());
  }

  /** All that {@code next} still delivers, as {@code a=1 b=2}. */
  static String rest(Cursor cursor) {
    StringJoiner joiner = new StringJoiner(" ");
    while (cursor.next()) {
      joiner.add(entry(cursor));
    }
    return joiner.toString();
  }

  static String scan(ReadView view, KeyRange range, ScanOptions options) {
    try (Cursor cursor = view.scan(range, options)) {
      return rest(cursor);
    }
  }

  static String scan(ReadView view, KeyRange range) {
    return scan(view, range, ScanOptions.ASCENDING);
  }

  static String scan(KeyValueStore store, KeyRange range) {
    try (Snapshot snapshot = store.snapshot()) {
      return scan(snapshot, range);
    }
  }

  /** Commits and says whether it was possible; fails if it fails by anything but a CONFLICT. */
  static boolean commits(Transaction transaction) {
    try {
      transaction.commit();
      return true;
    } catch (PpdbException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.CONFLICT);
      return false;
    }
  }

  static void assertFails(ErrorCode code, ThrowingCallable call) {
    PpdbException failure = catchThrowableOfType(PpdbException.class, call);
    assertThat(failure).as("expected to fail with " + code).isNotNull();
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
  }
}
