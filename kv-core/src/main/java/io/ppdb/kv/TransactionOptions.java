package io.ppdb.kv;

/**
 * How a transaction runs.
 *
 * @param isolation what it is kept apart from
 * @param durability what its commit survives; an engine that cannot do less than asked does more
 * @param origin who it works for
 */
public record TransactionOptions(Isolation isolation, Durability durability, CommitOrigin origin) {
  /** Snapshot isolation, synced commit, a user's. */
  public static final TransactionOptions DEFAULT =
      new TransactionOptions(Isolation.SNAPSHOT, Durability.SYNC, CommitOrigin.USER);

  public TransactionOptions {
    Limits.checkNotNull(isolation, "isolation");
    Limits.checkNotNull(durability, "durability");
    Limits.checkNotNull(origin, "origin");
  }

  public TransactionOptions withIsolation(Isolation newIsolation) {
    return new TransactionOptions(newIsolation, durability, origin);
  }

  public TransactionOptions withDurability(Durability newDurability) {
    return new TransactionOptions(isolation, newDurability, origin);
  }

  public TransactionOptions withOrigin(CommitOrigin newOrigin) {
    return new TransactionOptions(isolation, durability, newOrigin);
  }
}
