package io.ppdb.kv.engine;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.sync.LeakDetector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the loads of all engines have in common: keys go up, and nothing is taken after the end. Not
 * thread-safe.
 */
public abstract class OrderedLoad implements BulkLoad {
  private final LeakDetector.Opening opening = LeakDetector.opened("bulk load");
  private byte @Nullable [] lastKey;
  private @Nullable String ending;

  /** Fails if the load takes nothing any more. */
  protected void checkUsable() {
    if (ending != null) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "the bulk load was " + ending);
    }
  }

  /** Fails unless {@code key} may come next. */
  protected final void checkKey(byte[] key) {
    checkUsable();
    Limits.checkKey(key);
    byte[] last = lastKey;
    if (last != null && Arrays.compareUnsigned(last, key) >= 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "key "
              + CommitWindow.hex(key)
              + " of a bulk load is not behind the one before, "
              + CommitWindow.hex(last));
    }
  }

  /** Says that {@code key}, which nobody changes any more, was taken. */
  protected final void added(byte[] key) {
    lastKey = key;
  }

  /** Whether nothing was taken. */
  protected final boolean isEmpty() {
    return lastKey == null;
  }

  @Override
  public final long commit(Durability durability) {
    checkUsable();
    Limits.checkNotNull(durability, "durability");
    String how = "ended: its commit failed";
    try {
      long version = commitEntries(durability);
      how = "committed";
      return version;
    } finally {
      end(how);
    }
  }

  /** Commits what was taken, and returns the version. */
  protected abstract long commitEntries(Durability durability);

  @Override
  public final void close() {
    if (ending == null) {
      end("closed");
    }
  }

  private void end(String how) {
    ending = how;
    opening.closed();
    release();
  }

  /** Gives back what the load holds: once, at its end. */
  protected abstract void release();
}
