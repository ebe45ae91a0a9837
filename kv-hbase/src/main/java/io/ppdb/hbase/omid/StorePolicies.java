package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.PolicyMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.omid.transaction.HBaseTransaction;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a store, in a row of its table {@code meta}.
 *
 * <p>A transaction keeps to those that it sees, as it sees everything else, so it does not matter
 * which gateway has changed them or when another one looked last. Whoever changes policies claims
 * the ranges concerned, so no transaction commits into one by policies that are not in force any
 * more. They are parsed once for each change. Thread-safe.
 */
final class StorePolicies {
  private static final byte[] ROW = "policies".getBytes(StandardCharsets.UTF_8);

  /** All of them, as {@link PolicyBytes}. */
  private static final byte[] ALL = {'p'};

  /** A cell that is written beside them, and cheaper to read: its timestamp names the change. */
  private static final byte[] CHANGED = {'n'};

  private static final byte[] SOMETHING = {1};

  /** Of a store whose policies were never changed. */
  private static final Parsed UNCHANGED = new Parsed(0, new PolicyMap());

  private record Parsed(long changed, PolicyMap policies) {}

  private final OmidConnection connection;
  private final TableName meta;

  /** The last ones that were read, by whichever transaction. */
  private volatile Parsed last = UNCHANGED;

  StorePolicies(OmidConnection connection, TableName meta) {
    this.connection = connection;
    this.meta = meta;
  }

  /** Those that {@code transaction} sees; not to be changed. */
  PolicyMap seenBy(HBaseTransaction transaction) {
    Cell changed = read(transaction, CHANGED);
    if (changed == null) {
      return UNCHANGED.policies;
    }
    Parsed known = last;
    if (known.changed != changed.getTimestamp()) {
      Cell all = read(transaction, ALL);
      if (all == null) {
        throw new IllegalStateException("a change of policies without policies");
      }
      known = new Parsed(changed.getTimestamp(), PolicyBytes.read(CellUtil.cloneValue(all)));
      last = known;
    }
    return known.policies;
  }

  private @Nullable Cell read(HBaseTransaction transaction, byte[] column) {
    Get get = new Get(ROW).addColumn(StoreTables.FAMILY, column);
    Result row = connection.get(transaction, meta, get);
    return row.getColumnLatestCell(StoreTables.FAMILY, column);
  }

  /**
   * Lets {@code transaction} set the policy of {@code range}.
   *
   * @param numbers takes what has to be claimed for that
   */
  void set(HBaseTransaction transaction, KeyRange range, RangePolicy policy, ClaimNumbers numbers) {
    PolicyMap old = seenBy(transaction);
    PolicyMap changed = new PolicyMap();
    old.assignments().forEach(one -> changed.set(one.range(), one.policy()));
    changed.set(range, policy);
    if (changed.assignments().equals(old.assignments())) {
      return;
    }
    numbers.addPolicies();
    // Every key that gets another policy, or a range with another start, was in one of these.
    for (PolicyMap.Assignment assignment : changed.assignments()) {
      if (assignment.range().overlaps(range)) {
        numbers.addRange(assignment.range(), old);
      }
    }
    Put put = new Put(ROW);
    put.addColumn(StoreTables.FAMILY, CHANGED, SOMETHING);
    put.addColumn(StoreTables.FAMILY, ALL, PolicyBytes.write(changed));
    connection.write(transaction, meta, List.of(put));
  }
}
