package io.ppdb.relational.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.kv.codec.SortOrder;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of a row table as those see it whose rows refer to it: whether a row has it, and the claim
 * that it stays. Used by one thread.
 *
 * <p>The claim is a guard of the row's existence key. Guards never conflict with each other, so
 * rows that refer to one parent are written side by side; whoever deletes the parent, or gives it
 * another key, locks its existence key, and of the two the first to commit wins.
 */
public final class ReferencedKey {
  private final boolean isPrimary;
  private final boolean withColumns;
  private final byte[] prefix;
  private final byte[] rows;
  private final byte[] existence;
  private final List<SortOrder> orders;
  private final KeyWriter writer = new KeyWriter();

  /**
   * A key of {@code table}.
   *
   * @param keyNumber which key, as {@link ForeignKeyDefinition#keyNumber} counts
   */
  public ReferencedKey(RowTable table, int keyNumber) {
    this.isPrimary = keyNumber == ForeignKeyDefinition.PRIMARY_KEY;
    this.withColumns = !isPrimary && !table.table().indexNumbered(keyNumber).included().isEmpty();
    this.rows = table.keys().rows();
    this.existence = table.keys().existence();
    this.prefix = isPrimary ? rows : table.keys().prefix(keyNumber);
    List<IndexDefinition.Column> columns =
        isPrimary
            ? TableKeys.primaryKeyColumns(table.table())
            : table.table().indexNumbered(keyNumber).columns();
    this.orders = columns.stream().map(column -> KeyColumns.order(column.descending())).toList();
  }

  /** Lets existence keys be guarded by many at a time, in engines that have to know. */
  public static void prepare(TableDefinition table, KeyValueStore store) {
    KeyRange range = KeyRange.prefix(new TableKeys(table).existence());
    RangePolicy policy = store.policy(range.start());
    if (policy.claims() != RangePolicy.Claims.SHARED) {
      store.setPolicy(range, policy.withClaims(RangePolicy.Claims.SHARED));
    }
  }

  /**
   * The store's key under which a row of the table would be found that has the values of {@code
   * columns}; null if one of them is NULL.
   */
  public byte @Nullable [] of(VectorBatch batch, List<Integer> columns, int position) {
    writer.clear().addEncoded(prefix, 0, prefix.length);
    for (int i = 0; i < columns.size(); i++) {
      if (batch.column(columns.get(i)).isNull(position)) {
        return null;
      }
      writer.order(orders.get(i));
      KeyColumns.add(writer, batch.column(columns.get(i)), position);
    }
    return writer.toByteArray();
  }

  /** Whether a row has the key; if so, claims that it still has it at the commit. */
  public boolean guard(Transaction transaction, byte[] key) {
    byte[] value = transaction.get(key);
    if (value == null) {
      return false;
    }
    byte[] row =
        isPrimary
            ? TableKeys.concat(existence, key, rows.length, key.length - rows.length)
            : IndexValue.rowKey(existence, value, withColumns);
    transaction.guard(row);
    return true;
  }
}
