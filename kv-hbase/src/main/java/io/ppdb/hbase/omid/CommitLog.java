package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Commit;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hbase.client.Put;
import org.apache.omid.transaction.HBaseTransaction;

/**
 * The change log: a row for each commit, written by its own transaction, so that it is there if and
 * only if the commit is. It lies in the table of the data, behind all keys, so that it is written
 * by the calls that write those.
 *
 * <p>A row is named by when it was written, by the oracle's time. Who looks at everything written
 * up to some time, and later at everything written since {@value #SLACK_MILLIS} ms before that
 * time, has missed nothing: a row that took longer to be written than {@value #MAX_WRITE_MILLIS} ms
 * is written again.
 *
 * <p>A commit that changes nothing has a row too, or Omid would take it for no commit.
 */
final class CommitLog {
  /** The longest from when a row says that it was written to when it is there. */
  private static final long MAX_WRITE_MILLIS = 10_000;

  /** Besides, clocks: gateways know the oracle's by their own since they asked it last. */
  static final long SLACK_MILLIS = 30_000;

  /** How long after its row was written a transaction may still commit, at the very most. */
  static final long MAX_COMMIT_MILLIS = 2 * OmidView.MAX_AGE_MILLIS;

  /** Behind its prefix a row has one byte that spreads the log over regions. */
  static final int SALTS = 256;

  private static final int HEAD_BYTES = 2;

  private static final int CHUNK_BYTES = 4 << 20;
  private static final byte CHUNK = 'c';
  private static final byte[] NOTHING = {};
  private static final int MAX_TRIES = 3;

  private final OmidConnection connection;

  CommitLog(OmidConnection connection) {
    this.connection = connection;
  }

  /** Writes what {@code cells} still have, and the row of a commit that may change something. */
  void write(HBaseTransaction transaction, CellWriter cells, Commit commit) {
    write(transaction, cells, commit.isEmpty() ? NOTHING : CommitBytes.write(commit));
  }

  /** Writes what {@code cells} still have, and the row of a commit that changes nothing. */
  void writeNothing(HBaseTransaction transaction, CellWriter cells) {
    write(transaction, cells, NOTHING);
  }

  private void write(HBaseTransaction transaction, CellWriter cells, byte[] bytes) {
    for (int i = 0; i < MAX_TRIES; i++) {
      long beganNanos = System.nanoTime();
      byte[] row = row(connection.nowMillis(), transaction.getStartTimestamp());
      int count = Math.max(1, (bytes.length + CHUNK_BYTES - 1) / CHUNK_BYTES);
      for (int chunk = 0; chunk < count; chunk++) {
        int from = chunk * CHUNK_BYTES;
        Put put = new Put(row);
        put.addColumn(
            StoreTables.FAMILY,
            column(chunk),
            Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + CHUNK_BYTES)));
        cells.add(put);
      }
      cells.flush();
      if (System.nanoTime() - beganNanos < TimeUnit.MILLISECONDS.toNanos(MAX_WRITE_MILLIS)) {
        return;
      }
    }
    throw new PpdbException(
        ErrorCode.UNAVAILABLE, "to write to the change log takes seconds, again and again");
  }

  private static byte[] row(long writtenMillis, long startTimestamp) {
    byte salt = (byte) (Long.hashCode(startTimestamp * 0x9E37_79B9_7F4A_7C15L) >>> 24);
    return ByteBuffer.allocate(HEAD_BYTES + 2 * Long.BYTES)
        .put(RowLayout.LOG_PREFIX)
        .put(salt)
        .putLong(writtenMillis)
        .putLong(startTimestamp)
        .array();
  }

  /** The first row with {@code salt} that was written at {@code writtenMillis} or later. */
  static byte[] firstRow(int salt, long writtenMillis) {
    return ByteBuffer.allocate(HEAD_BYTES + Long.BYTES)
        .put(RowLayout.LOG_PREFIX)
        .put((byte) salt)
        .putLong(writtenMillis)
        .array();
  }

  static long writtenMillis(byte[] row) {
    return ByteBuffer.wrap(row).getLong(HEAD_BYTES);
  }

  static long startTimestamp(byte[] row) {
    return ByteBuffer.wrap(row).getLong(HEAD_BYTES + Long.BYTES);
  }

  /** The last byte keeps it from looking like one of Omid's own columns. */
  static byte[] column(int chunk) {
    return ByteBuffer.allocate(4).put(CHUNK).putShort((short) chunk).put(CHUNK).array();
  }
}
