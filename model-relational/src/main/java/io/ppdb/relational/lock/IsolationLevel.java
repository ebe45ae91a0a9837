package io.ppdb.relational.lock;

import io.ppdb.kv.Isolation;

/** What the statements of a transaction see of what others commit meanwhile. */
public enum IsolationLevel {
  /**
   * Each statement sees what was committed before it began. Who changes a row that another
   * transaction of this level has changed, or that anybody has locked, waits for it, and then sees
   * what it did.
   */
  READ_COMMITTED("read committed", Isolation.SNAPSHOT),
  /** All statements see what was committed before the first one: snapshot isolation. */
  REPEATABLE_READ("repeatable read", Isolation.SNAPSHOT),
  /** As if transactions ran one after the other. */
  SERIALIZABLE("serializable", Isolation.SERIALIZABLE);

  private final String text;
  private final Isolation ofStore;

  IsolationLevel(String text, Isolation ofStore) {
    this.text = text;
    this.ofStore = ofStore;
  }

  /** As settings have it. */
  public String text() {
    return text;
  }

  /** The isolation of the store's transactions. */
  public Isolation ofStore() {
    return ofStore;
  }
}
