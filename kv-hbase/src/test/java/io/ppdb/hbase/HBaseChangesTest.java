package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.ChangeContract;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The change log on a cluster; every case has a store of its own. */
@Tag("cluster")
class HBaseChangesTest extends ChangeContract {
  private static final AtomicInteger OPENED_COUNT = new AtomicInteger();

  @Override
  protected KeyValueStore open(StoreOptions options) {
    return RunningCluster.open("changes" + OPENED_COUNT.incrementAndGet(), options);
  }

  @Override
  public boolean isExact() {
    return false;
  }

  @Override
  public boolean showsVersionsOfCommits() {
    return false;
  }

  /** They are the oracle's. */
  @Override
  public boolean hasTicksOfItsClock() {
    return false;
  }

  @Override
  public int times(int count) {
    return count / 8;
  }

  /** Here the log forgets by time, not by size. */
  @Test
  @Override
  public void positionThatIsTooOldIsRefusedAndNamesTheOldest() {
    System.setProperty("ppdb.hbase.changes.retention.seconds", "3");
    try (KeyValueStore store = another(StoreOptions.DEFAULT);
        ChangeCursor slow = store.changes(0)) {
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (isThere(store)) {
        store.transact(
            transaction -> {
              transaction.put(new byte[] {1}, new byte[] {1});
              return true;
            });
        assertThat(System.nanoTime()).isLessThan(deadlineNanos);
      }
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(slow::poll)
            .isInstanceOfSatisfying(
                PpdbException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
      }
    } finally {
      System.clearProperty("ppdb.hbase.changes.retention.seconds");
    }
  }

  private static boolean isThere(KeyValueStore store) {
    try {
      store.changes(0).close();
      return true;
    } catch (PpdbException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
      assertThat(e).hasMessageMatching(".*can be read from is \\d+");
      return false;
    }
  }
}
