package io.ppdb.database;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Plain keys and values: one numbered namespace within a transaction.
 *
 * <p>Layout ({@code docs/format/key-value.md}):
 *
 * <pre>
 * key    (1, namespace, bytes of the key)
 * value  type (1 byte, 0x01 = bytes) · the bytes
 * </pre>
 *
 * <p>Expiry is that of the entry. Used by one thread at a time; ends with its transaction.
 */
public final class KeyValueNamespace {
  /** The object that all namespaces live in. */
  private static final long OBJECT_ID = 1;

  /** A value that is just bytes; the other types belong to the server's collections. */
  private static final byte TYPE_BYTES = 0x01;

  private final io.ppdb.kv.Transaction transaction;
  private final int number;
  private final KeyWriter writer = new KeyWriter();

  KeyValueNamespace(io.ppdb.kv.Transaction transaction, int number) {
    if (number < 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "namespace number " + number + " is negative");
    }
    this.transaction = transaction;
    this.number = number;
  }

  /** Lets the namespaces' range of a new store take expiring entries, without history. */
  static void preparePolicy(KeyValueStore store) {
    RangePolicy wanted =
        RangePolicy.DEFAULT.withUse(RangePolicy.Use.EXPIRABLE).withHistory(Duration.ZERO);
    if (!store.policy(KeyWriter.prefixOf(OBJECT_ID)).equals(wanted)) {
      store.setPolicy(KeyWriter.rangeOf(OBJECT_ID), wanted);
    }
  }

  /** The value of {@code key}, or null if there is none. */
  public byte @Nullable [] get(byte[] key) {
    byte[] stored = transaction.get(encode(key));
    return stored == null ? null : decode(key, stored);
  }

  public void put(byte[] key, byte[] value) {
    put(key, value, Limits.NO_EXPIRY);
  }

  /** Stores a value that is gone from {@code expiryMillis} (epoch milliseconds) on. */
  public void put(byte[] key, byte[] value, long expiryMillis) {
    byte[] stored = new byte[value.length + 1];
    stored[0] = TYPE_BYTES;
    System.arraycopy(value, 0, stored, 1, value.length);
    transaction.put(encode(key), stored, expiryMillis);
  }

  public void delete(byte[] key) {
    transaction.delete(encode(key));
  }

  /**
   * Shows keys that begin with {@code prefix} and their values, in the order of keys, to {@code
   * visitor} until it returns false.
   */
  public void scan(byte[] prefix, BiPredicate<byte[], byte[]> visitor) {
    // An encoded key ends with a terminator, which is not part of the prefix.
    byte[] start = encode(prefix);
    KeyRange range = KeyRange.prefix(Arrays.copyOf(start, start.length - 1));
    KeyReader reader = new KeyReader();
    try (Cursor cursor = transaction.scan(range)) {
      while (cursor.next()) {
        reader.reset(cursor.key());
        reader.skip().skip();
        byte[] key = reader.readBytes();
        if (!visitor.test(key, decode(key, cursor.value()))) {
          return;
        }
      }
    }
  }

  private byte[] encode(byte[] key) {
    return writer.clear().addLong(OBJECT_ID).addLong(number).addBytes(key).toByteArray();
  }

  private byte[] decode(byte[] key, byte[] stored) {
    return decode(key, new Slice(stored));
  }

  private byte[] decode(byte[] key, Slice stored) {
    if (stored.length() == 0) {
      throw new PpdbException(
          ErrorCode.CORRUPTION, "namespace " + number + ": a value without type byte");
    }
    if (stored.byteAt(0) != TYPE_BYTES) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "namespace "
              + number
              + ": a key of "
              + key.length
              + " bytes holds a value of type "
              + stored.byteAt(0)
              + ", not plain bytes");
    }
    int start = stored.offset() + 1;
    return Arrays.copyOfRange(stored.array(), start, start + stored.length() - 1);
  }
}
