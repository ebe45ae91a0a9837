package io.ppdb.relational.exec;

/** What one operator holds of a {@link MemoryBudget}: charged as it grows, released as a whole. */
final class MemoryAccount {
  private final MemoryBudget budget;
  private final String holder;
  private long heldBytes;

  MemoryAccount(MemoryBudget budget, String holder) {
    this.budget = budget;
    this.holder = holder;
  }

  /** Declares that the operator now holds {@code bytes} in all. */
  void resize(long bytes) {
    if (bytes > heldBytes) {
      budget.charge(bytes - heldBytes, holder);
    } else {
      budget.release(heldBytes - bytes);
    }
    heldBytes = bytes;
  }

  void release() {
    resize(0);
  }
}
