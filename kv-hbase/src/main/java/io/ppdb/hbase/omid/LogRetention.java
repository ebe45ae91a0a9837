package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.filter.FirstKeyOnlyFilter;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.omid.transaction.HBaseTransaction;

/**
 * Forgets old commits of the change log: any gateway that commits, now and then. What is the oldest
 * position that the log reaches stands in the table {@code meta}, before anything is deleted.
 * Thread-safe.
 */
final class LogRetention {
  /** How long commits stay in the log, in seconds: an hour. */
  static final String RETENTION_PROPERTY = "ppdb.hbase.changes.retention.seconds";

  /** So many times in the time that commits stay, this gateway looks whether some have to go. */
  private static final int TRIES_PER_RETENTION = 6;

  private static final int ROWS_PER_CALL = 1_000;
  private static final byte[] ROW = "changes".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OLDEST = {'o'};

  private final OmidConnection connection;
  private final StoreTables tables;
  private final Committer committer;
  private final Supplier<OmidView> views;
  private final long retentionMillis =
      TimeUnit.SECONDS.toMillis(Long.getLong(RETENTION_PROPERTY, 3_600));

  private final AtomicLong triedNanos = new AtomicLong(System.nanoTime());

  LogRetention(
      OmidConnection connection,
      StoreTables tables,
      Committer committer,
      Supplier<OmidView> views) {
    this.connection = connection;
    this.tables = tables;
    this.committer = committer;
    this.views = views;
  }

  /** Fails if the log does not reach {@code position} any more. */
  void check(long position, HBaseTransaction transaction) {
    long oldest = oldest(transaction);
    if (position < oldest) {
      throw new PpdbException(
          ErrorCode.SNAPSHOT_TOO_OLD,
          "the change log no longer has what comes after version "
              + position
              + "; the oldest position that it can be read from is "
              + oldest);
    }
  }

  private long oldest(HBaseTransaction transaction) {
    byte[] oldest =
        connection.get(transaction, tables.meta(), ROW).getValue(StoreTables.FAMILY, OLDEST);
    return oldest == null ? 0 : Bytes.toLong(oldest);
  }

  /** Called after commits: forgets old ones in the background, if nobody here has for minutes. */
  void committed() {
    long tried = triedNanos.get();
    long now = System.nanoTime();
    if (now - tried > TimeUnit.MILLISECONDS.toNanos(retentionMillis) / TRIES_PER_RETENTION
        && triedNanos.compareAndSet(tried, now)) {
      Thread thread = new Thread(this::tryToForget, "ppdb-hbase-log-retention");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void tryToForget() {
    try {
      forget();
    } catch (PpdbException e) {
      // Another gateway was faster, or the cluster is away: some other time.
    }
  }

  /** Forgets what is older than the retention. */
  void forget() {
    OmidView view = views.get();
    long oldestMillis = OmidView.millis(view.version()) - retentionMillis;
    long oldest = oldestMillis * OmidView.TIMESTAMPS_PER_MILLI;
    if (oldest <= oldest(view.transaction())) {
      return;
    }
    committer.commit(
        view,
        numbers -> {
          numbers.addLog();
          Put put = new Put(ROW).addColumn(StoreTables.FAMILY, OLDEST, Bytes.toBytes(oldest));
          connection.write(view.transaction(), tables.meta(), List.of(put));
        });
    // Of later commits than the oldest position, rows may have been written that much before.
    delete(oldestMillis - CommitLog.MAX_COMMIT_MILLIS);
  }

  private void delete(long beforeMillis) {
    TableName name = tables.data();
    try (Table table = connection.table(name)) {
      for (int salt = 0; salt < CommitLog.SALTS; salt++) {
        delete(table, CommitLog.firstRow(salt, 0), CommitLog.firstRow(salt, beforeMillis));
      }
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot forget commits of table " + name, e);
    }
  }

  private static void delete(Table table, byte[] from, byte[] to) throws IOException {
    Scan old =
        new Scan()
            .addFamily(StoreTables.FAMILY)
            .setFilter(new FirstKeyOnlyFilter())
            .setCaching(ROWS_PER_CALL)
            .withStartRow(from)
            .withStopRow(to);
    try (ResultScanner scanner = table.getScanner(old)) {
      for (Result[] rows = scanner.next(ROWS_PER_CALL);
          rows.length > 0;
          rows = scanner.next(ROWS_PER_CALL)) {
        List<Delete> deletions = new ArrayList<>();
        for (Result row : rows) {
          deletions.add(new Delete(row.getRow()));
        }
        table.delete(deletions);
      }
    }
  }
}
