package io.ppdb.kv.contract;

import io.ppdb.kv.MergeOperator;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a recorded transaction, with what it answered. Keys are ASCII texts; values are bytes
 * as Latin-1 texts, so that they can be compared and printed.
 */
sealed interface Step extends Serializable {
  record Get(String key, @Nullable String result) implements Step {}

  record GetAll(List<String> keys, List<@Nullable String> result) implements Step {}

  /** A cursor is opened; later steps name it by its number. */
  record Open(
      int cursor, String start, String end, boolean descending, boolean keysOnly, long maxEntries)
      implements Step {}

  enum Move {
    NEXT,
    PREVIOUS,
    SEEK
  }

  /** A cursor is moved; the result is {@code key=value}, or null if it is on no entry then. */
  record Moved(int cursor, Move move, String target, @Nullable String result) implements Step {}

  record Put(String key, String value, long expiryMillis) implements Step {}

  record PutIfAbsent(String key, String value, long expiryMillis, boolean result) implements Step {}

  record Delete(String key) implements Step {}

  record DeleteRange(String start, String end) implements Step {}

  record Merge(MergeOperator operator, String key, String operand) implements Step {}

  record Guard(String key) implements Step {}

  record Lock(String key) implements Step {}

  /** A read of the past that was refused, of one of these ranges. */
  record TooOld(List<OracleStore.Range> ranges) implements Step {}

  /** The key must not have changed since a version; for a transaction, the one it reads. */
  record Require(String key, long sinceVersion) implements Step {}

  /**
   * A new snapshot was taken.
   *
   * @param returnedBefore the greatest version that a commit had returned before
   */
  record Renew(long version, long instantMillis, long returnedBefore) implements Step {}

  record Save(int savepoint) implements Step {}

  record RollbackTo(int savepoint) implements Step {}
}
