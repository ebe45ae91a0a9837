package io.ppdb.relational.storage;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Gives a new index an entry for every row that is there already. */
public final class IndexBackfill {
  /** The number of a table's first index. */
  public static final int FIRST_INDEX = TableKeys.FIRST_INDEX;

  /** Rows of one transaction: few enough that it rarely conflicts, and costs a user a retry. */
  private static final int ROWS_PER_TRANSACTION = 1000;

  private static final TransactionOptions OPTIONS =
      TransactionOptions.DEFAULT.withOrigin(CommitOrigin.MAINTENANCE);

  private IndexBackfill() {}

  /**
   * Fills an index in small transactions. It must have been committed as written but not ready, so
   * that rows written meanwhile have their entries from those who write them.
   *
   * @param number of the index
   * @param tables gives the table as a transaction sees it, which may be changed meanwhile
   * @param beforeEach runs before each transaction, and may end all of it by an error
   */
  public static void run(
      int number,
      KeyValueStore store,
      Function<Transaction, RowTable> tables,
      Runnable beforeEach) {
    byte @Nullable [] start = {};
    while (start != null) {
      beforeEach.run();
      byte[] from = start;
      start =
          store.transact(
              OPTIONS,
              transaction -> {
                RowTable table = tables.apply(transaction);
                transaction.requireUnchanged(Catalog.epochKey(table.table().id()));
                // If all rows were written anew meanwhile, they have other keys.
                boolean goesOn = table.keys().rowRange().contains(from);
                byte[] first = goesOn ? from : table.keys().rows();
                return fill(table, number, transaction, first, ROWS_PER_TRANSACTION, beforeEach);
              });
    }
  }

  /**
   * Fills an index within {@code transaction}, for a table nobody else knows.
   *
   * @param check runs now and then, and may end all of it by an error
   */
  public static void fill(RowTable table, int number, Transaction transaction, Runnable check) {
    fill(table, number, transaction, table.keys().rows(), Integer.MAX_VALUE, check);
  }

  /** Returns where the next transaction begins; null after the last row. */
  private static byte @Nullable [] fill(
      RowTable table,
      int number,
      Transaction transaction,
      byte[] from,
      int maxRows,
      Runnable check) {
    int columnCount = table.table().columns().size() + table.locatorTypes().size();
    int[] columns = IntStream.range(0, columnCount).toArray();
    RowDecoder decoder = table.decoder(columns);
    VectorBatch batch = VectorBatch.create(table.layout().types(columns), 1);
    KeyRange range = KeyRange.of(from, table.keys().rowRange().end());
    int place = table.table().indexes().indexOf(table.table().indexNumbered(number));
    try (RowTableWriter writer = table.openWriter(transaction);
        Cursor cursor = scan(transaction, range)) {
      for (int rows = 0; cursor.next(); rows++) {
        if (rows == maxRows) {
          return cursor.key().toByteArray();
        }
        if (rows % ROWS_PER_TRANSACTION == 0) {
          check.run();
        }
        batch.reset(1);
        decoder.decodeKey(
            batch, 0, cursor.key().array(), cursor.key().offset(), cursor.key().length());
        decoder.decodeValue(
            batch, 0, cursor.value().array(), cursor.value().offset(), cursor.value().length());
        batch.setRowCount(1);
        int prefixLength = table.keys().rows().length;
        byte[] key = cursor.key().toByteArray();
        writer.fillEntry(place, batch, 0, Arrays.copyOfRange(key, prefixLength, key.length));
      }
    }
    return null;
  }

  private static Cursor scan(ReadView view, KeyRange range) {
    return view.scan(range, ScanOptions.ASCENDING);
  }
}
