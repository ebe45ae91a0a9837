package io.ppdb.relational.constraint;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.storage.ReferencedKey;
import io.ppdb.relational.storage.RowTable;
import io.ppdb.relational.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Checks that the rows that new rows refer to are there, and claims that they stay. Rows that refer
 * to their own table are checked when the statement has written all of them. Used by one thread.
 */
final class ForeignKeyCheck {
  private static final int MAX_KNOWN_KEYS = 100_000;

  private final TableDefinition table;
  private final ForeignKeyDefinition foreignKey;
  private final RowTable parent;
  private final ReferencedKey key;
  private final ExecutionContext context;

  /** Keys that were found and claimed by this statement. */
  private final Set<ByteBuffer> known = new HashSet<>();

  ForeignKeyCheck(
      TableDefinition table,
      ForeignKeyDefinition foreignKey,
      RowTable parent,
      ExecutionContext context) {
    this.table = table;
    this.foreignKey = foreignKey;
    this.parent = parent;
    this.key = new ReferencedKey(parent, foreignKey.keyNumber());
    this.context = context;
  }

  /** Whether one of {@code changedColumns} belongs to the foreign key. */
  boolean reads(int[] changedColumns) {
    return Arrays.stream(changedColumns).anyMatch(foreignKey.columns()::contains);
  }

  /** Checks the live rows of {@code rows}, now or at the end of the statement. */
  void add(VectorBatch rows) {
    boolean isSelf = parent.table().id() == table.id();
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.position(i);
      byte[] wanted = key.of(rows, foreignKey.columns(), position);
      if (wanted == null || known.contains(ByteBuffer.wrap(wanted))) {
        continue;
      }
      if (isSelf) {
        String text = RowText.of(table, foreignKey.columns(), rows, position);
        context.end().addCheck(() -> require(wanted, text));
      } else if (!guard(wanted)) {
        throw violation(RowText.of(table, foreignKey.columns(), rows, position));
      }
    }
  }

  private void require(byte[] wanted, String text) {
    if (!known.contains(ByteBuffer.wrap(wanted)) && !guard(wanted)) {
      throw violation(text);
    }
  }

  private boolean guard(byte[] wanted) {
    Transaction transaction = context.transaction();
    if (!key.guard(transaction, wanted)) {
      return false;
    }
    if (known.size() >= MAX_KNOWN_KEYS) {
      known.clear();
    }
    known.add(ByteBuffer.wrap(wanted));
    return true;
  }

  private PpdbException violation(String values) {
    return new PpdbException(
        ErrorCode.FOREIGN_KEY_VIOLATION,
        "insert or update on table \""
            + table.name()
            + "\" violates foreign key constraint \""
            + foreignKey.name()
            + "\": key "
            + values
            + " is not present in table \""
            + parent.table().name()
            + "\"");
  }
}
