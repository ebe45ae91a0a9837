package io.ppdb.hbase.omid;

import org.apache.omid.tso.client.CellId;

/**
 * A number that the timestamp oracle lets one of two concurrent transactions have. To Omid it is
 * the hash of a cell; here it stands for a claim.
 */
record ClaimNumber(long number) implements CellId {
  @Override
  public long getCellId() {
    return number;
  }

  /** Of no meaning: PPDB does not fence. */
  @Override
  public long getTableId() {
    return 0;
  }

  @Override
  public long getRowId() {
    return number;
  }
}
