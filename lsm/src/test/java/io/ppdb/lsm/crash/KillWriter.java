package io.ppdb.lsm.crash;

import io.ppdb.kv.Durability;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.blob.BlobOptions;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process that {@link KillTest} kills: several threads commit, and say so on standard output
 * once a commit has returned.
 *
 * <p>Thread t's commit number n puts n into the keys {@code t/0} to {@code t/3}, so that a commit
 * which survived in part shows; every third as values that go to a blob file. Every other commit is
 * ASYNC: the death of a process takes nothing back. An acknowledgement is 12 bytes: t and n.
 */
final class KillWriter {
  static final int THREAD_COUNT = 3;
  static final int KEYS_PER_COMMIT = 4;
  static final int ACKNOWLEDGEMENT_BYTES = Integer.BYTES + Long.BYTES;

  private static final int PADDING_BYTES = 300;
  private static final int LARGE_PADDING_BYTES = 3_000;
  private static final BlobOptions BLOBS = new BlobOptions(1_000, 256 << 10);

  private KillWriter() {}

  /** Memtables are small, so that kills also hit flushes and compactions. */
  static LsmOptions options() {
    return LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(256 << 10))
        .withWalGrowthBytes(128 << 10)
        .withBlobs(BLOBS);
  }

  static byte[] key(int thread, int index) {
    return (thread + "/" + index).getBytes(StandardCharsets.US_ASCII);
  }

  /** Arguments: directory, number that commits begin with. */
  public static void main(String[] arguments) {
    LsmStore store = LsmStore.open(Path.of(arguments[0]), options());
    long first = Long.parseLong(arguments[1]);
    for (int thread = 0; thread < THREAD_COUNT; thread++) {
      int number = thread;
      new Thread(() -> write(store, number, first, System.out)).start();
    }
  }

  private static void write(LsmStore store, int thread, long first, OutputStream acknowledgements) {
    try {
      for (long n = first; ; n++) {
        WriteBatch batch = new WriteBatch();
        int padding = n % 3 == 0 ? LARGE_PADDING_BYTES : PADDING_BYTES;
        byte[] value = ByteBuffer.allocate(Long.BYTES + padding).putLong(n).array();
        for (int i = 0; i < KEYS_PER_COMMIT; i++) {
          batch.put(key(thread, i), value);
        }
        store.write(batch, n % 2 == 0 ? Durability.SYNC : Durability.ASYNC);
        byte[] bytes = ByteBuffer.allocate(ACKNOWLEDGEMENT_BYTES).putInt(thread).putLong(n).array();
        synchronized (acknowledgements) {
          acknowledgements.write(bytes);
          acknowledgements.flush();
        }
      }
    } catch (Exception e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
