package io.ppdb.kv;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are applied together without reading: a blind batch.
 *
 * <p>Of several writes to one key the last counts, save that merges fold. Not thread-safe; may be
 * written once.
 */
public final class WriteBatch {
  /** What one write of a batch does. */
  public enum Kind {
    PUT,
    DELETE,
    MERGE
  }

  /**
   * One write.
   *
   * @param value the value of a put, the operand of a merge, empty for a delete
   * @param expiryMillis when a put expires, or {@link Limits#NO_EXPIRY}
   * @param operator the operator of a merge, null otherwise
   */
  public record Write(
      Kind kind, byte[] key, byte[] value, long expiryMillis, @Nullable MergeOperator operator) {}

  /** Schema check: the batch conflicts if {@code key} was written or locked after the version. */
  public record Requirement(byte[] key, long sinceVersion) {}

  private static final byte[] NO_VALUE = {};

  /** Most batches are small, and made for each commit. */
  private final List<Write> writes = new ArrayList<>(1);

  private final List<Requirement> requirements = new ArrayList<>(0);
  private long sizeInBytes;

  public WriteBatch put(byte[] key, byte[] value) {
    return put(key, value, Limits.NO_EXPIRY);
  }

  public WriteBatch put(byte[] key, byte[] value, long expiryMillis) {
    Limits.checkValue(value);
    return add(new Write(Kind.PUT, key, value, expiryMillis, null));
  }

  public WriteBatch delete(byte[] key) {
    return add(new Write(Kind.DELETE, key, NO_VALUE, Limits.NO_EXPIRY, null));
  }

  public WriteBatch merge(MergeOperator operator, byte[] key, byte[] operand) {
    Limits.checkNotNull(operator, "merge operator");
    Limits.checkValue(operand);
    return add(new Write(Kind.MERGE, key, operand, Limits.NO_EXPIRY, operator));
  }

  /** See {@link Transaction#requireUnchanged}; a batch names the version it knows. */
  public WriteBatch requireUnchanged(byte[] key, long sinceVersion) {
    Limits.checkKey(key);
    requirements.add(new Requirement(key, sinceVersion));
    return this;
  }

  public List<Write> writes() {
    return Collections.unmodifiableList(writes);
  }

  public List<Requirement> requirements() {
    return Collections.unmodifiableList(requirements);
  }

  public boolean isEmpty() {
    return writes.isEmpty();
  }

  /** Bytes of all keys and values. */
  public long sizeInBytes() {
    return sizeInBytes;
  }

  private WriteBatch add(Write write) {
    Limits.checkKey(write.key());
    writes.add(write);
    sizeInBytes += (long) write.key().length + write.value().length;
    return this;
  }
}
