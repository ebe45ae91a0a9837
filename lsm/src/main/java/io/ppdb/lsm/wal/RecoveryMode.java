package io.ppdb.lsm.wal;

/**
 * What is done about a log that is damaged where it had been durable. A tail that a crash tore is
 * no damage, and never in question.
 */
public enum RecoveryMode {
  /** The store is not opened. */
  STRICT,

  /** Everything behind the damage is left out: the store is what it was at an earlier version. */
  POINT_IN_TIME,

  /**
   * What is intact behind the damage is kept: nothing readable is lost, but a commit may be there
   * without one that came before it.
   */
  SALVAGE
}
