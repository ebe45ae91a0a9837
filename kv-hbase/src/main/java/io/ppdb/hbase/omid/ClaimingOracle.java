package io.ppdb.hbase.omid;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.omid.tso.client.CellId;
import org.apache.omid.tso.client.OmidClientConfiguration.ConflictDetectionLevel;
import org.apache.omid.tso.client.TSOFuture;
import org.apache.omid.tso.client.TSOProtocol;

/**
 * The timestamp oracle as Omid's client speaks to it, but asked about the claims of a transaction
 * in the place of the cells that it wrote. Thread-safe.
 */
final class ClaimingOracle implements TSOProtocol {
  private final TSOProtocol oracle;

  /** By start timestamp, from before a commit until it is asked for. */
  private final Map<Long, Set<ClaimNumber>> claims = new ConcurrentHashMap<>();

  ClaimingOracle(TSOProtocol oracle) {
    this.oracle = oracle;
  }

  /** Lets the commit of the transaction be decided by {@code numbers}. */
  void claim(long startTimestamp, Set<ClaimNumber> numbers) {
    claims.put(startTimestamp, numbers);
  }

  /** Forgets the claims of a transaction that has ended. */
  void forget(long startTimestamp) {
    claims.remove(startTimestamp);
  }

  @Override
  public TSOFuture<Long> commit(long startTimestamp, Set<? extends CellId> cells) {
    return commit(startTimestamp, cells, Set.of());
  }

  @Override
  public TSOFuture<Long> commit(
      long startTimestamp, Set<? extends CellId> cells, Set<? extends CellId> conflictFreeCells) {
    Set<ClaimNumber> numbers = claims.get(startTimestamp);
    if (numbers == null) {
      throw new IllegalStateException("transaction " + startTimestamp + " has claimed nothing");
    }
    return oracle.commit(startTimestamp, numbers, conflictFreeCells);
  }

  @Override
  public TSOFuture<Long> getNewStartTimestamp() {
    return oracle.getNewStartTimestamp();
  }

  @Override
  public TSOFuture<Long> getFence(long tableId) {
    return oracle.getFence(tableId);
  }

  @Override
  public long getEpoch() {
    return oracle.getEpoch();
  }

  @Override
  public TSOFuture<Void> close() {
    return oracle.close();
  }

  @Override
  public boolean isLowLatency() {
    return oracle.isLowLatency();
  }

  @Override
  public ConflictDetectionLevel getConflictDetectionLevel() {
    return oracle.getConflictDetectionLevel();
  }

  @Override
  public void setConflictDetectionLevel(ConflictDetectionLevel level) {
    oracle.setConflictDetectionLevel(level);
  }
}
