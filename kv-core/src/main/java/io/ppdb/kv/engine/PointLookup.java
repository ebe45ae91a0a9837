package io.ppdb.kv.engine;

import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what decides the value of one key for one view.
 *
 * <p>Sources are asked from the newest to the oldest, and offer their entries of the key that are
 * visible to the view, newest first, until the lookup is decided: by a PUT or a DELETE. Not
 * thread-safe.
 */
public final class PointLookup {
  private final OperatorRegistry operators;
  private final long instantMillis;

  /** Tells the instant to judge expiry at when one is met; null if it is known. */
  private final @Nullable Ticks ticks;

  private boolean decided;
  private byte @Nullable [] base;
  private @Nullable List<Operand> operands;
  private long newestVersion;

  /** A range with the key was deleted at this version, 0 if none was: nothing older counts. */
  private long coveredVersion;

  private long expiryMillis = Limits.NO_EXPIRY;
  private boolean sawExpired;

  /** Whether {@link #base} is the handle of a value that lies elsewhere. */
  private boolean baseIsHandle;

  private record Operand(MergeOperator operator, byte[] bytes) {
    Operand with(Operand newer) {
      return new Operand(operator, operator.combine(bytes, newer.bytes));
    }
  }

  /** A lookup for a view that judges expiry at {@code instantMillis}. */
  public PointLookup(OperatorRegistry operators, long instantMillis) {
    this.operators = operators;
    this.instantMillis = instantMillis;
    this.ticks = null;
  }

  /** A lookup that judges expiry when it meets one, at the store's time then. */
  PointLookup(OperatorRegistry operators, Ticks ticks) {
    this.operators = operators;
    this.instantMillis = 0;
    this.ticks = ticks;
  }

  /**
   * Takes the newest range tombstone over the key that the next source has and the view sees;
   * before the entries of that source.
   *
   * @param version 0 if it has none
   */
  public void cover(long version) {
    if (version > coveredVersion) {
      coveredVersion = version;
      newestVersion = Math.max(newestVersion, version);
    }
  }

  OperatorRegistry operators() {
    return operators;
  }

  /** The version of the newest range tombstone over the key that was taken, 0 if none was. */
  long coveredVersion() {
    return coveredVersion;
  }

  /** Whether a range tombstone over the key was taken, so that nothing older than it counts. */
  public boolean isCovered() {
    return coveredVersion > 0;
  }

  /**
   * Takes the next older entry of the key; the bytes are copied.
   *
   * @return whether the value is decided, so that no older entry counts
   */
  public boolean offer(
      EntryKind kind,
      long version,
      int operatorId,
      long entryExpiryMillis,
      byte[] array,
      int offset,
      int length) {
    assert !decided;
    newestVersion = Math.max(newestVersion, version);
    if (version < coveredVersion) {
      decided = true;
      return true;
    }
    switch (kind) {
      case DELETE -> decided = true;
      case PUT, BLOB -> {
        decided = true;
        baseIsHandle = kind == EntryKind.BLOB;
        if (entryExpiryMillis == Limits.NO_EXPIRY || entryExpiryMillis > instantMillis()) {
          base = Arrays.copyOfRange(array, offset, offset + length);
          expiryMillis = entryExpiryMillis;
        } else {
          sawExpired = true;
          baseIsHandle = false;
        }
      }
      case MERGE -> {
        if (operands == null) {
          operands = new ArrayList<>();
        }
        byte[] operand = Arrays.copyOfRange(array, offset, offset + length);
        operands.add(new Operand(operators.get(operatorId), operand));
      }
    }
    return decided;
  }

  private long instantMillis() {
    return ticks == null ? instantMillis : ticks.nextMillis();
  }

  /** Takes the next older entry of the key; see the other overload. */
  public boolean offer(Entry entry) {
    byte[] value = entry.value();
    return offer(
        entry.kind(),
        entry.version(),
        entry.operatorId(),
        entry.expiryMillis(),
        value,
        0,
        value.length);
  }

  /** Whether a PUT or DELETE has been seen, or an entry that a range tombstone hides. */
  public boolean isDecided() {
    return decided;
  }

  /** The version of the newest entry or range tombstone taken, 0 if none was. */
  public long newestVersion() {
    return newestVersion;
  }

  /** When the value expires; {@link Limits#NO_EXPIRY} if never, or if there is none. */
  public long expiryMillis() {
    return expiryMillis;
  }

  /** Whether the value is decided by a PUT that has expired. */
  boolean sawExpired() {
    return sawExpired;
  }

  /** Forgets everything that was offered, to be asked anew. */
  public void restart() {
    decided = false;
    base = null;
    baseIsHandle = false;
    operands = null;
    newestVersion = 0;
    coveredVersion = 0;
    expiryMillis = Limits.NO_EXPIRY;
    sawExpired = false;
  }

  /**
   * The handle that {@link #value} depends on and that has to be resolved before, by who offered
   * it; null if there is none.
   */
  public byte @Nullable [] handle() {
    return baseIsHandle ? base : null;
  }

  /** Whether the value is that of the handle alone, with no operands on top. */
  public boolean isHandleAlone() {
    return baseIsHandle && operands == null;
  }

  /** Whether operands were taken. */
  public boolean hasOperands() {
    return operands != null;
  }

  /** Tells the value that {@link #handle} stands for; the lookup owns it. */
  public void resolve(byte[] blob) {
    base = blob;
    baseIsHandle = false;
  }

  /** The value to return to the caller, who owns it; null if the key is absent. */
  public byte @Nullable [] value() {
    if (baseIsHandle) {
      throw new IllegalStateException("the value lies elsewhere and was not read");
    }
    byte[] value = base;
    if (operands != null) {
      // Combined first as far as they are of one operator: the value is often much larger.
      Operand combined = operands.get(operands.size() - 1);
      for (int i = operands.size() - 2; i >= 0; i--) {
        Operand newer = operands.get(i);
        if (newer.operator.id() == combined.operator.id()) {
          combined = combined.with(newer);
        } else {
          value = combined.operator.apply(value, combined.bytes);
          combined = newer;
        }
      }
      value = combined.operator.apply(value, combined.bytes);
    }
    return value;
  }
}
