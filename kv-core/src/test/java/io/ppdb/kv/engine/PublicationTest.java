package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PublicationTest {
  private final Publication publication = new Publication(10);

  /** Guarded by this, which stands for the commit lock. */
  private long version = 10;

  private synchronized Commit announced() {
    Commit commit = new Commit(new Entry[0], Claims.NONE, CommitOrigin.USER, Durability.MEMORY);
    commit.assign(++version, 100 * version);
    publication.announce(commit);
    return commit;
  }

  @Test
  void commitsArePublishedInVersionOrderWhateverOrderTheySettleIn() {
    Commit first = announced();
    Commit second = announced();
    Commit third = announced();
    publication.settle(second);
    assertThat(publication.published()).isEqualTo(10);
    publication.settle(first);
    assertThat(publication.published()).isEqualTo(12);
    publication.settle(third);
    assertThat(publication.published()).isEqualTo(13);
  }

  @Test
  void lastThroughAnInstantIsOneThatIsPendingOrWhatIsPublished() {
    Commit first = announced();
    announced();
    assertThat(publication.lastThrough(1099)).isEqualTo(10);
    assertThat(publication.lastThrough(1100)).isEqualTo(11);
    assertThat(publication.lastThrough(Long.MAX_VALUE)).isEqualTo(12);
    publication.settle(first);
    assertThat(publication.lastThrough(1100)).isEqualTo(11);
    assertThat(publication.lastThrough(1200)).isEqualTo(12);
  }

  @Test
  void publishedCommitKeepsNoNewerOneAlive() {
    Commit first = announced();
    Commit second = announced();
    publication.settle(first);
    assertThat(first.next).isSameAs(second);
    publication.settle(second);
    assertThat(first.next).isNull();
  }

  /** Who announces appends to the list without the lock of those who publish from its head. */
  @Test
  void commitsAnnouncedWhileOthersArePublishedAreNotLost() throws Exception {
    int commitsPerThread = 20_000;
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        int stride = 2 + thread;
        running.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < commitsPerThread; i += stride) {
                    // Several at once, settled newest first: others are before and between them.
                    List<Commit> own = new ArrayList<>();
                    for (int j = 0; j < stride; j++) {
                      own.add(announced());
                    }
                    for (int j = stride - 1; j >= 0; j--) {
                      publication.settle(own.get(j));
                    }
                    for (Commit commit : own) {
                      publication.await(commit);
                      assertThat(publication.published()).isGreaterThanOrEqualTo(commit.version());
                    }
                  }
                }));
      }
      for (Future<?> thread : running) {
        thread.get(60, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(publication.published()).isEqualTo(version);
  }

  @Test
  void waiterForAnotherCommitIsCalledWhenItIsPublished() throws Exception {
    Commit first = announced();
    Thread waiter = new Thread(() -> publication.await(first.version()));
    waiter.start();
    while (waiter.getState() != Thread.State.WAITING) {
      LockSupport.parkNanos(1_000_000);
    }
    publication.settle(first);
    waiter.join(30_000);
    assertThat(waiter.isAlive()).isFalse();
  }
}
