package io.ppdb.bench.kv;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * LMDB through lmdbjava: a transaction for each put, renewed read transactions.
 *
 * <p>An unsynced put of LMDB survives the death of the process, like those of the other engines; a
 * synced one forces the environment after its commit.
 */
@NullUnmarked
final class LmdbEngine implements KvEngine {
  private static final int MAX_KEY_BYTES = 511;
  private static final int MAX_VALUE_BYTES = 1 << 16;

  private final ThreadLocal<ByteBuffer> keyBuffer =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(MAX_KEY_BYTES));
  private final ThreadLocal<ByteBuffer> valueBuffer =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(MAX_VALUE_BYTES));

  private Env<ByteBuffer> environment;
  private Dbi<ByteBuffer> database;
  private ThreadLocal<Txn<ByteBuffer>> readers;

  @Override
  @SuppressWarnings("deprecation") // the replacement is not in the pinned version's documentation
  public void open(Path folder, KvSizes sizes) {
    environment =
        Env.create()
            .setMapSize(16L << 30)
            .setMaxReaders(64)
            .open(folder.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_NOTLS);
    database = environment.openDbi((String) null, DbiFlags.MDB_CREATE);
    readers = new ThreadLocal<>();
  }

  @Override
  public void put(byte[] key, byte[] value, boolean sync) {
    try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
      database.put(transaction, fill(keyBuffer.get(), key), fill(valueBuffer.get(), value));
      transaction.commit();
    }
    if (sync) {
      environment.sync(true);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Txn<ByteBuffer> transaction = beginRead();
    try {
      return get(transaction, key);
    } finally {
      transaction.reset();
    }
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    Txn<ByteBuffer> transaction = beginRead();
    try {
      List<byte @Nullable []> values = new ArrayList<>(keys.size());
      for (byte[] key : keys) {
        values.add(get(transaction, key));
      }
      return values;
    } finally {
      transaction.reset();
    }
  }

  @Override
  public void scan(byte[] start, long entryCount, Visitor visitor) {
    Txn<ByteBuffer> transaction = beginRead();
    try (Cursor<ByteBuffer> cursor = database.openCursor(transaction)) {
      boolean found = cursor.get(fill(keyBuffer.get(), start), GetOp.MDB_SET_RANGE);
      for (long i = 0; i < entryCount && found; i++) {
        visitor.visit(copy(cursor.key()), copy(cursor.val()));
        found = cursor.next();
      }
    } finally {
      transaction.reset();
    }
  }

  @Override
  public void scanBackwards(byte[] start, long entryCount, Visitor visitor) {
    Txn<ByteBuffer> transaction = beginRead();
    try (Cursor<ByteBuffer> cursor = database.openCursor(transaction)) {
      boolean found = cursor.get(fill(keyBuffer.get(), start), GetOp.MDB_SET_KEY);
      for (long i = 0; i < entryCount && found; i++) {
        visitor.visit(copy(cursor.key()), copy(cursor.val()));
        found = cursor.prev();
      }
    } finally {
      transaction.reset();
    }
  }

  @Override
  public void putInTransaction(byte[] key, byte[] value) {
    put(key, value, false);
  }

  @Override
  public void settle() {
    environment.sync(true);
  }

  @Override
  public void close() {
    Txn<ByteBuffer> reader = readers.get();
    if (reader != null) {
      reader.close();
    }
    environment.close();
  }

  private byte @Nullable [] get(Txn<ByteBuffer> transaction, byte[] key) {
    ByteBuffer value = database.get(transaction, fill(keyBuffer.get(), key));
    return value == null ? null : copy(value);
  }

  private Txn<ByteBuffer> beginRead() {
    Txn<ByteBuffer> transaction = readers.get();
    if (transaction == null) {
      transaction = environment.txnRead();
      readers.set(transaction);
    } else {
      transaction.renew();
    }
    return transaction;
  }

  private static ByteBuffer fill(ByteBuffer buffer, byte[] bytes) {
    return buffer.clear().put(bytes).flip();
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
