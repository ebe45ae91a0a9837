package io.ppdb.kv.sync;

/** Switch for internal checks that cost more than an {@code assert} may; on in every test run. */
public final class Invariants {
  public static final boolean ENABLED = Boolean.getBoolean("ppdb.invariants");

  private Invariants() {}
}
