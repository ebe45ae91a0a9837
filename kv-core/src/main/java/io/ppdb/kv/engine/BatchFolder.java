package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.WriteBatch.Kind;
import io.ppdb.kv.WriteBatch.Write;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds the writes of a batch to one entry a key, in key order; the batch's arrays are copied. */
final class BatchFolder {
  private static final Comparator<Write> BY_KEY =
      (left, right) -> Arrays.compareUnsigned(left.key(), right.key());

  private BatchFolder() {}

  /** Says when a put expires that asks for {@code expiryMillis}. */
  interface Expiries {
    long of(byte[] key, long expiryMillis);
  }

  static Entry[] fold(List<Write> writes, Expiries expiries) {
    if (writes.size() == 1) {
      return new Entry[] {entry(writes.get(0), expiries)};
    }
    Write[] sorted = writes.toArray(Write[]::new);
    Arrays.sort(sorted, BY_KEY); // stable: writes of one key stay in order
    Entry[] entries = new Entry[sorted.length];
    int count = 0;
    Write pending = null;
    for (Write write : sorted) {
      if (pending == null) {
        pending = write;
      } else if (Arrays.equals(pending.key(), write.key())) {
        pending = fold(pending, write);
      } else {
        entries[count++] = entry(pending, expiries);
        pending = write;
      }
    }
    if (pending != null) {
      entries[count++] = entry(pending, expiries);
    }
    return count == entries.length ? entries : Arrays.copyOf(entries, count);
  }

  private static Write fold(Write before, Write write) {
    if (write.kind() != Kind.MERGE) {
      return write;
    }
    MergeOperator operator = operatorOf(write);
    byte[] key = write.key();
    return switch (before.kind()) {
      case PUT -> put(key, operator.apply(before.value(), write.value()));
      case DELETE -> put(key, operator.apply(null, write.value()));
      case MERGE -> {
        if (operatorOf(before).id() != operator.id()) {
          throw new PpdbException(
              ErrorCode.INVALID_ARGUMENT,
              "merge operators "
                  + operatorOf(before).name()
                  + " and "
                  + operator.name()
                  + " on one key of a batch; a key has one operator");
        }
        byte[] both = operator.combine(before.value(), write.value());
        yield new Write(Kind.MERGE, key, both, Limits.NO_EXPIRY, operator);
      }
    };
  }

  private static Write put(byte[] key, byte[] value) {
    return new Write(Kind.PUT, key, value, Limits.NO_EXPIRY, null);
  }

  private static Entry entry(Write write, Expiries expiries) {
    byte[] key = write.key().clone();
    return switch (write.kind()) {
      case PUT -> Entry.put(key, write.value().clone(), expiries.of(key, write.expiryMillis()));
      case DELETE -> Entry.delete(key);
      case MERGE -> Entry.merge(key, write.value().clone(), operatorOf(write).id());
    };
  }

  static MergeOperator operatorOf(Write write) {
    @Nullable MergeOperator operator = write.operator();
    if (operator == null) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "a merge without an operator");
    }
    return operator;
  }

  /** What a batch of {@code entries} claims. */
  static Claims claims(Entry[] entries) {
    byte[][] keys = new byte[entries.length][];
    byte[] modes = new byte[entries.length];
    for (int i = 0; i < entries.length; i++) {
      keys[i] = entries[i].key();
      modes[i] = entries[i].kind() == EntryKind.MERGE ? Claims.MERGE : Claims.WRITE;
    }
    return new Claims(keys, modes, Claims.NO_RANGES, Claims.NO_KEYS);
  }
}
