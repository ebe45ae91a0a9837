package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Accounts {@code a/0} to {@code a/7} and cash {@code c/cash}, a merged counter. Transfers go from
 * account to account; withdrawals go to cash and look at two accounts, which together must cover
 * the amount. No money is made or lost, and under SERIALIZABLE no pair is ever overdrawn.
 */
final class BankWorkload implements Workload {
  private static final int ACCOUNT_COUNT = 8;
  private static final int INITIAL = 100;
  private static final long TOTAL = ACCOUNT_COUNT * INITIAL;

  private final Isolation isolation;
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private @Nullable KeyValueStore store;

  BankWorkload(Isolation isolation) {
    this.isolation = isolation;
  }

  @Override
  public void setUp(KeyValueStore newStore) {
    store = newStore;
    for (int i = 0; i < ACCOUNT_COUNT; i++) {
      Texts.put(newStore, "a/" + i, "" + INITIAL);
    }
  }

  @Override
  public Plan plan(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        boolean descending = random.nextBoolean();
        yield new Plan(isolation, List.of(t -> audit(t, descending), t -> audit(t, !descending)));
      }
      case 1 -> withdrawal(random.nextInt(ACCOUNT_COUNT), 50 + random.nextInt(100));
      default ->
          transfer(
              random.nextInt(ACCOUNT_COUNT), random.nextInt(ACCOUNT_COUNT), random.nextInt(20));
    };
  }

  private Plan transfer(int from, int to, int amount) {
    long[] balances = new long[2];
    return new Plan(
        isolation,
        List.of(
            t -> balances[0] = balance(t, from),
            t -> balances[1] = balance(t, to),
            t -> {
              if (from != to && pairOf(t, from) >= amount) {
                write(t, from, balances[0] - amount);
                write(t, to, balances[1] + amount);
              }
            }));
  }

  /** Blind towards other withdrawals but for what it reads: cash is merged. */
  private Plan withdrawal(int from, int amount) {
    long[] pair = new long[1];
    return new Plan(
        isolation,
        List.of(
            t -> pair[0] = pairOf(t, from),
            t -> {
              if (pair[0] >= amount) {
                write(t, from, balance(t, from) - amount);
                t.merge(
                    MergeOperators.LONG_ADD, bytes("c/cash"), MergeOperators.encodeLong(amount));
              }
            }));
  }

  private static long balance(ReadView view, int account) {
    String balance = Texts.get(view, "a/" + account);
    return balance == null ? 0 : Long.parseLong(balance);
  }

  private static long pairOf(ReadView view, int account) {
    return balance(view, account) + balance(view, account ^ 1);
  }

  /** An account with nothing is not stored: there are tombstones between the versions. */
  private static void write(Transaction transaction, int account, long balance) {
    if (balance == 0) {
      transaction.delete(bytes("a/" + account));
    } else {
      transaction.put(bytes("a/" + account), bytes("" + balance));
    }
  }

  private void audit(ReadView view, boolean descending) {
    Long cash = Texts.counter(view, "c/cash");
    long total = cash == null ? 0 : cash;
    ScanOptions options = ScanOptions.ASCENDING.withDescending(descending);
    try (Cursor cursor = view.scan(KeyRange.prefix(bytes("a/")), options)) {
      while (cursor.next()) {
        total += Long.parseLong(Texts.text(cursor.value()));
      }
    }
    if (total != TOTAL) {
      violations.add("the total at version " + view.version() + " is " + total);
    }
    for (int i = 0; isolation == Isolation.SERIALIZABLE && i < ACCOUNT_COUNT; i += 2) {
      if (pairOf(view, i) < 0) {
        violations.add(
            "accounts " + i + " and " + (i + 1) + " are overdrawn by " + pairOf(view, i));
      }
    }
  }

  @Override
  public List<String> violations() {
    if (store != null) {
      try (Snapshot snapshot = store.snapshot()) {
        audit(snapshot, false);
      }
    }
    return List.copyOf(violations);
  }
}
